// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/exporter_place.h"

#include <fmt/format.h>

#include <random>

#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_stream.h"
#include "cli/deadline.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::seconds kShown{1};
constexpr std::chrono::milliseconds kListen{2500};
constexpr std::int64_t kPartMs = 100;
constexpr const char* kGone = "gone";

}  // namespace

std::string new_run_name() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

ExporterPlace::ExporterPlace(NatsConnection& connection, std::string place, std::string run)
    : connection_(&connection),
      subject_(frame_subject(place, "owner")),
      stream_(frame_stream(place)),
      run_(std::move(run)) {}

Result<void> ExporterPlace::take() {
    const auto last = last_message(*connection_, stream_, subject_);
    if (!last) return std::unexpected(last.error());
    if (!*last || text_of(last->get()) == kGone) return {};
    NatsSubscription subscription;
    auto asked = connection_->ask("listen for another exporter", [&](jsErrCode&) {
        return natsConnection_SubscribeSync(Filled(subscription), connection_->get(),
                                            subject_.c_str());
    });
    if (!asked) return asked;
    const Deadline end(kListen);
    while (!end.is_over()) {
        if (auto going = connection_->watch().go_on(); !going) return going;
        NatsMessage message;
        if (natsSubscription_NextMsg(Filled(message), subscription.get(), kPartMs) == NATS_OK &&
            text_of(message.get()) != kGone)
            return fail(Code::kCannotCreate,
                        "another exporter sends frames to " + stream_ + " at " +
                            connection_->watch().server(),
                        "choose another address, or end that exporter");
    }
    return {};
}

void ExporterPlace::announce() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    // A failure shows with the next frame.
    if (publish_plain(*connection_, subject_, run_) == NATS_OK) next_ = now + kShown;
}

void ExporterPlace::leave() {
    (void)publish_plain(*connection_, subject_, kGone);
    (void)natsConnection_FlushTimeout(connection_->get(), 1000);
}

}  // namespace mapferry::cli

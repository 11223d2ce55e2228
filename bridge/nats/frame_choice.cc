// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/frame_choice.h"

#include <utility>

#include "bridge/live/frame_wish.h"
#include "bridge/nats/nats_frames.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kNewsMs = 100;
// How long a frame that stays is waited for: over a slow network the news of it takes long, and the
// exporter may know nothing of wishes.
constexpr std::chrono::seconds kStayMost{2};

}  // namespace

Result<FrameChoice> FrameChoice::open(NatsConnection& connection, std::string place,
                                      std::string importer) {
    FrameChoice made(connection, std::move(place), std::move(importer));
    auto asked = connection.ask("follow the frames", [&](jsErrCode&) {
        return natsConnection_SubscribeSync(Filled(made.subscription_), connection.get(),
                                            frame_subject(made.place_, kFrameNews).c_str());
    });
    if (!asked) return std::unexpected(asked.error());
    // Whether this importer keeps up shows with its first frame.
    made.fell_behind();
    return made;
}

void FrameChoice::wish_next() {
    wished_ = std::chrono::steady_clock::now();
    // A wish that is lost comes again.
    (void)publish_plain(*connection_, frame_subject(place_, kFrameWish),
                        wish_text({.importer = importer_}));
}

void FrameChoice::fell_behind() {
    keeps_up_ = false;
    wish_next();
}

// The news come behind the parts: those that are here now tell how old the frame is.
Result<void> FrameChoice::fetched(const FrameRecord& record) {
    if (keeps_up_) return {};
    if (auto done = read(Wait::kNo); !done) return done;
    const std::uint64_t newer = newest_ ? newest_->sent - record.sent : 0;
    keeps_up_ = newer + 1 < record.slots;
    if (!keeps_up_) wish_next();
    return {};
}

Result<void> FrameChoice::read(Wait wait) {
    while (wait == Wait::kLittle || has_message(subscription_.get())) {
        NatsMessage message;
        const std::int64_t wait_ms = std::exchange(wait, Wait::kNo) == Wait::kLittle ? kNewsMs : 1;
        if (natsSubscription_NextMsg(Filled(message), subscription_.get(), wait_ms) != NATS_OK)
            return {};
        auto record = parse_frame(text_of(message.get()));
        if (!record) return std::unexpected(record.error());
        if (record->stays) staying_ = *record;
        newest_ = std::move(*record);
    }
    return {};
}

std::optional<FrameRecord> FrameChoice::taken(std::optional<FrameRecord>& record) {
    auto result = std::exchange(record, std::nullopt);
    if (&record == &newest_) staying_.reset();
    return result;
}

Result<std::optional<FrameRecord>> FrameChoice::next() {
    if (auto done = read(newest_ || staying_ ? Wait::kNo : Wait::kLittle); !done)
        return std::unexpected(done.error());
    if (keeps_up_ || (newest_ && newest_->has_ended)) return taken(newest_);
    if (staying_) return taken(staying_);
    if (std::chrono::steady_clock::now() - wished_ < kStayMost) {
        if (auto done = read(Wait::kLittle); !done) return std::unexpected(done.error());
        return taken(staying_);
    }
    wish_next();
    return taken(newest_);
}

}  // namespace mapferry::cli

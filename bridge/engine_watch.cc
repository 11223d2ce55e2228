// SPDX-License-Identifier: Apache-2.0
#include "bridge/engine_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/interrupt.h"
#include "mapferry/detail/units.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kLookAtStop{100};

// A report that nobody reads is no reason to stop a transfer.
void tell(const Messages& messages, const nlohmann::json& event, const std::string& line) {
    if (!messages.json()) return messages.note(line);
    if (const auto printed = messages.event(event); !printed) return;
}

}  // namespace

EngineWatch::EngineWatch(const CommonOptions& common, std::string server,
                         const std::atomic<int>& stop)
    : messages_(common.messages()),
      timeout_(common.timeout),
      server_(std::move(server)),
      stop_(&stop) {}

void EngineWatch::connected() {
    if (was_connected_ && !lost_) return;
    const bool again = was_connected_;
    was_connected_ = true;
    lost_.reset();
    tell(messages_, {{"event", "connected"}, {"server", server_}, {"again", again}},
         fmt::format("connected to {}{}", server_, again ? " again" : ""));
}

void EngineWatch::lost(const std::string& why, std::chrono::milliseconds ago) {
    why_ = why;
    if (lost_) return;
    const Timeout left = timeout_ ? Timeout(std::max(*timeout_ - ago, {})) : timeout_;
    lost_.emplace(left);
    if (!was_connected_) return;  // it never was there: the error at the end says so
    tell(messages_, {{"event", "lost"}, {"server", server_}, {"message", why}},
         fmt::format("lost {}: {}", server_, why));
}

void EngineWatch::resumed(std::uint64_t at_bytes, std::uint64_t of_bytes) {
    tell(messages_, {{"event", "resumed"}, {"bytes", at_bytes}, {"total_bytes", of_bytes}},
         fmt::format("resumed at {} of {}", format_bytes(at_bytes), format_bytes(of_bytes)));
}

Result<void> EngineWatch::go_on() const {
    if (is_stopped(*stop_)) return interrupted();
    return {};
}

Result<void> EngineWatch::pause(std::chrono::milliseconds part) {
    const Deadline end(part);
    while (true) {
        if (is_stopped(*stop_)) return interrupted();
        if (lost_ && lost_->is_over())
            return fail(Code::kPeerGone,
                        (was_connected_ ? "the engine is gone: " : "cannot connect to ") + server_ +
                            ": " + why_,
                        Remedy::kRaiseTimeout);
        if (end.is_over()) return {};
        std::this_thread::sleep_for(end.next_part(kLookAtStop));
    }
}

}  // namespace mapferry::cli

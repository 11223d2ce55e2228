// SPDX-License-Identifier: Apache-2.0
#include "writer/name_turn.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "mapferry/inspect.h"

namespace mapferry::cli {

namespace {

// A process can't sleep until a name is free, so it looks again and again. It rests for at least 5
// ms and ten times as long as the look took, because a look at a large kept section takes long.
constexpr double kTurnLookS = 0.005;
constexpr double kRestPerLook = 10;
// How long creation may fail although no section is seen with the name. Other writers may be
// quicker every time, but not for that long.
constexpr double kUnexplainedS = 2;

// Whether a section that is not dead has the name. Waiting does not help against an object that is
// no section.
bool is_taken(const SectionAddress& address) {
    const auto report = inspect_section(address);
    return report && !report->dead;
}

}  // namespace

NameTurn::NameTurn(const WriterCommand& command, const Messages& messages,
                   const std::atomic<int>& stop)
    : command_(&command),
      messages_(&messages),
      stop_(&stop),
      deadline_(command.common.timeout),
      seen_s_(clock_s()) {}

Result<void> NameTurn::wait(const Status& failure) {
    const SectionAddress& address = command_->common.address;
    while (true) {
        const double now_s = clock_s();
        const bool taken = is_taken(address);
        if (taken) seen_s_ = now_s;
        if (!taken && now_s - seen_s_ > kUnexplainedS) return std::unexpected(failure);
        if (is_stopped(*stop_)) return interrupted();
        if (deadline_.is_over())
            return fail(Code::kTimedOut,
                        failure.message + "; the name was still taken when the timeout ended",
                        "give more --timeout");
        if (taken && !std::exchange(has_told_, true))
            messages_->note("waiting for a turn: " + failure.message);
        const double look_s = clock_s() - now_s;
        std::this_thread::sleep_for(
            std::chrono::duration<double>(std::max(kTurnLookS, kRestPerLook * look_s)));
        if (!taken) return {};
    }
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// A writer's wait for readers that are still to come.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/status.h"
#include "ring/bell.h"
#include "ring/patience.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

struct ReadersToCome {
    std::uint32_t count = 0;
    std::int64_t timeout_ms = 0;
    std::int64_t waited_ms = 0;  // this part of the timeout has passed already
    Remedy remedy = Remedy::kNone;
};

// Returns when `count_here` returns at least wanted.count. It must read what it counts with
// load_news(), because the writer sleeps at `bell`. kTimedOut; kPeerGone: the section's name is
// gone; kInterrupted.
template <typename Bell, typename Count>
[[nodiscard]] Result<void> wait_for_readers_to_come(Peers& peers, Bell& bell,
                                                    const std::atomic<int>* stop,
                                                    const ReadersToCome& wanted,
                                                    const Count& count_here) {
    Patience patience(peers, {.timeout_ms = wanted.timeout_ms - wanted.waited_ms, .stop = stop});
    const auto all_here = [&] { return count_here() >= wanted.count; };
    while (!all_here()) {
        if (!peers.is_found_by_name()) return name_is_gone();
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms([&] {
            return fail(Code::kTimedOut,
                        "only " + std::to_string(count_here()) + " of " +
                            std::to_string(wanted.count) + " readers came within " +
                            std::to_string(wanted.timeout_ms) + " ms",
                        wanted.remedy);
        }));
        sleep_at(bell, peers, slice_ms, all_here);
    }
    return {};
}

}  // namespace mapferry::inline v1

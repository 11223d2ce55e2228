// SPDX-License-Identifier: Apache-2.0
// How long a wait may last. A raised stop flag ends it, and so does the deadline if there is one;
// progress of the peer moves the deadline on. A wait sleeps in slices short enough that a death or
// a signal is noticed soon. Without a deadline a living peer is waited for, as with a pipe
// (docs/decisions/0019-living-peers-are-waited-for.md).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

// A dead peer or a raised stop flag is noticed within this time.
inline constexpr std::int64_t kProbeMs = 100;
// A peer that was at work a moment ago is looked after sooner: its successor may be there already.
inline constexpr std::int64_t kProbeSoonMs = 20;

// How long a wait sleeps before it looks whether its peer lives, when there was no news for
// `silent_ms`. A peer that rests for long is looked after less often, so that idle processes wake
// ten times in a second.
[[nodiscard]] constexpr std::int64_t probe_after_ms(std::int64_t silent_ms) {
    return std::clamp(silent_ms / 2, kProbeSoonMs, kProbeMs);
}

// Spinning longer than about two microseconds before sleeping gains nothing and takes the core from
// the peer when there are more processes than cores (docs/decisions/0002-ring-geometry.md).
inline constexpr int kSpins = 25;

struct WaitLimits {
    std::optional<std::int64_t> timeout_ms = {};  // none: as long as the peer lives
    const std::atomic<int>* stop = nullptr;
};

// Converts a public stall_timeout to a limit.
[[nodiscard]] inline std::optional<std::int64_t> stall_limit_ms(const Timeout& stall_timeout) {
    if (!stall_timeout) return std::nullopt;
    return to_ms(stall_timeout);
}

[[nodiscard]] inline Result<void> check_stall_timeout(const Timeout& stall_timeout) {
    if (!stall_timeout || to_ms(stall_timeout) > 0) return {};
    return fail(Code::kUsage, "a stall timeout of 0 ms would give up every peer at once");
}

[[nodiscard]] inline std::unexpected<Status> memory_is_gone() {
    return fail(Code::kIo, "the section's memory is gone");
}

[[nodiscard]] inline std::unexpected<Status> name_is_gone() {
    return fail(Code::kPeerGone, "the section's name is gone");
}

class Patience {
  public:
    Patience(Peers& peers, const WaitLimits& limits) : peers_(&peers), limits_(limits) {
        if (limits.timeout_ms) limits_.timeout_ms = bounded_ms(*limits.timeout_ms);
    }

    // The peer made progress: the deadline counts anew, from the next slice.
    void renew() { since_ms_.reset(); }

    // How long the next sleep may last; empty when the time is up. kInterrupted: the stop flag is
    // raised. kIo: the section's memory is gone.
    [[nodiscard]] Result<std::optional<std::int64_t>> next_slice_ms() {
        TRY(check_stop(limits_.stop));
        if (peers_->memory_is_lost()) return memory_is_gone();
        const std::int64_t now_ms = peers_->now_ms();
        if (!since_ms_) since_ms_ = looked_ms_ = now_ms;
        // The deadline moves on by the time in which this process could not look at its peer.
        *since_ms_ += own_stop_ms(looked_ms_, now_ms);
        looked_ms_ = now_ms;
        const std::int64_t silent_ms = now_ms - *since_ms_;
        if (!limits_.timeout_ms) return probe_after_ms(silent_ms);
        const std::int64_t left = *limits_.timeout_ms - silent_ms;
        if (left <= 0) return std::nullopt;
        return std::min(left, probe_after_ms(silent_ms));
    }

    // The same, for a wait that fails with what `late` returns once the time is up.
    template <typename Late>
    [[nodiscard]] Result<std::int64_t> next_slice_ms(const Late& late) {
        TRY_ASSIGN(const auto slice_ms, next_slice_ms());
        if (!slice_ms) return late();
        return *slice_ms;
    }

    // The time in which this process itself did not run (stopped, suspended), seen as an unusually
    // long gap between two looks. The peer is not to blame for it.
    [[nodiscard]] static std::int64_t own_stop_ms(std::int64_t before_ms, std::int64_t now_ms) {
        constexpr std::int64_t kUnusualMs = 5 * kProbeMs;
        const std::int64_t gap_ms = now_ms - before_ms;
        return gap_ms > kUnusualMs ? gap_ms - kProbeMs : 0;
    }

  private:
    Peers* peers_;
    WaitLimits limits_;
    std::optional<std::int64_t> since_ms_;  // set at the first slice: no wait, no clock
    std::int64_t looked_ms_ = 0;
};

}  // namespace mapferry::inline v1

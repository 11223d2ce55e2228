// SPDX-License-Identifier: Apache-2.0
/// \file
/// Time limits for calls that wait.
///
///     mapferry::Result<std::optional<mapferry::Frame>> next_frame(mapferry::FrameReader& camera) {
///         auto frame = camera.next(std::chrono::seconds(0));  // only looks
///         if (frame || frame.error().code != mapferry::Code::kTimedOut) return frame;
///         frame = camera.next(std::chrono::milliseconds(100));  // waits no longer than that
///         if (frame || frame.error().code != mapferry::Code::kTimedOut) return frame;
///         return camera.next(mapferry::kForever);  // waits as long as it takes
///     }
#pragma once

#include <chrono>
#include <optional>

namespace mapferry::inline v1 {

/// The longest time that a call waits. Zero: it does not wait. Empty: it waits without limit. A
/// negative time counts as zero. Every wait also ends when the stop flag in the options of its
/// object is raised.
using Timeout = std::optional<std::chrono::milliseconds>;
inline constexpr Timeout kForever = std::nullopt;

/// The default limit for calls that wait for the other side to come.
inline constexpr std::chrono::milliseconds kDefaultTimeout{30'000};

}  // namespace mapferry::inline v1

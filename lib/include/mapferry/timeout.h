// SPDX-License-Identifier: Apache-2.0
/// \file
/// How long a call may wait.
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

/// The longest wait. Zero: the call does not wait. Empty: it waits as long as it takes. A negative
/// time counts as zero. Every wait also ends when the stop flag of its object's options is raised.
using Timeout = std::optional<std::chrono::milliseconds>;
inline constexpr Timeout kForever = std::nullopt;

/// How long a call waits for the other side to come where its options name no other time.
inline constexpr std::chrono::milliseconds kDefaultTimeout{30'000};

}  // namespace mapferry::inline v1

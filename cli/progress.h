// SPDX-License-Identifier: Apache-2.0
// The progress line of a long transfer: bytes, percent if the size is known, rate, time left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/messages.h"
#include "mapferry/payload.h"

namespace mapferry::cli {

enum class ProgressMode : std::uint8_t { kAuto, kAlways, kNever };

// One payload's line on standard error; the destructor removes it. kAuto: only on a terminal, and
// only when the transfer has lasted half a second. kAlways: without a terminal, a line each second.
// With JSON: an event each second, only with kAlways.
class ProgressLine {
  public:
    // `messages` must outlive it.
    ProgressLine(const Messages& messages, ProgressMode mode, const PayloadInfo& info);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void update(std::uint64_t bytes);
    // Removes the line.
    void clear();

  private:
    const Messages* messages_;
    std::string name_;
    std::optional<std::uint64_t> total_bytes_;
    bool enabled_;
    bool terminal_;
    bool shown_ = false;
    double began_s_;
    double next_s_;
};

// The text of the line. Pure.
[[nodiscard]] std::string progress_text(const std::string& name, std::uint64_t bytes,
                                        std::optional<std::uint64_t> total_bytes, double seconds);

// Seconds on a clock that only goes forward.
[[nodiscard]] double clock_s();

}  // namespace mapferry::cli

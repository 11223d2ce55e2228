// SPDX-License-Identifier: Apache-2.0
// Sizes and times as people write them on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mapferry/frame_notes.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

// "4096", "64KiB", "16MiB", "1.5GiB", "10MB", "64k": binary units with or without `iB`, decimal
// units with `B`; letters in either case. Empty for anything else, and for a size of more than 63
// bits.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

// "30", "29.97", "30000/1001": a number from 0 to a million, as a fraction. Empty for anything
// else, and for a number too close to 0.
[[nodiscard]] std::optional<Ratio> parse_rate(std::string_view text);

// Milliseconds of "5s", "500ms", "2m", "1h", "2d", "1.5s"; a number alone is seconds. At most
// kTimeMostMs. Empty for anything else.
inline constexpr std::int64_t kTimeMostMs = 9'000'000'000'000'000;  // 285,000 years
[[nodiscard]] std::optional<std::int64_t> parse_time_ms(std::string_view text);

// The same, and kForever for "never".
[[nodiscard]] std::optional<Timeout> parse_timeout(std::string_view text);

}  // namespace mapferry::cli

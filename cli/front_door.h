// SPDX-License-Identifier: Apache-2.0
// The commands of the program mapferry, for mapferry-reader, which names it in a hint.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace mapferry::cli {

inline constexpr std::array<std::string_view, 10> kSectionCommands = {
    "ls", "info", "verify", "rm", "gc", "top", "view", "serve", "doctor", "bench"};

// Whether `word` is a command of mapferry that manages sections or examines the machine.
[[nodiscard]] constexpr bool looks_after_sections(std::string_view word) {
    return std::ranges::find(kSectionCommands, word) != kSectionCommands.end();
}

}  // namespace mapferry::cli

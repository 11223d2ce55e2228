// SPDX-License-Identifier: Apache-2.0
// The bytes of picture files, looked at one by one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mapferry::inline v1 {

[[nodiscard]] inline std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t position) {
    return std::to_integer<std::uint32_t>(bytes[position]);
}

[[nodiscard]] inline bool begins_with(std::span<const std::byte> bytes, std::string_view magic) {
    const auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
    return bytes.size() >= magic.size() &&
           std::ranges::equal(bytes.first(magic.size()), magic, same);
}

}  // namespace mapferry::inline v1

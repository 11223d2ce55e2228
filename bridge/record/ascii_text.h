// SPDX-License-Identifier: Apache-2.0
// Numbers, checksums and bytes as text that a header or a JSON string can carry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mapferry/digest.h"

namespace mapferry::cli {

// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex64(std::uint64_t value);
// Empty: they are not what to_hex64() makes.
[[nodiscard]] std::optional<std::uint64_t> number_of_hex64(std::string_view digits);

// The digits of to_hex(). Empty: they are none.
[[nodiscard]] std::optional<Hash128> hash_of_hex(std::string_view digits);

// Lower-case hexadecimal digits, two a byte.
[[nodiscard]] std::string to_hex_bytes(std::string_view bytes);

// Any bytes as printable ASCII: others, and %, become %XX.
[[nodiscard]] std::string to_ascii(std::string_view bytes);
[[nodiscard]] std::string from_ascii(std::string_view text);

}  // namespace mapferry::cli

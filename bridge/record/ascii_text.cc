// SPDX-License-Identifier: Apache-2.0
#include "bridge/record/ascii_text.h"

#include <fmt/format.h>

#include <charconv>

namespace mapferry::cli {

namespace {

constexpr std::size_t kHashDigits = 16;

int digit_of_hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string to_hex64(std::uint64_t value) {
    return fmt::format("{:016x}", value);
}

std::optional<std::uint64_t> number_of_hex64(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (digits.size() != kHashDigits || error != std::errc() ||
        end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

std::optional<Hash128> hash_of_hex(std::string_view digits) {
    if (digits.size() != 2 * kHashDigits) return std::nullopt;
    const auto high = number_of_hex64(digits.substr(0, kHashDigits));
    const auto low = number_of_hex64(digits.substr(kHashDigits));
    if (!high || !low) return std::nullopt;
    return Hash128{.low64 = *low, .high64 = *high};
}

std::string to_hex_bytes(std::string_view bytes) {
    std::string text;
    for (const char c : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}

std::string to_ascii(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        if (c > ' ' - 1 && c < '\x7f' && c != '%')
            text += c;
        else
            text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

std::string from_ascii(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? digit_of_hex(text[i + 1]) : -1;
        const int low = high >= 0 ? digit_of_hex(text[i + 2]) : -1;
        if (low < 0) {
            bytes += text[i];
            continue;
        }
        bytes += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return bytes;
}

}  // namespace mapferry::cli

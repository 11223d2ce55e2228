// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <algorithm>
#include <array>

namespace mapferry::utf8 {

namespace {

// What the first byte announces: the length of the sequence, and the smallest code point that needs
// this length. A smaller code point is "overlong", a classic way past filters.
struct Lead {
    std::size_t bytes = 0;
    char32_t payload = 0;
    char32_t least = 0;
};

Lead read_lead(unsigned first) {
    if (first < 0x80) return {1, first, 0};
    if (first >= 0xC0 && first < 0xE0) return {2, first & 0x1F, 0x80};
    if (first >= 0xE0 && first < 0xF0) return {3, first & 0x0F, 0x800};
    if (first >= 0xF0 && first < 0xF8) return {4, first & 0x07, 0x10000};
    return {};
}

bool is_scalar_value(char32_t code) {
    return code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

}  // namespace

Character decode(std::string_view text, std::size_t position) {
    const Lead lead = read_lead(byte_at(text, position));
    if (lead.bytes == 0 || lead.bytes > text.size() - position) return {};
    char32_t code = lead.payload;
    for (std::size_t i = 1; i < lead.bytes; ++i) {
        const unsigned next = byte_at(text, position + i);
        if ((next & 0xC0) != 0x80) return {};
        code = code << 6 | (next & 0x3F);
    }
    if (code < lead.least || !is_scalar_value(code)) return {};
    return {code, lead.bytes};
}

bool is_control(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

bool turns_direction(char32_t code) {
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool separates_lines(char32_t code) {
    return code == 0x2028 || code == 0x2029;
}

bool is_invisible(char32_t code) {
    constexpr std::array<std::array<char32_t, 2>, 13> kRanges = {{{0x00AD, 0x00AD},
                                                                  {0x034F, 0x034F},
                                                                  {0x115F, 0x1160},
                                                                  {0x17B4, 0x17B5},
                                                                  {0x180B, 0x180F},
                                                                  {0x200B, 0x200D},
                                                                  {0x2060, 0x2065},
                                                                  {0x206A, 0x206F},
                                                                  {0x3164, 0x3164},
                                                                  {0xFEFF, 0xFEFF},
                                                                  {0xFFA0, 0xFFA0},
                                                                  {0xFFF0, 0xFFFB},
                                                                  {0xE0000, 0xE0FFF}}};
    return std::ranges::any_of(
        kRanges, [code](const auto& range) { return code >= range[0] && code <= range[1]; });
}

}  // namespace mapferry::utf8

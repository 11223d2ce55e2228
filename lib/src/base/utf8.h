// SPDX-License-Identifier: Apache-2.0
// UTF-8 text of unknown origin, character by character, and what a character can do to the people
// who read it (RFC 3629, Unicode Annex 9).
#pragma once

#include <cstddef>
#include <string_view>

namespace mapferry::utf8 {

struct Character {
    char32_t code_point = 0;
    std::size_t bytes = 0;  // 0 = the bytes are no UTF-8
};

[[nodiscard]] inline unsigned byte_at(std::string_view text, std::size_t position) {
    return static_cast<unsigned char>(text[position]);
}

// The character that begins at `position`, strictly by RFC 3629: no overlong form, no surrogate,
// nothing past U+10FFFF.
[[nodiscard]] Character decode(std::string_view text, std::size_t position);

[[nodiscard]] bool is_control(char32_t code);

// Marks, embeddings, overrides and isolates, which turn the direction of the text around them
// (Unicode Annex 9; "Trojan Source", CVE-2021-42574). A name that has them is shown as another
// name.
[[nodiscard]] bool turns_direction(char32_t code);

// The two characters that end a line and are no control characters.
[[nodiscard]] bool separates_lines(char32_t code);

// Characters without a width or a shape of their own: names that differ only in them look the same.
[[nodiscard]] bool is_invisible(char32_t code);

}  // namespace mapferry::utf8

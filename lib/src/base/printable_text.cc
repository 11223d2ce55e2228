// SPDX-License-Identifier: Apache-2.0
#include "mapferry/printable_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/utf8.h"

namespace mapferry::inline v1 {

namespace {

// Whether a terminal could obey the character, or show it as something else than it is.
bool is_harmful(char32_t code) {
    return utf8::is_control(code) || utf8::turns_direction(code) || utf8::separates_lines(code) ||
           utf8::is_invisible(code);
}

// Where an escaped text goes.
enum class Escapes : std::uint8_t {
    kAll,    // a name: nothing in it is ambiguous
    kLines,  // lines whose names are escaped already
    kJson,   // strings of JSON, which know \u and units of 16 bits only
};

void append_hex(std::string& text, char32_t number, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        text += "0123456789abcdef"[number >> shift & 15];
}

void append_hex_byte(std::string& text, unsigned byte) {
    text += "\\x";
    append_hex(text, byte, 2);
}

void append_unit(std::string& text, char32_t unit) {
    text += "\\u";
    append_hex(text, unit, 4);
}

void append_json_escape(std::string& text, char32_t code) {
    if (code < 0x10000) return append_unit(text, code);
    append_unit(text, 0xD800 + ((code - 0x10000) >> 10));
    append_unit(text, 0xDC00 + ((code - 0x10000) & 0x3FF));
}

void append_ascii_escape(std::string& text, unsigned byte) {
    switch (byte) {
        case '\\':
            text += "\\\\";
            break;
        case '\n':
            text += "\\n";
            break;
        case '\r':
            text += "\\r";
            break;
        case '\t':
            text += "\\t";
            break;
        default:
            append_hex_byte(text, byte);
    }
}

void append_escape(std::string& text, char32_t code, Escapes escapes) {
    if (escapes == Escapes::kJson) {
        append_json_escape(text, code);
    } else if (code < 0x80) {
        append_ascii_escape(text, static_cast<unsigned>(code));
    } else if (code < 0x10000) {
        append_unit(text, code);
    } else {
        text += "\\U";
        append_hex(text, code, 8);
    }
}

bool needs_escape(char32_t code, Escapes escapes) {
    if (escapes == Escapes::kAll) return code == '\\' || is_harmful(code);
    return code != '\n' && is_harmful(code);
}

std::string escape(std::string_view text, Escapes escapes) {
    std::string visible;
    visible.reserve(text.size());
    for (std::size_t position = 0; position < text.size();) {
        const utf8::Character next = utf8::decode(text, position);
        if (next.bytes == 0)
            append_hex_byte(visible, utf8::byte_at(text, position));
        else if (needs_escape(next.code_point, escapes))
            append_escape(visible, next.code_point, escapes);
        else
            visible += text.substr(position, next.bytes);
        position += std::max<std::size_t>(next.bytes, 1);
    }
    return visible;
}

}  // namespace

std::string escape_for_terminal(std::string_view text) {
    return escape(text, Escapes::kAll);
}

std::string in_quotes(std::string_view text) {
    std::string quoted_text(1, '"');
    quoted_text += escape(text, Escapes::kAll);
    quoted_text += '"';
    return quoted_text;
}

std::string harmless_lines(std::string_view text) {
    return escape(text, Escapes::kLines);
}

std::string harmless_json(std::string_view json) {
    return escape(json, Escapes::kJson);
}

}  // namespace mapferry::inline v1

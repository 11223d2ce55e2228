#include "mapferry/file_name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "platform/platform.h"
#include "surface.h"

namespace mapferry {

namespace {

constexpr std::size_t kFileNameBytesMax = 255;  // NAME_MAX of Linux file systems
constexpr std::size_t kSectionNameMax = 64;

unsigned byte_at(std::string_view text, std::size_t position) {
    return static_cast<unsigned char>(text[position]);
}

// ---- UTF-8 -------------------------------------------------------------------------------------

struct Character {
    char32_t code_point = 0;
    std::size_t bytes = 0;  // 0 = the bytes are no UTF-8
};

// What the first byte promises: how long the sequence is, and the least code point that needs so
// many bytes (fewer would have done for a smaller one: "overlong", a classic way past filters).
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

// The character that begins at `position`, strictly by RFC 3629: no overlong form, no surrogate,
// nothing past U+10FFFF.
Character decode_utf8(std::string_view text, std::size_t position) {
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

// Marks, embeddings, overrides and isolates, which turn the direction of the text around them
// (Unicode Annex 9; "Trojan Source", CVE-2021-42574): a name with them shows as another one than it
// is.
bool turns_direction(char32_t code) {
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

// The two that end a line without being controls.
bool separates_lines(char32_t code) {
    return code == 0x2028 || code == 0x2029;
}

// Characters without a width or a look of their own: two names that differ in them look the same.
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

// What a terminal could obey, or shows as something else than it is.
bool is_harmful(char32_t code) {
    return is_control(code) || turns_direction(code) || separates_lines(code) || is_invisible(code);
}

// ---- escaping ----------------------------------------------------------------------------------

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
        const Character next = decode_utf8(text, position);
        if (next.bytes == 0)
            append_hex_byte(visible, byte_at(text, position));
        else if (needs_escape(next.code_point, escapes))
            append_escape(visible, next.code_point, escapes);
        else
            visible += text.substr(position, next.bytes);
        position += std::max<std::size_t>(next.bytes, 1);
    }
    return visible;
}

// ---- the filter --------------------------------------------------------------------------------

char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// The digit of a serial or parallel port: 0-9, or one of the superscripts that Windows takes for
// the same digits, U+00B9 U+00B2 U+00B3.
bool is_port_digit(std::string_view text) {
    if (text.size() == 1) return text[0] >= '0' && text[0] <= '9';
    return text == "\xC2\xB9" || text == "\xC2\xB2" || text == "\xC2\xB3";
}

// Source: Microsoft's "Naming Files, Paths, and Namespaces". A device keeps its meaning with any
// extension and with spaces before it: "con.txt" and "con .txt" are the console.
bool is_windows_device(std::string_view name) {
    const std::string_view with_spaces = name.substr(0, name.find('.'));
    std::string stem(with_spaces.substr(0, with_spaces.find_last_not_of(' ') + 1));
    std::ranges::transform(stem, stem.begin(), ascii_upper);
    constexpr std::array<std::string_view, 6> kDevices = {"CON", "PRN",    "AUX",
                                                          "NUL", "CONIN$", "CONOUT$"};
    if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
    return (stem.starts_with("COM") || stem.starts_with("LPT")) &&
           is_port_digit(std::string_view(stem).substr(3));
}

std::optional<std::string_view> refused_character(char32_t code, FileNameRules rules) {
    if (is_control(code)) return "contains a control character";
    if (turns_direction(code)) return "contains a mark of direction";
    if (separates_lines(code)) return "contains a line separator";
    if (code == '/') return "contains a path separator";
    if (rules == FileNameRules::kLinux) return std::nullopt;
    if (code == '\\' || code == ':') return "contains a path separator";
    if (code < 0x80 && std::string_view("<>\"|?*").contains(static_cast<char>(code)))
        return "contains one of <>\"|?*";
    return std::nullopt;
}

std::optional<std::string_view> refused_bytes(std::string_view name, FileNameRules rules) {
    for (std::size_t position = 0; position < name.size();) {
        const Character next = decode_utf8(name, position);
        if (next.bytes == 0) return "is not valid UTF-8";
        if (const auto reason = refused_character(next.code_point, rules)) return reason;
        position += next.bytes;
    }
    return std::nullopt;
}

std::optional<std::string_view> refused_begin(std::string_view name, FileNameRules rules) {
    if (name == "." || name == "..") return "is a folder";
    if (rules == FileNameRules::kLinux) return std::nullopt;
    if (name.front() == '.') return "begins with a dot";
    if (name.front() == '-') return "begins with a dash and would look like an option";
    if (name.front() == ' ') return "begins with a space";
    if (is_windows_device(name)) return "is a device on Windows";
    return std::nullopt;
}

std::optional<std::string_view> refused_end(std::string_view name, FileNameRules rules) {
    if (rules == FileNameRules::kLinux) return std::nullopt;
    if (name.back() == '.') return "ends with a dot";
    if (name.back() == ' ') return "ends with a space";
    return std::nullopt;
}

// Why `name` must not become a file, if so. REQUIRES: not empty.
std::optional<std::string_view> refusal(std::string_view name, FileNameRules rules) {
    if (const auto reason = refused_bytes(name, rules)) return reason;
    if (const auto reason = refused_begin(name, rules)) return reason;
    return refused_end(name, rules);
}

std::unexpected<Status> refuse(const std::string& what) {
    return fail(Code::kCannotCreate, "the sender's file name " + what,
                "choose the name yourself: give a file as the output, not a folder");
}

// ---- other names -------------------------------------------------------------------------------

std::string with_harmless_characters(std::string_view name, FileNameRules rules) {
    std::string harmless;
    for (std::size_t position = 0; position < name.size();) {
        const Character next = decode_utf8(name, position);
        if (next.bytes == 0 || refused_character(next.code_point, rules))
            harmless += '_';
        else
            harmless += name.substr(position, next.bytes);
        position += std::max<std::size_t>(next.bytes, 1);
    }
    return harmless;
}

// The first `bytes` of valid UTF-8, or a few less, so that no character is cut.
std::string_view first_of(std::string_view text, std::size_t bytes) {
    if (bytes >= text.size()) return text;
    while (bytes > 0 && (byte_at(text, bytes) & 0xC0) == 0x80)
        --bytes;
    return text.substr(0, bytes);
}

// `stem` + `mark` + `extension`, of which the stem gives way to the limit.
std::string shortened(std::string_view name, std::string_view mark) {
    constexpr std::size_t kExtensionBytesMax = 32;
    std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > kExtensionBytesMax)
        dot = name.size();
    const std::size_t rest = mark.size() + name.size() - dot;
    std::string whole(first_of(name.substr(0, dot), kFileNameBytesMax - rest));
    whole += mark;
    whole += name.substr(dot);
    return whole;
}

// ---- section names -----------------------------------------------------------------------------

bool is_letter_digit_or_underscore(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_section_character(char c) {
    return is_letter_digit_or_underscore(c) || c == '.' || c == '-';
}

bool is_section_name(std::string_view name) {
    return !name.empty() && name.size() <= kSectionNameMax &&
           is_letter_digit_or_underscore(name.front()) &&
           std::ranges::all_of(name, is_section_character);
}

}  // namespace

FileNameRules file_name_rules() {
    return platform::file_name_rules();
}

Result<std::string> filter_file_name(std::string_view sender_name, FileNameRules rules) try {
    if (sender_name.empty()) return refuse("is empty");
    if (sender_name.size() > kFileNameBytesMax)
        return refuse("is " + std::to_string(sender_name.size()) + " bytes long, of at most 255");
    if (const auto reason = refusal(sender_name, rules))
        return refuse(in_quotes(sender_name) + " " + std::string(*reason));
    return std::string(sender_name);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

std::string harmless_file_name(std::string_view sender_name, FileNameRules rules) {
    std::string name = with_harmless_characters(sender_name, rules);
    if (name.empty() || refused_begin(name, rules)) name.insert(0, 1, '_');
    if (name.size() > kFileNameBytesMax) name = shortened(name, "");
    if (refused_end(name, rules)) name.back() = '_';
    return name;
}

std::string numbered_file_name(std::string_view name, std::uint64_t number) {
    return shortened(name, "-" + std::to_string(number));
}

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

Result<void> check_section_name(std::string_view name) try {
    if (is_section_name(name)) return {};
    return fail(Code::kUsage, in_quotes(name) + " is no section name",
                "use 1 to 64 of A-Z a-z 0-9 . _ - beginning with a letter, a digit or _");
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry

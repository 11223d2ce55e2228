// SPDX-License-Identifier: Apache-2.0
#include "mapferry/file_name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "mapferry/printable_text.h"
#include "platform/place.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kFileNameBytesMax = 255;  // NAME_MAX of Linux file systems

// ---- the filter --------------------------------------------------------------------------------

char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// Whether it is the digit of a serial or parallel port: 0-9, or one of the superscripts that
// Windows treats like digits, U+00B9 U+00B2 U+00B3.
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
    if (utf8::is_control(code)) return "contains a control character";
    if (utf8::turns_direction(code)) return "contains a mark of direction";
    if (utf8::separates_lines(code)) return "contains a line separator";
    if (code == '/') return "contains a path separator";
    if (rules == FileNameRules::kLinux) return std::nullopt;
    if (code == '\\' || code == ':') return "contains a path separator";
    if (code < 0x80 && std::string_view("<>\"|?*").contains(static_cast<char>(code)))
        return "contains one of <>\"|?*";
    return std::nullopt;
}

std::optional<std::string_view> refused_bytes(std::string_view name, FileNameRules rules) {
    for (std::size_t position = 0; position < name.size();) {
        const utf8::Character next = utf8::decode(name, position);
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

// Why `name` must not become a file name; empty if it may. REQUIRES: `name` is not empty.
std::optional<std::string_view> refusal(std::string_view name, FileNameRules rules) {
    if (const auto reason = refused_bytes(name, rules)) return reason;
    if (const auto reason = refused_begin(name, rules)) return reason;
    return refused_end(name, rules);
}

std::unexpected<Status> refuse(const std::string& what) {
    return fail(Code::kCannotCreate, "the sender's file name " + what, Remedy::kChooseFileName);
}

// ---- other names -------------------------------------------------------------------------------

std::string with_harmless_characters(std::string_view name, FileNameRules rules) {
    std::string harmless;
    for (std::size_t position = 0; position < name.size();) {
        const utf8::Character next = utf8::decode(name, position);
        if (next.bytes == 0 || refused_character(next.code_point, rules))
            harmless += '_';
        else
            harmless += name.substr(position, next.bytes);
        position += std::max<std::size_t>(next.bytes, 1);
    }
    return harmless;
}

// The first `bytes` bytes of valid UTF-8, or a few less, so that no character is cut.
std::string_view first_of(std::string_view text, std::size_t bytes) {
    if (bytes >= text.size()) return text;
    while (bytes > 0 && (utf8::byte_at(text, bytes) & 0xC0) == 0x80)
        --bytes;
    return text.substr(0, bytes);
}

// `stem` + `mark` + `extension`; the stem is shortened to keep the limit.
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

}  // namespace

FileNameRules file_name_rules() {
    return platform::has_windows_names() ? FileNameRules::kWindows : FileNameRules::kLinux;
}

Result<std::string> filter_file_name(std::string_view sender_name, FileNameRules rules) {
    return guarded([&]() -> Result<std::string> {
        if (sender_name.empty()) return refuse("is empty");
        if (sender_name.size() > kFileNameBytesMax)
            return refuse("is " + std::to_string(sender_name.size()) +
                          " bytes long, of at most 255");
        if (const auto reason = refusal(sender_name, rules))
            return refuse(in_quotes(sender_name) + " " + std::string(*reason));
        return std::string(sender_name);
    });
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

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
#include "json/json_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mapferry::json {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

// The bytes of the UTF-8 character at the beginning of `text`, which is not empty; 0: it is none.
std::size_t character_bytes(std::string_view text) {
    const unsigned first = byte_at(text, 0);
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    const std::size_t count = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    // The second byte excludes longer forms than needed, surrogates, and what is above U+10FFFF.
    const unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (byte_at(text, 1) < least || byte_at(text, 1) > most) return 0;
    for (std::size_t at = 2; at < count; ++at)
        if ((byte_at(text, at) & 0xc0) != 0x80) return 0;
    return count;
}

void append_escaped(std::string& out, char character) {
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t place = kShort.find(character);
    if (place != std::string_view::npos) {
        out += '\\';
        out += kLetters[place];
    } else if (const auto code = static_cast<unsigned char>(character); code < 0x20) {
        out += "\\u00";
        out += kDigits[code >> 4];
        out += kDigits[code & 15];
    } else {
        out += character;
    }
}

// Appends the text in quotes. Returns whether all of it was UTF-8.
bool append_text(std::string& out, std::string_view text) {
    bool is_whole = true;
    out += '"';
    while (!text.empty()) {
        const std::size_t count = character_bytes(text);
        if (count == 0) {
            out += "\xef\xbf\xbd";  // U+FFFD
            is_whole = false;
        } else if (count == 1) {
            append_escaped(out, text.front());
        } else {
            out += text.substr(0, count);
        }
        text.remove_prefix(std::max<std::size_t>(count, 1));
    }
    out += '"';
    return is_whole;
}

}  // namespace

Value::Value(std::string_view text) : kind_(Kind::kText), text_(text) {}

Value::Value(double number) : kind_(Kind::kPlain), text_("null") {
    if (!std::isfinite(number)) return;
    std::array<char, 32> digits = {};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.assign(digits.data(), end);
    if (text_.find_first_of(".e") == std::string::npos) text_ += ".0";
}

Value::Value(std::initializer_list<Member> members) : members_(members) {}

Value Value::array() {
    Value value;
    value.kind_ = Kind::kArray;
    return value;
}

Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value& Value::operator[](std::string_view name) {
    const auto found = std::ranges::find(members_, name, &Member::name);
    if (found != members_.end()) return found->value;
    members_.push_back({std::string(name), Value()});
    return members_.back().value;
}

void Value::push_back(Value element) {
    elements_.push_back(std::move(element));
}

void Value::append_members(std::string& out) const {
    std::vector<const Member*> sorted;
    sorted.reserve(members_.size());
    for (const Member& member : members_)
        sorted.push_back(&member);
    std::ranges::sort(sorted, {}, &Member::name);
    for (const Member* const member : sorted) {
        if (member != sorted.front()) out += ',';
        append_text(out, member->name);
        out += ':';
        if (member->value.kind_ != Kind::kText)
            member->value.append_to(out);
        else if (!append_text(out, member->value.text_)) {
            out += ',';
            append_text(out, member->name + "_base64");
            out += ':';
            append_text(out, base64(member->value.text_));
        }
    }
}

void Value::append_to(std::string& out) const {
    if (kind_ == Kind::kPlain) out += text_;
    if (kind_ == Kind::kText) append_text(out, text_);
    if (kind_ == Kind::kArray) {
        out += '[';
        for (const Value& element : elements_) {
            if (&element != elements_.data()) out += ',';
            element.append_to(out);
        }
        out += ']';
    }
    if (kind_ == Kind::kObject) {
        out += '{';
        append_members(out);
        out += '}';
    }
}

std::string Value::dump() const {
    std::string out;
    append_to(out);
    return out;
}

std::string json_line(const Value& value) {
    return value.dump() + "\n";
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const unsigned three =
            byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
        for (std::size_t digit = 0; digit < 4; ++digit)
            text += at + digit > bytes.size() ? '=' : kDigits[three >> (18 - 6 * digit) & 63];
    }
    return text;
}

}  // namespace mapferry::json

// SPDX-License-Identifier: Apache-2.0
#include "mapferry/section_address.h"

#include <algorithm>
#include <cstddef>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kSectionNameMax = 64;

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

std::string to_string(const SectionAddress& address) {
    if (!address.backing_path.empty()) return "section file " + in_quotes(address.backing_path);
    return "section " + in_quotes(address.name);
}

std::string to_string(const Sharing& sharing) {
    if (sharing.with == ShareWith::kNobody) return {};
    return (sharing.with == ShareWith::kGroup ? "group " : "user ") + sharing.account;
}

Result<void> check_address(const SectionAddress& address) {
    return guarded([&]() -> Result<void> {
        if (address.name.empty() && !address.backing_path.empty()) return {};
        return check_section_name(address.name);
    });
}

Result<void> check_section_name(std::string_view name) {
    return guarded([&]() -> Result<void> {
        if (is_section_name(name)) return {};
        return fail(Code::kUsage, in_quotes(name) + " is no section name",
                    "use 1 to 64 of A-Z a-z 0-9 . _ - beginning with a letter, a digit or _");
    });
}

}  // namespace mapferry::inline v1

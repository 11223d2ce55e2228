// SPDX-License-Identifier: Apache-2.0
/// \file
/// For the programs of this project; no promise (docs/decisions/0044-what-is-public.md).
///
/// Numbers in texts, in the same way whatever the locale.
#pragma once

#include <charconv>
#include <cstddef>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace mapferry::inline v1 {

/// Takes the number off that `text` begins with. False, and `text` as it was: there is none that
/// fits.
template <typename Number>
[[nodiscard]] bool take_number(std::string_view& text, Number& number) {
    if constexpr (requires(const char* at, Number& to) { std::from_chars(at, at, to); }) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc()) return false;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    } else {  // libc++ 19 and fractions
        if (!text.starts_with('-') && (text.empty() || text[0] < '0' || text[0] > '9'))
            return false;
        const std::string_view digits = text.substr(0, text.find_first_not_of("+-.0123456789Ee"));
        std::istringstream in{std::string(digits)};
        in.imbue(std::locale::classic());
        Number found = 0;
        if (!(in >> found)) return false;
        number = found;
        text.remove_prefix(in.eof() ? digits.size() : static_cast<std::size_t>(in.tellg()));
    }
    return true;
}

/// The number that `text` is. Empty: it is none, or more than one.
template <typename Number>
[[nodiscard]] std::optional<Number> whole_number(std::string_view text) {
    Number number = 0;
    if (!take_number(text, number) || !text.empty()) return std::nullopt;
    return number;
}

}  // namespace mapferry::inline v1

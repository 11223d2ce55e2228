// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace mapferry::inline v1 {

// Takes the number off that `text` begins with. False, and `text` as it was: there is none that
// fits.
template <typename Number>
[[nodiscard]] bool take_number(std::string_view& text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// JSON that an engine stored, read without trust.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mapferry/status.h"

namespace mapferry::cli {

// A whole number that fits. nlohmann-json would cut it. Throws std::out_of_range.
template <typename Number>
[[nodiscard]] Number read_number(const nlohmann::json& value) {
    if (!value.is_number_integer()) throw std::out_of_range("no whole number");
    if constexpr (std::is_signed_v<Number>) {
        const auto wide = value.get<std::int64_t>();
        if (!std::in_range<Number>(wide)) throw std::out_of_range("a number is too large");
        return static_cast<Number>(wide);
    } else {
        if (!value.is_number_unsigned()) throw std::out_of_range("a number is negative");
        const auto wide = value.get<std::uint64_t>();
        if (!std::in_range<Number>(wide)) throw std::out_of_range("a number is too large");
        return static_cast<Number>(wide);
    }
}

// Calls `read`. Exceptions of the functions above become kCorrupt.
[[nodiscard]] Result<void> read_json(std::string_view text,
                                     const std::function<void(const nlohmann::json&)>& read);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Options as text: "key=value key=value". A call lists its keys and where their values go.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapferry/section_address.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::capi {

// One key of a call. `set` stores the value, or says what a value has to be.
struct Option {
    std::string_view key;
    std::function<Result<void>(std::string_view value)> set;
};
using OptionList = std::vector<Option>;

// The lists one after the other.
[[nodiscard]] OptionList joined(OptionList first, OptionList second);

// Reads `text` (NULL: no options) and calls `set` for each key in it. kUsage: an unknown or
// repeated key, a malformed value; the hint lists the keys. The targets may be changed then.
[[nodiscard]] Result<void> read_options(const char* text, const OptionList& options);

// A malformed value of `key`; `expected` says what it has to be.
[[nodiscard]] std::unexpected<Status> malformed(std::string_view key, std::string_view value,
                                                const std::string& expected);

// A whole number from `least` to `most`.
[[nodiscard]] Result<std::int64_t> number_in(std::string_view key, std::string_view value,
                                             std::int64_t least, std::int64_t most);

[[nodiscard]] Option text_option(std::string_view key, std::string& target);
// -1: for ever.
[[nodiscard]] Option time_option(std::string_view key, Timeout& target);
[[nodiscard]] Option yes_no_option(std::string_view key, bool& target);
// "group:video"
[[nodiscard]] Option sharing_option(Sharing& target);
// A name for a section in a file.
[[nodiscard]] Option label_option(SectionAddress& address);
[[nodiscard]] Option real_option(std::string_view key, std::optional<double>& target);
// "10,20,30"
[[nodiscard]] Option numbers_option(std::string_view key, std::vector<std::uint64_t>& target);

template <typename Target>
inline constexpr std::int64_t kMost =
    sizeof(Target) == 8 ? INT64_MAX : static_cast<std::int64_t>(Target(-1));

// A number without a sign.
template <std::unsigned_integral Number>
[[nodiscard]] Option number_option(std::string_view key, Number& target) {
    return {key, [key, &target](std::string_view value) -> Result<void> {
                const auto number = number_in(key, value, 0, kMost<Number>);
                if (!number) return std::unexpected(number.error());
                target = static_cast<Number>(*number);
                return {};
            }};
}

// One of several words.
template <typename Value>
[[nodiscard]] Option word_option(std::string_view key, Value& target,
                                 std::initializer_list<std::pair<std::string_view, Value>> words) {
    return {key,
            [key, &target, words = std::vector(words)](std::string_view value) -> Result<void> {
                for (const auto& [word, meaning] : words) {
                    if (value != word) continue;
                    target = meaning;
                    return {};
                }
                std::string expected;
                for (const auto& [word, meaning] : words)
                    expected.append(expected.empty() ? "" : ", ").append(word);
                return malformed(key, value, "one of " + expected);
            }};
}

}  // namespace mapferry::capi

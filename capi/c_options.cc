// SPDX-License-Identifier: Apache-2.0
#include "capi/c_options.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "capi/c_call.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"
#include "mapferry/sharing.h"

namespace mapferry::capi {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_blank(char character) {
    return kBlanks.find(character) != std::string_view::npos;
}

std::string hint_of(const OptionList& options) {
    if (options.empty()) return "this call has no options";
    std::string hint = "its options are";
    for (const Option& option : options)
        hint.append(&option == options.data() ? " " : ", ").append(option.key);
    return hint;
}

std::unexpected<Status> usage(const OptionList& options, std::string message) {
    return fail(Code::kUsage, std::move(message), hint_of(options));
}

// Takes a value in double quotes off the beginning of `rest`.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string value;
    for (std::size_t at = 1; at < rest.size(); ++at) {
        if (rest[at] == '"') {
            rest.remove_prefix(at + 1);
            if (!rest.empty() && !is_blank(rest.front())) return std::nullopt;
            return value;
        }
        const bool is_escaped = rest[at] == '\\' && at + 1 < rest.size() &&
                                (rest[at + 1] == '"' || rest[at + 1] == '\\');
        if (is_escaped) ++at;
        value += rest[at];
    }
    return std::nullopt;
}

// Takes a value without quotes off the beginning of `rest`.
std::optional<std::string> take_plain(std::string_view& rest) {
    const std::string_view value = rest.substr(0, rest.find_first_of(kBlanks));
    rest.remove_prefix(value.size());
    if (value.empty() || value.find('"') != std::string_view::npos) return std::nullopt;
    return std::string(value);
}

struct Pair {
    std::string_view key;
    std::string value;
};

// Takes the next pair off the beginning of `rest`, which is not empty and begins with no blank.
Result<Pair> take_pair(std::string_view& rest, const OptionList& options) {
    const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
    const std::size_t length = word.find('=');
    if (length == std::string_view::npos || length == 0)
        return usage(options, in_quotes(word) + " is no option: it is not key=value");
    const std::string_view key = word.substr(0, length);
    rest.remove_prefix(length + 1);
    const bool is_quoted = !rest.empty() && rest.front() == '"';
    auto value = is_quoted ? take_quoted(rest) : take_plain(rest);
    if (!value)
        return usage(options, "the value of " + in_quotes(key) +
                                  " is empty, or its double quotes are not in pairs");
    return Pair{key, std::move(*value)};
}

}  // namespace

Result<void> read_options(const char* text, const OptionList& options) {
    std::string_view rest = text != nullptr ? text : "";
    std::vector<bool> is_set(options.size());
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
        if (rest.empty()) return {};
        const auto pair = take_pair(rest, options);
        if (!pair) return std::unexpected(pair.error());
        const auto option = std::ranges::find(options, pair->key, &Option::key);
        if (option == options.end())
            return usage(options, in_quotes(pair->key) + " is no option of this call");
        const auto index = static_cast<std::size_t>(option - options.begin());
        if (is_set[index])
            return usage(options, "the option " + in_quotes(pair->key) + " is given twice");
        is_set[index] = true;
        if (auto set = option->set(pair->value); !set) return set;
    }
}

OptionList joined(OptionList first, OptionList second) {
    first.insert(first.end(), std::make_move_iterator(second.begin()),
                 std::make_move_iterator(second.end()));
    return first;
}

std::unexpected<Status> malformed(std::string_view key, std::string_view value,
                                  const std::string& expected) {
    return fail(Code::kUsage, "the option " + in_quotes(key) + " can't be " + in_quotes(value),
                "it is " + expected);
}

Result<std::int64_t> number_in(std::string_view key, std::string_view value, std::int64_t least,
                               std::int64_t most) {
    const auto number = whole_number<std::int64_t>(value);
    if (!number || *number < least || *number > most)
        return malformed(
            key, value,
            "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return *number;
}

Option text_option(std::string_view key, std::string& target) {
    return {key, [&target](std::string_view value) -> Result<void> {
                target = value;
                return {};
            }};
}

Option time_option(std::string_view key, Timeout& target) {
    return {key, [key, &target](std::string_view value) -> Result<void> {
                const auto number = number_in(key, value, MAPFERRY_FOREVER, INT32_MAX);
                if (!number) return std::unexpected(number.error());
                target = timeout_of(static_cast<std::int32_t>(*number));
                return {};
            }};
}

Option yes_no_option(std::string_view key, bool& target) {
    return word_option<bool>(key, target, {{"yes", true}, {"no", false}});
}

Option sharing_option(Sharing& target) {
    return {"sharing", [&target](std::string_view value) -> Result<void> {
                auto sharing = parse_sharing(value);
                if (!sharing) return std::unexpected(sharing.error());
                target = std::move(*sharing);
                return {};
            }};
}

Option label_option(SectionAddress& address) {
    return {"label", [&address](std::string_view value) -> Result<void> {
                if (address.backing_path.empty())
                    return fail(Code::kUsage, "only a section in a file has a label",
                                "the name of a section in memory is its label");
                address.name = value;
                return {};
            }};
}

Option real_option(std::string_view key, std::optional<double>& target) {
    return {key, [key, &target](std::string_view value) -> Result<void> {
                const auto number = whole_number<double>(value);
                if (!number || !std::isfinite(*number)) return malformed(key, value, "a number");
                target = *number;
                return {};
            }};
}

Option numbers_option(std::string_view key, std::vector<std::uint64_t>& target) {
    return {key, [key, &target](std::string_view value) -> Result<void> {
                target.clear();
                while (true) {
                    const std::string_view word = value.substr(0, value.find(','));
                    const auto number = number_in(key, word, 0, INT64_MAX);
                    if (!number) return std::unexpected(number.error());
                    target.push_back(static_cast<std::uint64_t>(*number));
                    if (word.size() == value.size()) return {};
                    value.remove_prefix(word.size() + 1);
                }
            }};
}

}  // namespace mapferry::capi

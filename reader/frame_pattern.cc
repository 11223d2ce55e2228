// SPDX-License-Identifier: Apache-2.0
#include "reader/frame_pattern.h"

#include <fmt/format.h>

namespace mapferry::cli {

namespace {

// Removes the "d" or "0Nd" that follows a percent sign from the front of `rest`. Returns N, or 0
// for "d". Empty: `rest` begins with neither.
std::optional<std::size_t> take_conversion(std::string_view& rest) {
    if (rest.starts_with('d')) {
        rest.remove_prefix(1);
        return 0;
    }
    const bool padded =
        rest.size() >= 3 && rest[0] == '0' && rest[1] >= '1' && rest[1] <= '9' && rest[2] == 'd';
    if (!padded) return std::nullopt;
    const auto digits = static_cast<std::size_t>(rest[1] - '0');
    rest.remove_prefix(3);
    return digits;
}

}  // namespace

std::optional<FramePattern> FramePattern::parse(std::string_view text) {
    FramePattern pattern;
    bool found = false;
    while (!text.empty()) {
        const char character = text.front();
        text.remove_prefix(1);
        if (character == '%' && !text.starts_with('%')) {
            const auto digits = take_conversion(text);
            if (!digits || found) return std::nullopt;
            pattern.digits_ = *digits;
            found = true;
            continue;
        }
        if (character == '%') text.remove_prefix(1);
        (found ? pattern.behind_ : pattern.before_) += character;
    }
    if (!found) return std::nullopt;
    return pattern;
}

std::string FramePattern::path(std::uint64_t number) const {
    return fmt::format("{}{:0{}}{}", before_, number, digits_, behind_);
}

}  // namespace mapferry::cli

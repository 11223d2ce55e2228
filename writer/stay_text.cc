// SPDX-License-Identifier: Apache-2.0
#include "writer/stay_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mapferry::cli {

nlohmann::json staying_event(const Timeout& timeout) {
    nlohmann::json event = {{"event", "staying"}};
    if (timeout) event["timeout_ms"] = timeout->count();
    return event;
}

std::string words_before_until(const Timeout& timeout) {
    if (!timeout) return " ";
    return fmt::format(" for {} s, or ", static_cast<double>(timeout->count()) / 1000);
}

std::string words_of(LingerEnd end) {
    switch (end) {
        case LingerEnd::kConsumed:
            return "consumed";
        case LingerEnd::kRemoved:
            return "removed";
        default:
            return "timed out";
    }
}

}  // namespace mapferry::cli

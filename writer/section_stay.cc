// SPDX-License-Identifier: Apache-2.0
#include "writer/section_stay.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mapferry::cli {

namespace {

Result<void> print_staying(const CommonOptions& common, const Messages& messages,
                           const std::string& who) {
    const Timeout& timeout = common.timeout;
    if (messages.json()) {
        nlohmann::json event = {{"event", "staying"}};
        if (timeout) event["timeout_ms"] = timeout->count();
        return messages.event(event);
    }
    const std::string how_long =
        timeout ? fmt::format(" for {} s, or ", static_cast<double>(timeout->count()) / 1000) : " ";
    messages.note(
        fmt::format("{} ends with this process, which stays{}until {}mapferry rm {} (with "
                    "--backing the section "
                    "would remain)",
                    to_string(common.address), how_long, who, common.address.name));
    return {};
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

}  // namespace

Result<void> stay_with_section(const CommonOptions& common, const std::string& who,
                               Printed& printed,
                               const std::function<Result<LingerEnd>(const Timeout&)>& linger) {
    const Messages messages = common.messages();
    printed.note(print_staying(common, messages, who));
    auto ended = linger(common.timeout);
    if (!ended) return std::unexpected(ended.error());
    if (messages.json())
        printed.note(messages.event({{"event", "stayed"}, {"outcome", words_of(*ended)}}));
    else
        messages.note(to_string(common.address) + " is gone: " + words_of(*ended));
    return {};
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// A transferred or verified payload as a JSON object.
#pragma once

#include <string>

#include "json/json_value.h"
#include "mapferry/payload.h"

namespace mapferry::json {

// A transferred payload, as both programs report it.
struct PassedPayload {
    PayloadInfo info;
    PayloadSummary summary;
    double seconds = 0;
    std::string outcome;  // "verified", "sent", "kept in ..."
    std::string output;   // reader: where the payload went; empty = not reported
};

// Bytes in each second; 0 where the payload took no time.
[[nodiscard]] double rate(std::uint64_t bytes, double seconds);

[[nodiscard]] Value summary_json(const PassedPayload& passed);

}  // namespace mapferry::json

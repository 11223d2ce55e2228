// SPDX-License-Identifier: Apache-2.0
// The report on a section, as text for people.
#pragma once

#include <string>

#include "cli/json_object.h"
#include "json/section_json.h"
#include "mapferry/inspect.h"

namespace mapferry::cli {

using json::condition_of;
using json::reader_json;
using json::report_json;

// "of alice (uid 1001), shared with group video (gid 44)": whatever of this applies. Empty for a
// section of this user alone.
[[nodiscard]] std::string owner_text(const SectionReport& report);

// The age of a moment of the writer's clock: "3 s", "12 min", "5 h", "9 d".
[[nodiscard]] std::string age_text(std::int64_t unix_ns);

// The text of `info`: one fact on each line.
[[nodiscard]] std::string report_text(const SectionReport& report);

}  // namespace mapferry::cli

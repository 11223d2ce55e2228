// SPDX-License-Identifier: Apache-2.0
// The report on a section, as text for people and as JSON for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "mapferry/inspect.h"

namespace mapferry::cli {

// "kept", "filling", "streaming", "waiting for readers", "dead", ...: at most three words, for a
// table.
[[nodiscard]] std::string condition_of(const SectionReport& report);

// "of alice (uid 1001), shared with group video (gid 44)": whatever of this applies. Empty for a
// section of this user alone.
[[nodiscard]] std::string owner_text(const SectionReport& report);

// The age of a moment of the writer's clock: "3 s", "12 min", "5 h", "9 d".
[[nodiscard]] std::string age_text(std::int64_t unix_ns);

// The text of `info`: one fact on each line.
[[nodiscard]] std::string report_text(const SectionReport& report);
[[nodiscard]] nlohmann::json reader_json(const ReaderReport& reader);
[[nodiscard]] nlohmann::json report_json(const SectionReport& report);

}  // namespace mapferry::cli

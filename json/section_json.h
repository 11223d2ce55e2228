// SPDX-License-Identifier: Apache-2.0
// Sections and what is known of them, as JSON objects for programs.
#pragma once

#include <string>

#include "json/json_value.h"
#include "mapferry/inspect.h"
#include "mapferry/section.h"

namespace mapferry::json {

// "kept", "filling", "streaming", "waiting for readers", "dead", ...: at most three words, for a
// table.
[[nodiscard]] std::string condition_of(const SectionReport& report);

[[nodiscard]] Value reader_json(const ReaderReport& reader);
[[nodiscard]] Value report_json(const SectionReport& report);

// Another user who has sections, and a section that was removed as garbage.
[[nodiscard]] Value other_user_json(const OtherUser& user);
[[nodiscard]] Value removed_json(const CollectedSection& section);

}  // namespace mapferry::json

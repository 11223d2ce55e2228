// SPDX-License-Identifier: Apache-2.0
// Who an importer is to an engine that keeps its place.
#pragma once

#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// The machine's name and the section's, in letters, digits, _ and -.
[[nodiscard]] std::string default_reader_id(const std::string& section_name);
// kUsage: the id has other characters, or more than 64.
[[nodiscard]] Result<void> check_reader_id(const std::string& id);

// The name of this machine; empty: the system does not say.
[[nodiscard]] std::string machine_name();

}  // namespace mapferry::cli

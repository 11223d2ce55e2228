// SPDX-License-Identifier: Apache-2.0
// The text of the library's remedies, with the programs' options and commands. No other file has
// it.
#pragma once

#include <string>

#include "mapferry/detail/machine_fact.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// The option or command of the remedy. Empty for kNone.
[[nodiscard]] std::string remedy_text(const Status& status);

// The text after "hint: ": the status's hint, its remedy, or both. Empty when it has neither.
[[nodiscard]] std::string way_out(const Status& status);
[[nodiscard]] std::string way_out(const MachineFact& fact);

}  // namespace mapferry::cli

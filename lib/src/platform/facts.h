// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): what `doctor` reports.
#pragma once

#include <vector>

#include "mapferry/detail/machine_fact.h"

namespace mapferry::inline v1::platform {

// Limits and kernel features, found by trying them where that is harmless.
[[nodiscard]] std::vector<MachineFact> machine_facts();

}  // namespace mapferry::inline v1::platform

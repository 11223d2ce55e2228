// SPDX-License-Identifier: Apache-2.0
/// \file
/// Facts about this machine for a user with a problem.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapferry/machine_fact.h"

namespace mapferry::inline v1 {

/// Memory that this process could still take: of the machine, and of what a limit leaves to it (on
/// Linux a cgroup's, beyond which the system ends processes). Empty where the system does not say.
[[nodiscard]] std::optional<std::uint64_t> available_memory_bytes();

/// Shared-memory size and free space, limits, kernel features, hash unit. Changes nothing.
[[nodiscard]] std::vector<MachineFact> machine_facts();

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
/// \file
/// For the programs of this project; no promise (docs/decisions/0044-what-is-public.md).
///
/// Facts about this machine that help a user to find a problem.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mapferry/detail/machine_fact.h"

namespace mapferry::inline v1 {

/// The memory that this process can still take: the machine's available memory, or what a limit
/// leaves if that is less (Linux: a cgroup's, beyond which the system ends processes). Empty: the
/// system has no answer.
[[nodiscard]] std::optional<std::uint64_t> available_memory_bytes();

/// Returns size and free space of shared memory, limits, kernel features and the hash's vector
/// unit. Changes nothing.
[[nodiscard]] std::vector<MachineFact> machine_facts();

}  // namespace mapferry::inline v1

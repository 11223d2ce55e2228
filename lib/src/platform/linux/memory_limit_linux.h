// SPDX-License-Identifier: Apache-2.0
// The memory that cgroups leave to this process. Shared memory is charged to the cgroup of the
// process that touches it first, and a charge over the limit ends a process instead of failing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mapferry::inline v1::platform {

// The bytes up to the nearest limit of any level from this process's own cgroup up, in version 2
// and 1. File pages that nobody uses count as free, because the system would give them back at
// once. Empty: there is no limit, or it can't be seen. `root` is put before /proc and before each
// mounted cgroup file system: empty, or a test's folder. `swap_bytes`: what the whole machine could
// still swap.
[[nodiscard]] std::optional<std::uint64_t> cgroup_room_bytes(const std::string& root,
                                                             std::uint64_t swap_bytes);

}  // namespace mapferry::inline v1::platform

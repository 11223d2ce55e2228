// SPDX-License-Identifier: Apache-2.0
// What the memory cgroups leave to this process. Shared memory is charged to the cgroup of the
// process that touches it first, and a charge over the limit ends a process instead of failing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mapferry::inline v1::platform {

// Bytes until the nearest limit of any level from this process's own cgroup up, version 2 and 1;
// what the system would give back at once, file pages that nobody uses, counts as free. Empty:
// there is no limit, or it can't be seen. `root` is in front of /proc and of each mounted cgroup
// file system: empty, or a test's folder. `swap_bytes`: what the whole machine could still swap.
[[nodiscard]] std::optional<std::uint64_t> cgroup_room_bytes(const std::string& root,
                                                             std::uint64_t swap_bytes);

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// The time of processors that cgroups leave to this process.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace mapferry::inline v1::platform {

// The smallest limit of any level from this process's own cgroup up, in whole processors, rounded
// up; at least 1. Empty: there is no limit, or it can't be seen. `root`: as in cgroup_folders().
[[nodiscard]] std::optional<std::size_t> cgroup_processors(const std::string& root);

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// What Fast-DDS leaves in /dev/shm. It keeps the files of its ports after an orderly end, and all
// of its files when a process is killed.
#pragma once

#include <chrono>

namespace mapferry::bench {

// Removes the files of Fast-DDS that are this user's, are not older than `began`, and that no
// living process uses. So the files of other programs stay.
void remove_fast_dds_leftovers(std::chrono::system_clock::time_point began);

}  // namespace mapferry::bench

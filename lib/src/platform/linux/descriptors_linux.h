// SPDX-License-Identifier: Apache-2.0
// Where the library's file descriptors come from: all of them, also those that live for a moment.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "platform/handle.h"

namespace mapferry::inline v1::platform {

// A program may have closed its own standard streams. The next file that it opens then gets one of
// their numbers, and what the program prints lands in that file: a section would be ruined by a
// log line. So 0, 1 and 2 are never the library's. While one of these functions works, a number of
// these that is free is taken by something that can neither be read nor written, so that nothing
// lands anywhere even for a moment. All are closed by an exec; errno says why one is not valid().

// open(2), with O_CLOEXEC.
[[nodiscard]] Handle open_file(const char* path, int flags, mode_t mode = 0);
// openat(2), with O_CLOEXEC.
[[nodiscard]] Handle open_file_at(int folder, const char* name, int flags, mode_t mode = 0);
// dup(2), with O_CLOEXEC.
[[nodiscard]] Handle duplicate(int descriptor);
// eventfd(2) of a counter that is 0, with EFD_CLOEXEC and EFD_NONBLOCK.
[[nodiscard]] Handle open_event();

// A short file as the system shows it in /proc or /sys; empty where that can't be read.
[[nodiscard]] std::string read_system_file(const char* path);
// The names in a folder; none where that can't be read.
[[nodiscard]] std::vector<std::string> names_in_folder(const char* path);

}  // namespace mapferry::inline v1::platform

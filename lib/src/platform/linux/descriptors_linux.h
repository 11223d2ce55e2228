// SPDX-License-Identifier: Apache-2.0
// The source of all file descriptors of the library, even of those that live for a moment.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "platform/handle.h"

namespace mapferry::inline v1::platform {

// A program may have closed its own standard streams. The next file that it opens then gets one of
// their numbers, and what the program prints lands in that file: a log line would ruin a section.
// So the library never uses 0, 1 and 2. While one of these functions works, it fills the free ones
// of these numbers with something that can neither be read nor written, so that no output lands in
// a file even for a moment. An exec closes all of them. If a result is not valid(), errno has the
// reason.

// open(2), with O_CLOEXEC.
[[nodiscard]] Handle open_file(const char* path, int flags, mode_t mode = 0);
// openat(2), with O_CLOEXEC.
[[nodiscard]] Handle open_file_at(int folder, const char* name, int flags, mode_t mode = 0);
// dup(2), with O_CLOEXEC.
[[nodiscard]] Handle duplicate(int descriptor);
// eventfd(2) of a counter that is 0, with EFD_CLOEXEC and EFD_NONBLOCK.
[[nodiscard]] Handle open_event();

// A pipe of 1 MiB costs its two ends far fewer switches than the usual 64 KiB. A failure is
// ignored.
void enlarge_pipe(int descriptor);

// The content of a short file in /proc or /sys; empty if it can't be read.
[[nodiscard]] std::string read_system_file(const char* path);
// The names in a folder; none if it can't be read.
[[nodiscard]] std::vector<std::string> names_in_folder(const char* path);

}  // namespace mapferry::inline v1::platform

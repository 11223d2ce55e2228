// SPDX-License-Identifier: Apache-2.0
/// \file
/// For programs, not for libraries: protects a process whose section is cut while it is mapped.
///
///     mapferry::Result<void> watch_record(const mapferry::SharedBuffer& buffer) {
///         auto guarded = mapferry::install_fault_guard();  // a program does this once, in main()
///         if (!guarded) return guarded;
///         std::array<std::byte, 64> record = {};
///         auto read = buffer.read_unlocked(0, record);
///         if (!read) return std::unexpected(read.error());  // kIo, and no SIGBUS: it was cut
///         return {};
///     }
#pragma once

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// A section is a file. Its owner can shorten it, even while it is mapped. On Linux the next access
/// behind the new end then ends the process by SIGBUS. An access that finds no memory, or a failing
/// disk, does the same. From this call on, until the process ends, such an access to a section of
/// this library finds zeros instead. No checksum matches them: the current call fails with kIo and
/// reports that the section was cut. Bytes that were handed out in place (Frame::bytes(),
/// Reader::view(), a loan) become zeros too; Frame::verify() and Frame::copy_to() report it.
///
/// The library never calls this by itself, because signal handlers belong to the program. This
/// handler treats only faults within the library's own mappings (at most 512 at once). It passes
/// every other SIGBUS to the handler that was installed before. A handler that is installed later
/// replaces this one, and should pass on signals in the same way. Call this function once, from
/// main(); further calls do nothing.
///
/// Windows: this does nothing. A mapped file can't be shortened there, and a section in memory
/// stays reserved while it is open.
[[nodiscard]] Result<void> install_fault_guard();

}  // namespace mapferry::inline v1

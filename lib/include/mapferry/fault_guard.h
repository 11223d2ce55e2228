// SPDX-License-Identifier: Apache-2.0
/// \file
/// For programs, not for libraries: what happens to a process whose section is cut off under it.
///
///     mapferry::Result<void> watch_record(const mapferry::SharedBuffer& buffer) {
///         auto guarded = mapferry::install_fault_guard();  // a program does this once, in main()
///         if (!guarded) return guarded;
///         std::array<std::byte, 64> record = {};
///         auto read = buffer.read_unlocked(0, record);
///         if (!read) return mapferry::pass(read.error());  // kIo, and no SIGBUS: it was cut
///         return {};
///     }
#pragma once

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// A section is a file that its owner can shorten, also while it is mapped. On Linux the next
/// access behind the new end ends the process by SIGBUS; so does an access that finds no memory, or
/// a disk that fails. From this call on, and until the process ends, such an access to a section of
/// this library finds zeros instead: no checksum fits them, and the call that was at work fails
/// with kIo and says that the section was cut. Bytes that were handed out in place (Frame::bytes(),
/// Reader::view(), a loan) turn to zeros too; Frame::verify() and Frame::copy_to() tell.
///
/// The library never does this by itself: a signal's handler belongs to the program. This one looks
/// at nothing but faults within the library's own mappings (at most 512 at once), and hands every
/// other SIGBUS to the handler that was there before. A handler that is installed later replaces
/// it, and should call it likewise. Call it once, from main; further calls do nothing.
///
/// Windows: nothing to do. A file that is mapped can't be shortened there, and a section in memory
/// is reserved for as long as it is open.
[[nodiscard]] Result<void> install_fault_guard();

}  // namespace mapferry::inline v1

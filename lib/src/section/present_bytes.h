// SPDX-License-Identifier: Apache-2.0
// Whether the bytes that a descriptor claims are there at all. A section may have holes, and each
// page of one that is read takes memory (in /dev/shm for good), a private copy as much again: a few
// KiB that claim gigabytes would fill the machine. So a reader looks before it touches.
#pragma once

#include <cstdint>
#include <vector>

#include "format/holes.h"
#include "platform/space.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

class PresentBytes {
  public:
    // `section` must outlive it and stay where it is.
    explicit PresentBytes(const MappedSection& section) : section_(&section) {}

    // kCorrupt: the slot's first `bytes` bytes have holes. Asks the system once for all that it
    // finds in one piece, of frames once for a slot.
    [[nodiscard]] Result<void> check(std::uint64_t slot, std::uint64_t bytes);
    // The same for a chunk, but for the holes that it says it has.
    [[nodiscard]] Result<void> check(std::uint64_t slot, const ChunkHoles& holes);

  private:
    [[nodiscard]] Result<void> check(const platform::ByteRange& wanted,
                                     platform::Unwritten unwritten);
    const MappedSection* section_;
    platform::ByteRange known_ = {};          // of the object, all of it there
    std::vector<std::uint64_t> known_bytes_;  // frames: of each slot, which grow one by one
};

// The same for all of a section's payload.
[[nodiscard]] Result<void> check_present(const MappedSection& section);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// Whether the bytes that a descriptor claims are there at all. A section may have holes. Each page
// of a hole that is read takes memory (in /dev/shm for good), and a private copy takes as much
// again: a few KiB that claim gigabytes would fill the machine. So a reader looks before it
// touches.
#pragma once

#include <cstdint>
#include <vector>

#include "format/holes.h"
#include "platform/space.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

class PresentBytes {
  public:
    // `section` must outlive this object and stay where it is.
    explicit PresentBytes(const MappedSection& section) : section_(&section) {}

    // kCorrupt: the slot's first `bytes` bytes have holes. Asks the system once for each stretch
    // without a hole; where slots are used again, also at most once for each slot and size that is
    // larger than those before.
    [[nodiscard]] Result<void> check(std::uint64_t slot, std::uint64_t bytes);
    // The same for a chunk, except for the holes that it declares.
    [[nodiscard]] Result<void> check(std::uint64_t slot, const ChunkHoles& holes);

  private:
    [[nodiscard]] Result<void> check(const platform::ByteRange& wanted,
                                     platform::Unwritten unwritten);
    const MappedSection* section_;
    platform::ByteRange known_ = {};  // a range of the object without holes
    // Of each slot that is used again. Messages that leave most of a slot empty leave holes there.
    std::vector<std::uint64_t> known_bytes_;
};

// The same for all of a section's payload.
[[nodiscard]] Result<void> check_present(const MappedSection& section);

}  // namespace mapferry::inline v1

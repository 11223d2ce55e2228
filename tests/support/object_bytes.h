// SPDX-License-Identifier: Apache-2.0
// A section's own bytes, to be damaged by a test while programs use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mapferry/section.h"
#include "platform/mapping.h"
#include "platform/shared_object.h"

namespace mapferry::testing {

class ObjectBytes {
  public:
    // Throws when there is no such section.
    explicit ObjectBytes(const SectionAddress& address);

    // Of the whole object. Touch only what its writer has reserved.
    [[nodiscard]] std::span<std::byte> bytes() const { return {mapping_.data(), mapping_.bytes()}; }
    // Changes one bit of the byte at `offset`.
    void flip_bit(std::uint64_t offset) const;

  private:
    platform::SharedObject object_;
    platform::Mapping mapping_;
};

}  // namespace mapferry::testing

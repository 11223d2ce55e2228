// SPDX-License-Identifier: Apache-2.0
// The bytes of a section, for a test that damages them while programs use the section.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/geometry.h"
#include "mapferry/section.h"
#include "platform/mapping.h"
#include "platform/shared_object.h"

namespace mapferry::testing {

class ObjectBytes {
  public:
    // Throws when there is no such section.
    explicit ObjectBytes(const SectionAddress& address);

    // The bytes of the whole object; in a 32-bit program the first ones of a large object. Touch
    // only those that its writer has reserved.
    [[nodiscard]] std::span<std::byte> bytes() const { return {mapping_.data(), mapping_.bytes()}; }
    // What the section says of its parts; it must be undamaged so far.
    [[nodiscard]] Geometry geometry() const;
    // Changes one bit of the byte at `offset`.
    void flip_bit(std::uint64_t offset) const;

  private:
    platform::SharedObject object_;
    platform::Mapping mapping_;
};

}  // namespace mapferry::testing

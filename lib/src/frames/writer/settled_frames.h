// SPDX-License-Identifier: Apache-2.0
// Which frames are settled: no reader leases them, and none can lease them any more. One look at
// the reader lines settles many frames of a deep ring. Their slots are then reused without reading
// the lines again, which readers write for each frame. docs/decisions/0009-frame-leases.md has the
// argument, tests/model/frame_lease.pml the model.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "format/layout.h"

namespace mapferry::inline v1 {

class SettledFrames {
  public:
    // Begins a look: settles the frames up to the mark `last`, but for what is added below.
    void begin(std::uint64_t last) {
        last_ = last;
        lease_count_ = 0;
    }
    // An attached reader takes no frame before its cursor, unless it has set none. REQUIRES: the
    // line's cursor was read before its leases.
    void add_cursor(std::uint64_t cursor) {
        last_ = std::min(last_, cursor == layout::kCursorUnset ? 0 : cursor);
    }
    void add_lease(std::uint64_t mark) {
        if (mark != 0 && mark <= last_) leases_[lease_count_++] = mark;
    }

    // Of the frames up to this mark, those that are not leased are settled.
    [[nodiscard]] std::uint64_t last() const { return last_; }
    [[nodiscard]] bool contains(std::uint64_t mark) const {
        const auto end = leases_.begin() + static_cast<std::ptrdiff_t>(lease_count_);
        return mark <= last_ && std::find(leases_.begin(), end, mark) == end;
    }

  private:
    std::uint64_t last_ = 0;
    std::array<std::uint64_t, std::size_t{layout::kReaderLimit} * layout::kLeasesPerReader>
        leases_{};  // the frames up to last_ that are not settled
    std::size_t lease_count_ = 0;
};

}  // namespace mapferry::inline v1

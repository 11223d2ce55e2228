// SPDX-License-Identifier: Apache-2.0
// The places of all parts of a new section. Pure arithmetic: no operating system, and no memory
// except the arguments.
#pragma once

#include <cstdint>

#include "format/geometry.h"
#include "format/layout.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

struct PlanRequest {
    Delivery delivery = Delivery::kStream;
    std::uint64_t slot_count = 0;
    std::uint64_t slot_capacity_bytes = 0;  // rounded up to whole pages
    std::uint32_t reader_limit = layout::kReaderLimit;
    std::uint64_t buffer_bytes = 0;  // kBuffer only: see plan_buffer
    std::uint64_t slots_needed = 0;  // kKeep: fewer can't hold the workload
};

// The geometry of a new section. kUsage: a number is out of range, or the section's size does not
// fit 63 bits.
[[nodiscard]] Result<Geometry> plan(const PlanRequest& request);
// The same for a buffer of exactly `bytes`.
[[nodiscard]] Result<Geometry> plan_buffer(std::uint64_t bytes);

// Whether the numbers are a buffer's if and only if `delivery` is kBuffer: one slot with room for
// exactly the buffer's pages. No other delivery has a buffer size.
[[nodiscard]] bool buffer_size_agrees(Delivery delivery, std::uint64_t slot_count,
                                      std::uint64_t slot_capacity_bytes,
                                      std::uint64_t buffer_bytes);

}  // namespace mapferry::inline v1

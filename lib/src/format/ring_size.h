// SPDX-License-Identifier: Apache-2.0
// The size of a ring for a workload.
#pragma once

#include <cstdint>
#include <optional>

#include "format/geometry_plan.h"
#include "mapferry/section_info.h"
#include "mapferry/status.h"
#include "mapferry/workload.h"

namespace mapferry::inline v1 {

// A good slot size and count for the workload. A non-zero `slot_capacity_bytes` or `slot_count` is
// the user's choice and is kept. `readers`: of a stream, as far as they are known. Small payloads
// get small rings, so that they start in a millisecond; `keep` gets enough slots that none is ever
// reused. kUsage: the chosen slot_count is too small for keep.
[[nodiscard]] Result<PlanRequest> advise(Delivery delivery, const Workload& workload,
                                         std::uint64_t slot_capacity_bytes,
                                         std::uint64_t slot_count, std::uint32_t readers = 1);

// The next smaller ring, where the one of advise() can't be made. A stream first gets fewer slots,
// then smaller ones, then fewer still. In keep, where the slots are for payloads of unknown size,
// there are only fewer. Empty: there is no smaller ring.
[[nodiscard]] std::optional<PlanRequest> smaller_ring(const PlanRequest& request);

}  // namespace mapferry::inline v1

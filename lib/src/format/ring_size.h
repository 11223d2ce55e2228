// SPDX-License-Identifier: Apache-2.0
// How large a ring a workload deserves.
#pragma once

#include <cstdint>
#include <optional>

#include "format/geometry_plan.h"
#include "mapferry/geometry.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// A good slot size and count for the workload. Non-zero `slot_capacity_bytes` / `slot_count` are
// the user's wish and kept. Small payloads get small rings, so that they start in a millisecond;
// `keep` gets enough slots that nothing is ever reused. kUsage when a wished slot_count is too
// small for keep.
[[nodiscard]] Result<PlanRequest> advise(Delivery delivery, const Workload& workload,
                                         std::uint64_t slot_capacity_bytes,
                                         std::uint64_t slot_count);

// The next smaller ring for a stream that advise() would have liked larger: first fewer slots, then
// smaller ones, then fewer still. In keep, where the slots are for payloads of unknown size: fewer.
// Nothing when there is none.
[[nodiscard]] std::optional<PlanRequest> smaller_ring(const PlanRequest& request);

}  // namespace mapferry::inline v1

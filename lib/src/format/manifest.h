// SPDX-License-Identifier: Apache-2.0
// A payload's description as the section holds it.
#pragma once

#include "format/layout.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// To the section's record. kUsage: the name is longer than 1024 bytes, a text without a size, an
// image that contradicts itself, or anything else that payload_from_record would refuse.
[[nodiscard]] Result<layout::ManifestRecord> to_record(const PayloadInfo& info);

// From a private copy of a record; kCorrupt names the field and its value.
[[nodiscard]] Result<PayloadInfo> payload_from_record(const layout::ManifestRecord& record);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// A payload's description in the form that the section holds.
#pragma once

#include "format/layout.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Makes the section's record. kUsage: the name is longer than 1024 bytes, a text has no size, an
// image contradicts itself, or payload_from_record() would refuse it for another reason.
[[nodiscard]] Result<layout::ManifestRecord> to_record(const PayloadInfo& info);

// Reads a private copy of a record. kCorrupt names the field and its value.
[[nodiscard]] Result<PayloadInfo> payload_from_record(const layout::ManifestRecord& record);

}  // namespace mapferry::inline v1

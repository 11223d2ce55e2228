// SPDX-License-Identifier: Apache-2.0
// A payload's description in the form that the section holds.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "format/layout.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Makes the section's record. kUsage: the name is longer than 1024 bytes, a text has no size, an
// image contradicts itself, or payload_from_record() would refuse it for another reason.
[[nodiscard]] Result<layout::ManifestRecord> to_record(const PayloadInfo& info);

// The whole message: the record and the entries of its notes. kUsage also: the notes are too long.
[[nodiscard]] Result<std::vector<std::byte>> manifest_message(const PayloadInfo& info);

// Reads a private copy of a record, without its notes. kCorrupt names the field and its value.
[[nodiscard]] Result<PayloadInfo> payload_from_record(const layout::ManifestRecord& record);
// Reads a private copy of a whole message.
[[nodiscard]] Result<PayloadInfo> payload_from_message(std::span<const std::byte> message);

}  // namespace mapferry::inline v1

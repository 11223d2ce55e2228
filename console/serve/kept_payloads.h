// SPDX-License-Identifier: Apache-2.0
// Payloads of kept sections, and the bytes of buffers.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "console/look/picture_decoder.h"
#include "console/serve/seen_frame.h"
#include "mapferry/section.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// The first bytes of a payload, each of them verified. kNotFound: there is no such payload;
// kCorrupt; kUsage: the section is not kept; and the errors of Reader.
[[nodiscard]] Result<std::string> kept_bytes(const SectionAddress& address, std::uint64_t index,
                                             std::uint64_t bytes_max, const std::atomic<int>& stop);

// A payload that is a picture file, decoded apart. kCorrupt also: it is none.
[[nodiscard]] Result<std::shared_ptr<SeenFrame>> kept_picture(const SectionAddress& address,
                                                              std::uint64_t index, Sandbox sandbox,
                                                              MemoryBudget& budget,
                                                              const std::atomic<int>& stop);

// Bytes of a buffer as they are at this moment, without its lock; fewer at its end. kUsage: the
// section is none; and the errors of SharedBuffer.
[[nodiscard]] Result<std::string> buffer_bytes(const SectionAddress& address, std::uint64_t offset,
                                               std::uint64_t bytes_max);

}  // namespace mapferry::cli

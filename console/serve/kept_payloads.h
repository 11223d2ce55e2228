// SPDX-License-Identifier: Apache-2.0
// Payloads of kept sections, and the bytes of buffers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "console/look/picture_decoder.h"
#include "console/serve/seen_frame.h"
#include "mapferry/section.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// Which part of a payload or buffer.
struct ByteRange {
    std::uint64_t offset_bytes = 0;  // of buffers
    std::uint64_t bytes_max = 0;
};

// The first bytes of a payload, each of them verified. kNotFound: there is no such payload;
// kCorrupt; kUsage: the section is not kept; and the errors of Reader.
[[nodiscard]] Result<std::string> kept_bytes(const SectionAddress& address, std::uint64_t index,
                                             const ByteRange& range, const std::atomic<int>& stop);

// A payload that is a picture file, decoded apart. kCorrupt also: it is none.
[[nodiscard]] Result<std::shared_ptr<SeenFrame>> kept_picture(const SectionAddress& address,
                                                              std::uint64_t index, Sandbox sandbox,
                                                              MemoryBudget& budget,
                                                              const std::atomic<int>& stop);

// Bytes of a buffer as they are at this moment, without its lock; fewer at its end. kUsage: the
// section is none; and the errors of SharedBuffer.
[[nodiscard]] Result<std::string> buffer_bytes(const SectionAddress& address,
                                               const ByteRange& range);

}  // namespace mapferry::cli

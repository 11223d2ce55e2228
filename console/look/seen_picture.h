// SPDX-License-Identifier: Apache-2.0
// A checked picture from a section, in this process's own memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "console/look/picture_decoder.h"
#include "mapferry/frame.h"
#include "mapferry/image_view.h"
#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

struct SeenPicture {
    Image image;
    std::string what;  // "640x480 GRAY8, frame 12": for people
    std::optional<std::uint64_t> sequence = {};
};

// Copies a frame into private memory, and verifies the copy if the frame has a checksum. Encoded
// frames are decoded by decode_apart(). kUsage: the frame does not describe its image; kCorrupt;
// kInterrupted.
[[nodiscard]] Result<SeenPicture> see_frame(const Frame& frame, Sandbox sandbox,
                                            const std::atomic<int>& stop);

// The first file of a kept section, decoded. kUsage: the section holds no file, or it is not kept;
// kCorrupt: the file is no picture.
[[nodiscard]] Result<SeenPicture> see_kept_picture(const SectionAddress& address,
                                                   const Timeout& timeout, Sandbox sandbox,
                                                   const std::atomic<int>& stop);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// A picture out of a section, checked, in memory of this process's own.
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

// A frame's private copy, verified where it has a checksum. Encoded frames are decoded apart.
// kUsage: nobody said what the bytes show; kCorrupt; kInterrupted.
[[nodiscard]] Result<SeenPicture> see_frame(const Frame& frame, Sandbox sandbox,
                                            const std::atomic<int>& stop);

// The first file of a kept section, decoded. kUsage: it holds none, or is a stream of files;
// kCorrupt: it is no picture.
[[nodiscard]] Result<SeenPicture> see_kept_picture(const SectionAddress& address,
                                                   const Timeout& timeout, Sandbox sandbox,
                                                   const std::atomic<int>& stop);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// The arguments with which other programs read the frames that `mapferry receive --frames -o -`
// writes.
#pragma once

#include <string>

#include "mapferry/inspect.h"

namespace mapferry::cli {

// "-f rawvideo -pixel_format bgr24 -video_size 640x480 -framerate 30000/1001". kUsage: the section
// carries no frames, they are no images, or ffmpeg has no name for them; kStillFilling: none has
// come yet.
[[nodiscard]] Result<std::string> ffmpeg_arguments(const SectionReport& report);

// "fdsrc ! rawvideoparse width=640 height=480 format=bgr framerate=30000/1001". Errors as above.
[[nodiscard]] Result<std::string> gstreamer_arguments(const SectionReport& report);

}  // namespace mapferry::cli

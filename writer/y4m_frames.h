// SPDX-License-Identifier: Apache-2.0
// Frames from YUV4MPEG2 video.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mapferry/y4m.h"
#include "writer/frame_source.h"

namespace mapferry::cli {

// Fails when the first line of a video can't be read. `path` names it; `beginning` has at least
// kY4mLineBytesMax bytes, or all of the file.
[[nodiscard]] Result<void> look_at_y4m(const std::string& path, std::string_view beginning);

// The frames of one video. What its first line says of them all becomes the stream's facts.
class Y4mFrames : public SourceFrames {
  public:
    // `source` must outlive it.
    explicit Y4mFrames(FrameSource& source) : source_(&source) {}

    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;

  private:
    Result<std::optional<std::string>> next_line(FrameWriter& writer);
    Result<void> begin(FrameWriter& writer);
    Result<bool> begin_frame(FrameWriter& writer);

    FrameSource* source_;
    std::optional<Y4mHeader> stream_;  // empty: its first line was not read yet
};

}  // namespace mapferry::cli

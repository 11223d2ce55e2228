// SPDX-License-Identifier: Apache-2.0
// mapferry-reader --y4m: frames as YUV4MPEG2 video. Formats that it does not have become planar
// YUV.
#pragma once

#include <string>
#include <utility>

#include "cli/messages.h"
#include "cli/picture_levels.h"
#include "mapferry/output.h"
#include "reader/frame_output.h"

namespace mapferry::cli {

class Y4mOutput : public FrameOutput {
  public:
    Y4mOutput(const ReaderCommand& command, Output output, Durability durability)
        : messages_(command.common.messages()),
          levels_(command.levels),
          output_(std::move(output)),
          durability_(durability) {}

    [[nodiscard]] bool keeps_frames() const override { return output_.keeps_bytes(); }
    // kUsage: the format has no such frames, or this one is not like the first one.
    [[nodiscard]] Result<void> put(const TakenFrame& frame) override;
    [[nodiscard]] Result<void> finish() override { return output_.commit({}, durability_); }

  private:
    Result<void> begin(const ImageDescription& image, const StreamFacts& facts);
    Result<void> write(const ImageView& view, const StreamFacts& facts);
    void note_change(std::uint32_t from, std::uint32_t to);

    Messages messages_;
    PictureLevels levels_;
    Output output_;
    Durability durability_;
    StreamFacts facts_;        // of the first frame's stream
    std::uint32_t noted_ = 0;  // the last format that became another one
    std::string header_;       // empty: no frame came yet
};

}  // namespace mapferry::cli

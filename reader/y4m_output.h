// SPDX-License-Identifier: Apache-2.0
// mapferry-reader --y4m: frames as YUV4MPEG2 video.
#pragma once

#include <string>
#include <utility>

#include "mapferry/output.h"
#include "reader/frame_output.h"

namespace mapferry::cli {

class Y4mOutput : public FrameOutput {
  public:
    Y4mOutput(Output output, Durability durability)
        : output_(std::move(output)), durability_(durability) {}

    [[nodiscard]] bool keeps_frames() const override { return output_.keeps_bytes(); }
    // kUsage: the format has no such frames, or this one is not like the first one.
    [[nodiscard]] Result<void> put(const TakenFrame& frame) override;
    [[nodiscard]] Result<void> finish() override { return output_.commit({}, durability_); }

  private:
    Result<void> begin(const TakenFrame& frame);

    Output output_;
    Durability durability_;
    StreamFacts facts_;   // of the first frame's stream
    std::string header_;  // empty: no frame came yet
};

}  // namespace mapferry::cli

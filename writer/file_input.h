// SPDX-License-Identifier: Apache-2.0
// Frames from files that say themselves what they hold: pictures, arrays of NumPy, YUV4MPEG2 video.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "writer/frame_input.h"
#include "writer/frame_source.h"

namespace mapferry::cli {

// The frames in the files of the command line, one after the other. --loop begins again with the
// first file and keeps standard input in memory for that. What is damaged, missing or too large is
// reported as an error and left out; the other frames are sent.
class FileInput : public FrameInput {
  public:
    // `command` and `messages` must outlive it.
    FileInput(const WriterCommand& command, const ImageLimits& limits, const Messages& messages)
        : state_{.command = &command, .messages = &messages, .limits = limits} {}

    // Fails only when no file can have a frame.
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;
    [[nodiscard]] LeftOut left_out() const override { return state_.left_out; }

  private:
    bool begin_next_file();
    Result<bool> look_into(FrameWriter& writer);
    Result<std::optional<FrameLoan>> next_of_source(FrameWriter& writer);

    InputState state_;
    std::optional<FrameSource> source_;     // that is being read
    std::unique_ptr<SourceFrames> frames_;  // of the source; null: it was not looked into yet
    std::size_t next_file_ = 0;
    bool any_in_round_ = false;
    std::string kept_;  // the bytes of standard input, for --loop
};

}  // namespace mapferry::cli

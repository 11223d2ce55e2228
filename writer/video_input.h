// SPDX-License-Identifier: Apache-2.0
// Raw video: frames of one shape, without anything between them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/messages.h"
#include "mapferry/source.h"
#include "writer/frame_input.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// The videos named on the command line, one after the other, again from the first with --loop.
// Standard input can't be read twice: for --loop its frames are kept in memory.
class VideoInput : public FrameInput {
  public:
    // `command` and `messages` must outlive it.
    VideoInput(const WriterCommand& command, const ImageDescription& image,
               const Messages& messages)
        : command_(&command), image_(image), messages_(&messages) {}

    // Nothing: a video's files are opened one by one.
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;
    [[nodiscard]] Result<void> finish() override;

  private:
    Result<bool> read(const FrameWriter& writer, std::span<std::byte> frame);
    Result<bool> open_next(const FrameWriter& writer);
    [[nodiscard]] std::string shown_source() const;
    Result<std::size_t> fill(const FrameWriter& writer, std::span<std::byte> frame);

    const WriterCommand* command_;
    ImageDescription image_;
    const Messages* messages_;
    std::optional<Source> source_;
    std::size_t next_file_ = 0;
    bool any_in_round_ = false;
    std::vector<std::vector<std::byte>> kept_;  // of standard input
    std::size_t next_kept_ = 0;
    bool replaying_ = false;
};

}  // namespace mapferry::cli

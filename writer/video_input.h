// SPDX-License-Identifier: Apache-2.0
// Raw video: frames of the same shape, with nothing between them.
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

// The videos of the command line, one after the other. --loop begins again with the first one.
// Standard input can't be read twice, so --loop keeps its frames in memory.
class VideoInput : public FrameInput {
  public:
    // `command` and `messages` must outlive it.
    VideoInput(const WriterCommand& command, const ImageDescription& image,
               const Messages& messages)
        : command_(&command), image_(image), messages_(&messages) {}

    // Fails when a file can't be opened.
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;
    [[nodiscard]] Result<void> finish() override;

  private:
    Result<bool> read(FrameWriter& writer, std::span<std::byte> frame);
    Result<bool> open_next(FrameWriter& writer);
    [[nodiscard]] std::string shown_source() const;
    Result<std::size_t> fill(FrameWriter& writer, std::span<std::byte> frame);

    const WriterCommand* command_;
    ImageDescription image_;
    const Messages* messages_;
    std::optional<Source> source_;
    std::size_t next_file_ = 0;
    bool any_in_round_ = false;
    std::vector<std::vector<std::byte>> kept_;  // of standard input, for --loop
    std::size_t next_kept_ = 0;
    bool replaying_ = false;
};

}  // namespace mapferry::cli

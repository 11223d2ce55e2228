// Picture files: each is decoded when its turn comes, so memory is needed for one at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/messages.h"
#include "mapferry/image_file.h"
#include "writer/frame_input.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// The pictures named on the command line, one after the other, again from the first with --loop;
// one from standard input is kept in memory for that. A picture of a kind that is not decoded
// becomes a frame of its file's bytes, with a warning.
class PictureInput : public FrameInput {
  public:
    // `command` and `messages` must outlive it.
    PictureInput(const WriterCommand& command, const ImageLimits& limits, const Messages& messages)
        : command_(&command), limits_(limits), messages_(&messages) {}

    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] Result<std::optional<ReadyFrame>> next(FrameWriter& writer) override;

  private:
    Result<std::vector<std::byte>> read(const FrameWriter& writer, const std::string& path);
    Result<ReadyFrame> lend(FrameWriter& writer, const std::string& path,
                            std::span<const std::byte> file);

    const WriterCommand* command_;
    ImageLimits limits_;
    const Messages* messages_;
    std::size_t next_file_ = 0;
    bool first_round_ = true;
    std::vector<std::byte> kept_;  // of standard input
};

}  // namespace mapferry::cli

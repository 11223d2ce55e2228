// SPDX-License-Identifier: Apache-2.0
// Frames from picture files. Each picture is decoded when its turn comes, so only one of them needs
// memory at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/messages.h"
#include "mapferry/image_file.h"
#include "mapferry/picture_splitter.h"
#include "mapferry/source.h"
#include "writer/frame_input.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// The pictures in the files of the command line, one after the other. --loop begins again with the
// first one and keeps standard input in memory for that. A picture of a kind that is not decoded
// becomes a frame of its file's bytes, with a warning. A damaged, missing or too large picture is
// reported as an error and left out; the others are sent.
class PictureInput : public FrameInput {
  public:
    // `command` and `messages` must outlive it.
    PictureInput(const WriterCommand& command, const ImageLimits& limits, const Messages& messages)
        : command_(&command), limits_(limits), messages_(&messages) {}

    // Fails only when no file can have a picture.
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;
    [[nodiscard]] LeftOut left_out() const override { return left_out_; }

  private:
    // The source that is being read.
    struct Opened {
        std::string path;
        Source source;
        PictureSplitter splitter;
        std::uint64_t pieces = 0;
        std::uint64_t other_bytes = 0;  // that are no picture, since the last picture
        bool changed = false;           // the source, while it was read
    };

    [[nodiscard]] Result<void> look_at(const std::string& path) const;
    bool begin_next_file();
    Result<std::optional<PicturePiece>> next_piece(FrameWriter& writer);
    Result<bool> read_more(FrameWriter& writer);
    Result<void> look_for_change();
    Result<std::optional<FrameLoan>> make_frame(FrameWriter& writer, const PicturePiece& piece);
    Result<FrameLoan> lend(FrameWriter& writer, std::span<const std::byte> bytes,
                           const ImageDescription& image);
    [[nodiscard]] std::string name() const;
    void report(Status status);
    void leave_out(Status status);
    void report_other_bytes();
    void warn(const std::string& what) const;

    const WriterCommand* command_;
    ImageLimits limits_;
    const Messages* messages_;
    std::optional<Opened> opened_;
    std::size_t next_file_ = 0;
    bool first_round_ = true;
    bool any_in_round_ = false;
    std::string kept_;  // the bytes of standard input, for --loop
    LeftOut left_out_;
};

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// One source of frames, a file or standard input, while it is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/messages.h"
#include "mapferry/image_file.h"
#include "writer/frame_input.h"
#include "writer/source_bytes.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// The name of a source in messages.
[[nodiscard]] std::string shown_source(const std::string& path);

// What all sources of an input have in common.
struct InputState {
    const WriterCommand* command = nullptr;
    const Messages* messages = nullptr;
    ImageLimits limits = {};
    bool first_round = true;  // --loop: only in it something is reported
    LeftOut left_out = {};

    // Reports an error after which the input continues.
    void report(Status status);
    // The same for a frame or a file that is not sent because of it.
    void leave_out(Status status);
};

class FrameSource {
  public:
    FrameSource(InputState& state, std::string path, SourceBytes bytes)
        : state_(&state), path_(std::move(path)), bytes_(std::move(bytes)) {}

    [[nodiscard]] SourceBytes& bytes() { return bytes_; }
    [[nodiscard]] const InputState& state() const { return *state_; }
    [[nodiscard]] std::string shown() const { return shown_source(path_); }
    // The current frame in messages: the source and, from its second frame on, its number.
    [[nodiscard]] std::string name(const char* noun) const;
    // How many frames begin in what was read so far.
    [[nodiscard]] std::uint64_t pieces() const { return pieces_; }
    void begin_piece() { ++pieces_; }

    void report(Status status) { state_->report(std::move(status)); }
    void leave_out(Status status) { state_->leave_out(std::move(status)); }
    void warn(const std::string& what) const;
    // The rest of the source can't be read: reports that and returns "no more frames". If the
    // reason is the writer's, returns that error.
    [[nodiscard]] Result<std::optional<FrameLoan>> give_up(FrameWriter& writer, Status status);

    // The same for a frame that got no slot. Only of one that is too large it is the source's
    // fault.
    [[nodiscard]] Result<std::optional<FrameLoan>> give_up_loan(FrameWriter& writer, Status status);

    // Call it before each frame is published. Returns whether the source changed while it was read;
    // warns once. kCorrupt: it did, with --strict-source.
    [[nodiscard]] Result<bool> has_changed();

  private:
    InputState* state_;
    std::string path_;
    SourceBytes bytes_;
    std::uint64_t pieces_ = 0;
    bool changed_ = false;
};

// The frames in a source of one kind.
class SourceFrames {
  public:
    virtual ~SourceFrames() = default;
    // The next frame, in a slot of `writer`; empty when there are no more. An error ends the
    // program. What costs a frame or the source's rest was reported to the source.
    [[nodiscard]] virtual Result<std::optional<FrameLoan>> next(FrameWriter& writer) = 0;
};

}  // namespace mapferry::cli

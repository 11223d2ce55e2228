// Where the frames of mapferry-reader --frames go.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/image.h"
#include "mapferry/status.h"
#include "reader/reader_command.h"

namespace mapferry::cli {

// Called about ten times a second while an output waits; ends the wait with its error.
using Beat = std::function<Result<void>()>;

class FrameOutput {
  public:
    virtual ~FrameOutput() = default;

    // False: put() is not called, and nobody needs a copy of the frame.
    [[nodiscard]] virtual bool keeps_frames() const { return true; }
    // True: frames stand one behind the other, so another shape spoils what was there.
    [[nodiscard]] virtual bool wants_one_shape() const { return false; }
    // One frame: a private copy, verified.
    [[nodiscard]] virtual Result<void> put(std::span<const std::byte> bytes,
                                           const std::optional<ImageDescription>& image,
                                           const Beat& beat) = 0;
    // There are no more frames.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

// By -o: raw video into a file or standard output, pictures into numbered files or one, or nowhere.
// kUsage: a pattern whose extension is unknown.
[[nodiscard]] Result<std::unique_ptr<FrameOutput>> open_frame_output(const ReaderCommand& command);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Where the frames of mapferry-reader --frames go.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/image.h"
#include "mapferry/status.h"
#include "reader/reader_command.h"

namespace mapferry::cli {

class FrameOutput {
  public:
    virtual ~FrameOutput() = default;

    // False: put() is not called, and nobody needs a copy of the frame.
    [[nodiscard]] virtual bool keeps_frames() const { return true; }
    // True: frames stand one behind the other, so another shape spoils what was there.
    [[nodiscard]] virtual bool wants_one_shape() const { return false; }
    // One frame: a private copy, verified.
    [[nodiscard]] virtual Result<void> put(std::span<const std::byte> bytes,
                                           const std::optional<ImageDescription>& image) = 0;
    // There are no more frames.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

// By -o: raw video into a file or standard output, pictures into numbered files or one, or nowhere.
// kUsage: a pattern whose extension is unknown. `stop` ends a wait for a full pipe.
[[nodiscard]] Result<std::unique_ptr<FrameOutput>> open_frame_output(const ReaderCommand& command,
                                                                     const std::atomic<int>& stop);

}  // namespace mapferry::cli

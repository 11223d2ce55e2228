// SPDX-License-Identifier: Apache-2.0
// Where the frames of mapferry-reader --frames go.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/frame_notes.h"
#include "mapferry/image.h"
#include "mapferry/status.h"
#include "mapferry/tensor.h"
#include "reader/reader_command.h"

namespace mapferry::cli {

// A frame as an output takes it.
struct TakenFrame {
    std::span<const std::byte> bytes;  // a private, verified copy
    std::optional<ImageDescription> image = {};
    std::optional<TensorDescription> tensor = {};
    StreamFacts facts = {};  // of its stream
};

class FrameOutput {
  public:
    virtual ~FrameOutput() = default;

    // False: the frames are discarded. Do not call put(); a frame needs no copy.
    [[nodiscard]] virtual bool keeps_frames() const { return true; }
    // True: all frames go into one stream of raw video, which a change of shape spoils.
    [[nodiscard]] virtual bool wants_one_shape() const { return false; }
    [[nodiscard]] virtual Result<void> put(const TakenFrame& frame) = 0;
    // Call it after the last frame.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

// Opens what -o or --null asks for: video into a file or standard output, raw or as YUV4MPEG2;
// pictures or arrays into numbered files or into one file; or nothing. kUsage: for example, the
// extension of a pattern is unknown. `stop` ends a wait for a full pipe.
[[nodiscard]] Result<std::unique_ptr<FrameOutput>> open_frame_output(const ReaderCommand& command,
                                                                     const std::atomic<int>& stop);

}  // namespace mapferry::cli

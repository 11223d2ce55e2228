// Where the frames of mapferry-writer --frames come from.
#pragma once

#include <functional>
#include <optional>

#include "mapferry/frame_writer.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// A frame that only waits for its moment.
struct ReadyFrame {
    FrameLoan loan;
    ImageDescription image;
};

class FrameInput {
  public:
    virtual ~FrameInput() = default;

    // What is wrong with the sources, as far as that can be told before anybody waits for anything.
    [[nodiscard]] virtual Result<void> check() const = 0;

    // The next frame, in a slot of `writer`; empty when there are no more.
    [[nodiscard]] virtual Result<std::optional<ReadyFrame>> next(FrameWriter& writer) = 0;
};

// Called about ten times a second while an input waits for its source; ends the wait with its
// error.
using Beat = std::function<Result<void>()>;

}  // namespace mapferry::cli

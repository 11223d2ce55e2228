// Where the frames of mapferry-writer --frames come from.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "mapferry/frame_writer.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// A frame that only waits for its moment.
struct ReadyFrame {
    FrameLoan loan;
    ImageDescription image;
};

// For a slot: a slow reader that shows life is waited for, and the section itself gives up those
// that show none for --timeout.
inline constexpr std::int64_t kPatientMs = std::numeric_limits<std::int64_t>::max() / 2;

// Whether the source can be opened for a look before its turn: a file can, what is read but once
// can't. What is missing, or a folder, counts as a file, so that opening it tells.
[[nodiscard]] bool is_looked_into(const std::string& path);

// What an input could not make frames of, and said so; the rest went on.
struct LeftOut {
    std::uint64_t count = 0;
    Code first_cause = Code::kCorrupt;
};

class FrameInput {
  public:
    virtual ~FrameInput() = default;

    // What is wrong with the sources, as far as that can be told before anybody waits for anything.
    [[nodiscard]] virtual Result<void> check() const = 0;

    // The next frame, in a slot of `writer`; empty when there are no more.
    [[nodiscard]] virtual Result<std::optional<ReadyFrame>> next(FrameWriter& writer) = 0;

    [[nodiscard]] virtual LeftOut left_out() const { return {}; }
};

// Called about ten times a second while an input waits for its source; ends the wait with its
// error.
using Beat = std::function<Result<void>()>;

}  // namespace mapferry::cli

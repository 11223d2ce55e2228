// SPDX-License-Identifier: Apache-2.0
// Where the frames of mapferry-writer --frames come from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mapferry/frame_writer.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// Whether the source can be opened for a look before its turn: a file can, what is read but once
// can't. What is missing, or a folder, counts as a file, so that opening it tells.
[[nodiscard]] bool is_looked_into(const std::string& path);

// What an input could not make frames of, and said so; the rest went on.
struct LeftOut {
    std::uint64_t count = 0;           // pictures
    std::optional<Status> first = {};  // that was said, also of bytes that are no picture
};

class FrameInput {
  public:
    virtual ~FrameInput() = default;

    // What is wrong with the sources, as far as that can be told before anybody waits for anything.
    [[nodiscard]] virtual Result<void> check() const = 0;

    // The next frame, in a slot of `writer`; empty when there are no more.
    [[nodiscard]] virtual Result<std::optional<FrameLoan>> next(FrameWriter& writer) = 0;

    // After the last frame that was wanted, which may not be the source's last.
    [[nodiscard]] virtual Result<void> finish() { return {}; }

    [[nodiscard]] virtual LeftOut left_out() const { return {}; }

    // A file changed while it was read. Readers hear nothing of it: a frame has no end record.
    [[nodiscard]] bool source_changed() const { return source_changed_; }

  protected:
    bool source_changed_ = false;
};

}  // namespace mapferry::cli

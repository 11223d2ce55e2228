// SPDX-License-Identifier: Apache-2.0
// The source of the frames of mapferry-writer --frames.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mapferry/frame_writer.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// Whether the source can be opened and looked at before its turn. Files can. Standard input, pipes,
// sockets and character devices can't, because their bytes can be read only once. A missing path or
// a folder counts as a file, so that opening it reports the error.
[[nodiscard]] bool is_looked_into(const std::string& path);

// The pictures of which an input could make no frame. Each of them was reported, and the input
// continued.
struct LeftOut {
    std::uint64_t count = 0;           // pictures
    std::optional<Status> first = {};  // the first report; also of bytes that are no picture
};

class FrameInput {
  public:
    virtual ~FrameInput() = default;

    // Reports errors of the sources that can be found before anybody waits.
    [[nodiscard]] virtual Result<void> check() const = 0;

    // The next frame, in a slot of `writer`; empty when there are no more frames.
    [[nodiscard]] virtual Result<std::optional<FrameLoan>> next(FrameWriter& writer) = 0;

    // Call after the last wanted frame, which may not be the source's last one.
    [[nodiscard]] virtual Result<void> finish() { return {}; }

    [[nodiscard]] virtual LeftOut left_out() const { return {}; }

    // Whether a file changed while it was read. Readers do not learn of it, because a frame has no
    // end record.
    [[nodiscard]] bool source_changed() const { return source_changed_; }

  protected:
    bool source_changed_ = false;
};

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Frames from arrays in NumPy's file format.
#pragma once

#include <optional>
#include <string>

#include "mapferry/npy.h"
#include "writer/frame_source.h"

namespace mapferry::cli {

// Fails when the header of a file shows that its array can't be a frame. `path` names it.
[[nodiscard]] Result<void> look_at_array(const std::string& path, Source& source);

// The arrays of a source: NumPy's save() stores any number of them one after the other.
class ArrayFrames : public SourceFrames {
  public:
    // `source` must outlive it.
    explicit ArrayFrames(FrameSource& source) : source_(&source) {}

    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;

  private:
    Result<std::optional<NpyHeader>> next_header(FrameWriter& writer);

    FrameSource* source_;
};

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// What a writer's last frame described. The frames of a stream are mostly alike, so most of them
// are checked by a comparison.
#pragma once

#include <cstdint>
#include <optional>

#include "base/try.h"
#include "format/notes.h"

namespace mapferry::inline v1 {

class FittingNotes {
  public:
    // As check_notes_fit().
    [[nodiscard]] Result<void> check(const FrameNotes& notes, std::uint64_t bytes) {
        if (bytes == bytes_ && notes.image == image_ && notes.tensor == tensor_) return {};
        TRY(check_notes_fit(notes, bytes));
        image_ = notes.image;
        tensor_ = notes.tensor;
        bytes_ = bytes;
        return {};
    }

  private:
    // No image and no array fit into any frame.
    std::optional<ImageDescription> image_ = {};
    std::optional<TensorDescription> tensor_ = {};
    std::uint64_t bytes_ = 0;
};

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// What a reader of frames waits for: the News of its NewsWatch.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "frames/reader/frame_connection.h"
#include "mapferry/frame_reader.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

// A writer's death or abort is reported once. After that the reader waits for a successor.
enum class LossOfWriter : std::uint8_t { kUnsaid, kSaid };

class FrameNews {
  public:
    // `wanted`: sequence of the next frame. `options` must outlive it.
    FrameNews(std::shared_ptr<FrameConnection> connection, std::uint64_t wanted,
              const FrameReaderOptions& options, LossOfWriter loss)
        : connection_(std::move(connection)), wanted_(wanted), options_(&options), loss_(loss) {}

    [[nodiscard]] const MappedSection& section() const { return connection_->section; }
    // Whether there is a frame, or an end that the writer stored.
    [[nodiscard]] bool have_come() const;
    // Whether the writer died, another writer came, or waiting is pointless: no bell rings for
    // these.
    [[nodiscard]] bool have_come_silently(Peers& peers) const;

  private:
    // Whether a writer in this condition is no news by itself, because a successor is waited for.
    [[nodiscard]] bool is_followed(WriterCondition condition) const;
    [[nodiscard]] bool another_has_come() const;

    std::shared_ptr<FrameConnection> connection_;
    std::uint64_t wanted_;
    const FrameReaderOptions* options_;
    LossOfWriter loss_;
};

}  // namespace mapferry::inline v1

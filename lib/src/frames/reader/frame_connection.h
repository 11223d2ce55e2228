// SPDX-License-Identifier: Apache-2.0
// A frame reader's place in one writer's section: mapping, role, ring. The reader and its frames
// share it, so that a frame outlives both the reader and the section's name.
#pragma once

#include <cstdint>
#include <memory>

#include "frames/reader/frame_ring_reader.h"
#include "frames/reader/known_image.h"
#include "mapferry/frame_reader.h"
#include "ring/bell.h"
#include "section/mapped_section.h"
#include "section/present_bytes.h"

namespace mapferry::inline v1 {

class FrameConnection {
  public:
    // Opens the section that is there now and takes a place in it. kNotFound, kNotReady: there is
    // no section, or none with a living writer; kBusy: no place is free; kUsage: it carries no
    // frames.
    [[nodiscard]] static Result<std::shared_ptr<FrameConnection>> open(
        const SectionAddress& address);
    // Waits until open() finds a section and a place.
    [[nodiscard]] static Result<std::shared_ptr<FrameConnection>> await(
        const FrameReaderOptions& options);
    // Whether waiting may help against this failure of open().
    [[nodiscard]] static bool may_come(Code code);

    explicit FrameConnection(MappedSection mapped)
        : section(std::move(mapped)), peers(section), ring(section.view, peers) {}
    // Leaves the place.
    ~FrameConnection();
    FrameConnection(const FrameConnection&) = delete;
    FrameConnection& operator=(const FrameConnection&) = delete;

    // Waits for news at most slice_ms. May return early for no reason.
    template <typename News>
    void wait(Waiting waiting, std::int64_t slice_ms, const News& news) {
        if (waiting == Waiting::kSleep) {
            if (!spin_for(peers, news))
                sleep_at(section.view.readers_bell(), peers, slice_ms, news);
            return;
        }
        ring.prefetch_next();
        const std::int64_t until_ms = peers.now_ms() + slice_ms;
        while (peers.now_ms() < until_ms)
            if (spin_for(peers, news)) return;
    }

    MappedSection section;
    SectionPeers peers;
    FrameRingReader ring;
    PresentBytes present{section};
    KnownImage known_image;
    std::uint64_t first_sequence = 0;  // where this reader begins

  private:
    bool attached_ = false;
};

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// A frame that was taken: its lease and its facts. Shared by frame.cc and the reader that takes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "format/layout.h"
#include "format/notes.h"
#include "frames/reader/frame_connection.h"
#include "mapferry/frame.h"

namespace mapferry::inline v1 {

struct Frame::Impl {
    std::shared_ptr<FrameConnection> connection;  // keeps the mapping
    LeasedFrame leased;
    SlotBytes mapped = {};
    std::optional<ImageDescription> image = {};
    std::unique_ptr<const NotesFound> notes = {};  // null: the frame has none
    std::uint64_t missed = 0;
    std::optional<std::uint64_t> latency_ns = {};
    bool restarted = false;

    [[nodiscard]] const MappedSection& mapped_section() const { return connection->section; }
    [[nodiscard]] bool has_checksum() const {
        return (leased.facts.flags & layout::kSlotUnhashed) == 0;
    }
    // Maps the frame and takes in what it says of itself.
    Result<void> take_in();
    [[nodiscard]] std::uint64_t sequence() const { return leased.facts.sequence - 1; }
    Result<void> verify();
    Result<void> copy_to(std::span<std::byte> target);

    ~Impl() {
        if (!connection->section.inherited()) connection->ring.release(leased);
    }
};

}  // namespace mapferry::inline v1

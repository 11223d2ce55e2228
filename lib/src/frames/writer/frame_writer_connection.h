// SPDX-License-Identifier: Apache-2.0
// The section of a frame writer as it is open now: mapping, role, ring, and the memory of its
// slots. The writer and its loans share it, so that the bytes of a loan stay mapped until it goes,
// even when its writer has gone before.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "frames/writer/frame_ring_writer.h"
#include "mapferry/frame_writer.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

class FrameWriterConnection {
  public:
    // Creates the section without its name. The caller gives it the name, by publish_section(),
    // once the object exists that will remove the name again.
    [[nodiscard]] static Result<std::shared_ptr<FrameWriterConnection>> prepare(
        const FrameWriterOptions& options);

    FrameWriterConnection(MappedSection mapped, const FrameWriterOptions& options);

    // A slot whose first `bytes` bytes may be touched. A slot that can't be made large enough is
    // put aside. Fails like FrameWriter::loan().
    [[nodiscard]] Result<std::uint32_t> acquire(std::uint64_t bytes, std::int64_t timeout_ms);
    // The bytes of a slot on loan, with those that notes may take. Only those that acquire() and
    // grow() were asked for may be touched.
    [[nodiscard]] std::span<std::byte> bytes_of(std::uint32_t slot) const {
        return loaned_[slot].bytes;
    }
    // Keeps the bytes of a slot on loan mapped.
    [[nodiscard]] std::shared_ptr<const void> memory_of(std::uint32_t slot) const {
        return loaned_[slot].map;
    }
    // Where the notes of a frame of this size begin.
    [[nodiscard]] std::span<std::byte> notes_place(std::uint32_t slot,
                                                   std::uint64_t frame_bytes) const {
        return bytes_of(slot).subspan(static_cast<std::size_t>(layout::notes_offset(frame_bytes)));
    }
    // Makes the slot's first `bytes` bytes safe to touch.
    Result<void> grow(std::uint32_t slot, std::uint64_t bytes);
    // Ends the loan. The result is the frame's sequence.
    std::uint64_t publish(std::uint32_t slot, std::uint64_t bytes, const FrameFacts& facts);
    void give_back(std::uint32_t slot);
    // This process writes no more frames here, though its loans may keep the section mapped.
    void leave();

    MappedSection section;
    SectionPeers peers;
    FrameRingWriter ring;

  private:
    void shrink(std::uint32_t slot);
    Result<std::uint32_t> map(std::uint32_t slot, std::uint64_t bytes);
    [[nodiscard]] std::uint64_t unread_limit(std::uint64_t frame_bytes) const;
    [[nodiscard]] std::uint64_t offset_of(std::uint32_t slot) const;

    std::uint32_t slots_asked_for_;              // 0: the user chose no number
    std::vector<std::uint64_t> reserved_bytes_;  // of each slot
    std::vector<SlotBytes> loaned_;              // of each slot that is on loan
};

}  // namespace mapferry::inline v1

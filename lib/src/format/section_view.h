// SPDX-License-Identifier: Apache-2.0
// A mapped section seen through a validated geometry: typed references, no decisions. It works on
// any memory, so the ring's logic is tested on a heap buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/frame_layout.h"
#include "format/geometry.h"
#include "format/layout.h"

namespace mapferry::inline v1 {

class SectionView {
  public:
    SectionView() = default;
    // `header` is the section's first payload_offset bytes, `payload` the rest; both must outlive
    // the view. If the payload is mapped read-only, nobody may write through payload(). Where the
    // slots are mapped one by one (SlotMaps) it is null, and payload() must not be called.
    SectionView(std::byte* header, std::byte* payload, const Geometry& geometry,
                std::uint64_t epoch)
        : header_(header), payload_(payload), geometry_(geometry), epoch_(epoch) {}

    [[nodiscard]] const Geometry& geometry() const { return geometry_; }
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

    [[nodiscard]] layout::WriterLine& writer_line() const {
        return at<layout::WriterLine>(layout::kWriterLineOffset);
    }
    [[nodiscard]] layout::ReadersBell& readers_bell() const {
        return at<layout::ReadersBell>(layout::kReadersBellOffset);
    }
    [[nodiscard]] layout::WriterBell& writer_bell() const {
        return at<layout::WriterBell>(layout::kWriterBellOffset);
    }
    [[nodiscard]] layout::FrameLine& frame_line() const {
        return at<layout::FrameLine>(layout::kFrameLineOffset);
    }
    [[nodiscard]] layout::Admission& admission(std::uint32_t reader) const {
        return at<layout::Admission>(layout::kAdmissionsOffset +
                                     reader * sizeof(layout::Admission));
    }
    [[nodiscard]] layout::Board& board() const { return at<layout::Board>(layout::kBoardOffset); }
    [[nodiscard]] layout::BufferLine& buffer_line() const {
        return at<layout::BufferLine>(layout::kBufferLineOffset);
    }
    [[nodiscard]] layout::AbortNote& abort_note() const {
        return at<layout::AbortNote>(layout::kAbortNoteOffset);
    }
    [[nodiscard]] layout::ReaderLine& reader_line(std::uint32_t reader) const {
        return at<layout::ReaderLine>(geometry_.readers_offset +
                                      reader * sizeof(layout::ReaderLine));
    }
    // Descriptor and bytes of the slot that message `sequence` lives in.
    [[nodiscard]] layout::Slot& slot(std::uint64_t sequence) const {
        return slot_at(slot_index(sequence));
    }
    [[nodiscard]] std::span<std::byte> payload(std::uint64_t sequence) const {
        return payload_at(slot_index(sequence));
    }
    // Descriptor and bytes of a slot by its place.
    [[nodiscard]] layout::Slot& slot_at(std::uint64_t index) const {
        return at<layout::Slot>(geometry_.slots_offset + index * sizeof(layout::Slot));
    }
    // Frames: the descriptor, and the area of the description with this version.
    [[nodiscard]] layout::FrameSlot& frame_slot(std::uint64_t index) const {
        return at<layout::FrameSlot>(geometry_.slots_offset + index * sizeof(layout::FrameSlot));
    }
    [[nodiscard]] layout::DescriptionHeader& description_header(std::uint64_t version) const {
        return at<layout::DescriptionHeader>(description_offset(geometry_, version));
    }
    [[nodiscard]] std::span<std::byte> description_text(std::uint64_t version) const {
        return {
            header_ + description_offset(geometry_, version) + sizeof(layout::DescriptionHeader),
            static_cast<std::size_t>(layout::kDescriptionBytesMax)};
    }
    [[nodiscard]] std::span<std::byte> payload_at(std::uint64_t index) const {
        return {payload_ + index * geometry_.slot_capacity_bytes,
                static_cast<std::size_t>(geometry_.slot_capacity_bytes)};
    }

  private:
    template <typename T>
    [[nodiscard]] T& at(std::uint64_t offset) const {
        return *reinterpret_cast<T*>(header_ + offset);
    }
    [[nodiscard]] std::uint64_t slot_index(std::uint64_t sequence) const {
        return sequence % geometry_.slot_count;
    }

    std::byte* header_ = nullptr;
    std::byte* payload_ = nullptr;
    Geometry geometry_;
    std::uint64_t epoch_ = 0;
};

}  // namespace mapferry::inline v1

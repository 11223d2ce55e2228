// SPDX-License-Identifier: Apache-2.0
// The binary layout of what frames and payloads say beside their bytes: a frame's descriptor, its
// notes, and the description of a stream of frames. The rules of layout.h hold here too.
//
//   slot of a frame:   pixels | notes               notes = NotesHeader, entry*
//   manifest message:  ManifestRecord | entry*      entry = EntryHeader, content, zeros up to 8
//
// Between descriptors and payload, sections of frames have two description areas. The writer fills
// the one that is not in use and then stores its version in FrameLine, so that a writer that dies
// half way leaves the other one whole.
#pragma once

#include <cstddef>
#include <cstdint>

#include "format/layout.h"

namespace mapferry::inline v1::layout {

// The descriptor of a frame. The same place and the same checksum as Slot, with other fields where
// a message of a payload has what a frame has not.
struct FrameSlot {
    std::uint64_t sequence;        // as in Slot; 0 also while the writer looks at the leases
    std::uint64_t bytes;           // of the frame, without its notes
    std::uint64_t xxh3;            // of those bytes
    std::uint64_t source_skipped;  // frames so far that the source lost before the writer had them
    std::uint64_t payload_index;   // the frame's sequence
    std::int64_t timestamp_unix_ns;  // writer's clock at publication
    std::uint32_t kind;              // kKindFrame
    std::uint32_t flags;             // kSlotUnhashed, kSlotSourceNumber
    std::uint32_t notes_bytes;       // behind the frame, from the next multiple of 64; 0 = none
    std::uint32_t capture_clock;     // kClock...
    ImageRecord image;
    std::int64_t capture_ns;      // by capture_clock; 0 = not known
    std::uint64_t source_number;  // kSlotSourceNumber: the source's own number of the frame
    std::uint64_t reserved[1];
    std::uint64_t slot_xxh3;
};

// FrameSlot.capture_clock
inline constexpr std::uint32_t kClockUnknown = 0;    // ticks of the source, comparable to nothing
inline constexpr std::uint32_t kClockRealtime = 1;   // UTC since 1970
inline constexpr std::uint32_t kClockMonotonic = 2;  // since this machine's start
inline constexpr std::uint32_t kClockTai = 3;        // TAI since 1970, as PTP sends it

// A frame's notes.
inline constexpr std::uint64_t kNotesAlign = 64;
[[nodiscard]] constexpr std::uint64_t notes_offset(std::uint64_t frame_bytes) {
    return (frame_bytes + kNotesAlign - 1) / kNotesAlign * kNotesAlign;
}
struct NotesHeader {
    std::uint64_t xxh3;  // XXH3-64 of the notes' other bytes, seed = epoch + mark
    std::uint64_t reserved;
};

// One thing that is said. A reader must know a type under kEntryMayBeIgnored, and refuses what it
// does not know; it passes over higher types. No type comes twice.
struct EntryHeader {
    std::uint32_t type;   // kEntry...
    std::uint32_t bytes;  // of the content
};
inline constexpr std::uint32_t kEntryMayBeIgnored = 0x8000;
inline constexpr std::uint32_t kEntryPlanes = 1;         // u64 offset, u64 row stride of each plane
inline constexpr std::uint32_t kEntryTensor = 0x8001;    // TensorHead, then u64 for each dimension
inline constexpr std::uint32_t kEntryMetadata = 0x8002;  // MetadataHead, its type, its bytes
inline constexpr std::uint32_t kEntryPairs = 0x8003;     // (key, NUL, value, NUL)*; manifests only

struct PlaneEntry {
    std::uint64_t offset_bytes;
    std::uint64_t row_stride_bytes;
};

struct TensorHead {
    std::uint8_t type;  // DLPack: 0 int, 1 uint, 2 float, 3 opaque, 4 bfloat, 5 complex, 6 bool
    std::uint8_t bits;  // of an element
    std::uint16_t lanes;
    std::uint32_t dimensions;
};

struct MetadataHead {
    std::uint32_t content_type_bytes;  // the type follows, with zeros up to 8
    std::uint32_t reserved;
};

inline constexpr std::uint32_t kTensorDimensionsMax = 8;
inline constexpr std::uint64_t kMetadataBytesMax = 65536;
inline constexpr std::uint64_t kContentTypeBytesMax = 64;
// A slot has room for the largest frame of the section and for notes of this size.
inline constexpr std::uint64_t kNotesBytesMax = 69632;
// What stays in a manifest's message beside the record.
inline constexpr std::uint64_t kManifestNotesMax = kSlotCapacityMin - sizeof(ManifestRecord);

// A stream's description: JSON by custom, never trusted.
inline constexpr std::uint64_t kDescriptionBytesMax = 65536;
struct DescriptionHeader {
    std::uint64_t version;
    std::uint64_t text_bytes;
    std::uint64_t xxh3;  // XXH3-64 of the text, seed = epoch + version
    std::uint64_t reserved[5];
};
inline constexpr std::uint64_t kDescriptionAreaBytes =
    sizeof(DescriptionHeader) + kDescriptionBytesMax;
inline constexpr std::uint64_t kDescriptionAreas = 2;  // version v is in area v mod 2

}  // namespace mapferry::inline v1::layout

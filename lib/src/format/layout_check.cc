// SPDX-License-Identifier: Apache-2.0
// Pins the layout byte by byte when the library is compiled, on each platform. A message says what
// breaks if its field moves.
#include "format/layout.h"

#include <atomic>
#include <type_traits>

#include "format/frame_layout.h"

namespace mapferry::inline v1::layout {

template <typename T>
inline constexpr bool kSharable = std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T> &&
                                  std::has_unique_object_representations_v<T>;

static_assert(kSharable<Ident>, "hidden padding in Ident would leak memory and differ by compiler");
static_assert(kSharable<WriterLine>, "hidden padding in WriterLine");
static_assert(kSharable<ReadersBell> && kSharable<WriterBell>, "hidden padding in a bell");
static_assert(kSharable<FrameLine>, "hidden padding in FrameLine");
static_assert(kSharable<Admission> && kSharable<ReaderLine>, "hidden padding in the reader table");
static_assert(kSharable<ImageRecord> && kSharable<Slot>, "hidden padding in a slot descriptor");
static_assert(kSharable<ManifestRecord> && kSharable<EndRecord>, "hidden padding in a record");
static_assert(kSharable<Board>, "hidden padding in Board");
static_assert(kSharable<BufferLine>, "hidden padding in BufferLine");
static_assert(kSharable<AbortNote>, "hidden padding in AbortNote");

static_assert(sizeof(Ident) == 256, "WriterLine follows Ident at 256");
static_assert(offsetof(Ident, magic) == 0, "the magic is the first thing of every format version");
static_assert(offsetof(Ident, format_version) == 8, "old readers find the version of new sections");
static_assert(offsetof(Ident, epoch) == 16, "format 1 readers take the epoch from here");
static_assert(offsetof(Ident, delivery) == 32, "format 1 readers take the delivery from here");
static_assert(offsetof(Ident, slot_count) == 40, "format 1 readers take the geometry from here");
static_assert(offsetof(Ident, created_unix_ns) == 80, "format 1 readers take the age from here");
static_assert(offsetof(Ident, wake) == 92, "peers agree by this field on how to ring");
static_assert(offsetof(Ident, buffer_bytes) == 96, "a buffer's size is taken from here");
static_assert(offsetof(Ident, label) == 112, "onlookers take the label from here");
static_assert(offsetof(Ident, ident_xxh3) == 248, "the checksum covers everything before it");
static_assert(sizeof(WriterLine) == kLineBytes,
              "the writer's fields share one line, nobody else's");
static_assert(offsetof(WriterLine, published) == 0, "readers poll the first word of the line");
static_assert(offsetof(WriterLine, payloads_begun) == 24, "onlookers take the sums from here");
static_assert(sizeof(ReadersBell) == kLineBytes && sizeof(WriterBell) == kLineBytes,
              "a bell that shares a line makes its sleepers pay for the neighbour");
static_assert(sizeof(Admission) == 16 && kAdmissionsOffset + 64 * sizeof(Admission) == kBoardOffset,
              "64 answers end where the board begins");
static_assert(sizeof(ReaderLine) == 2 * kLineBytes && offsetof(ReaderLine, figures) == kLineBytes,
              "lines of their own for each reader, or cursors collide");
static_assert(offsetof(ReaderLine, cursor) == 8, "the writer waits on this field");
static_assert(offsetof(ReaderLine, lease) == 16 && offsetof(ReaderLine, more_leases) == 40,
              "the writer looks here before it reuses a slot");
static_assert(sizeof(FrameLine) == kLineBytes && kFrameLineOffset % kLineBytes == 0,
              "readers of frames spin on this line");
static_assert(sizeof(ImageRecord) == 32, "the shape is embedded in slots and manifests");
static_assert(sizeof(Slot) == 2 * kLineBytes, "descriptor i is at slots_offset + 128 i");
static_assert(offsetof(Slot, payload_count) == 56, "readers of whole payloads take it from here");
static_assert(offsetof(Slot, image) == 64, "the first line is what every message needs");
static_assert(offsetof(Slot, slot_xxh3) == 120, "the checksum covers everything before it");
static_assert(kSharable<FrameSlot> && kSharable<NotesHeader> && kSharable<EntryHeader> &&
                  kSharable<PlaneEntry> && kSharable<TensorHead> && kSharable<MetadataHead> &&
                  kSharable<DescriptionHeader>,
              "hidden padding in what a frame says");
static_assert(sizeof(FrameSlot) == sizeof(Slot) &&
                  offsetof(FrameSlot, kind) == offsetof(Slot, kind) &&
                  offsetof(FrameSlot, flags) == offsetof(Slot, flags) &&
                  offsetof(FrameSlot, bytes) == offsetof(Slot, bytes) &&
                  offsetof(FrameSlot, xxh3) == offsetof(Slot, xxh3) &&
                  offsetof(FrameSlot, timestamp_unix_ns) == offsetof(Slot, timestamp_unix_ns) &&
                  offsetof(FrameSlot, image) == offsetof(Slot, image) &&
                  offsetof(FrameSlot, slot_xxh3) == offsetof(Slot, slot_xxh3),
              "a frame's descriptor is checked as any other");
static_assert(offsetof(FrameSlot, notes_bytes) == 56 && offsetof(FrameSlot, capture_ns) == 96,
              "readers of frames take notes and capture time from here");
static_assert(sizeof(NotesHeader) == 16 && sizeof(EntryHeader) == 8, "entries begin at 16");
static_assert(sizeof(DescriptionHeader) == kLineBytes && kDescriptionAreaBytes % kLineBytes == 0,
              "a description's text follows its header");
static_assert(sizeof(ManifestRecord) == 1152 && sizeof(ManifestRecord) <= kSlotCapacityMin,
              "a manifest fits the smallest slot");
static_assert(offsetof(ManifestRecord, image) == 72, "format 1 readers take the shape from here");
static_assert(offsetof(ManifestRecord, name) == 128, "format 1 readers take the name from here");
static_assert(sizeof(EndRecord) == 64, "format 1 readers take the digest from here");
static_assert(offsetof(EndRecord, flags) == 32, "readers take the source's change from here");
static_assert(kBoardOffset + sizeof(Board) <= kBufferLineOffset, "the board ends before the line");
static_assert(sizeof(BufferLine) == kLineBytes && kBufferLineOffset % kLineBytes == 0 &&
                  kBufferLineOffset + sizeof(BufferLine) <= kAbortNoteOffset,
              "who waits for a buffer's lock sleeps on this line");
static_assert(sizeof(AbortNote) == 256 && kAbortNoteOffset + sizeof(AbortNote) <= kReadersOffset,
              "the note ends before the reader lines");
static_assert(kWriterLineOffset % kLineBytes == 0 && kReadersBellOffset % kLineBytes == 0 &&
                  kWriterBellOffset % kLineBytes == 0 && kReadersOffset % kLineBytes == 0,
              "a line that straddles two cache lines is written by two processes");
static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free &&
                  std::atomic_ref<std::uint32_t>::is_always_lock_free,
              "a hidden lock would live in one process only");

}  // namespace mapferry::inline v1::layout

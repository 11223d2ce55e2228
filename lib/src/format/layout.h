// SPDX-License-Identifier: Apache-2.0
// The binary layout of a section, format 1: docs/section_format.md, pinned by tests/golden and
// layout_check.cc.
//
// A section is shared memory that one process, its writer, creates, and that others, its readers,
// open by name. It holds:
//
//   slot        room for one message; all slots have the same size. The slot's descriptor (Slot)
//               says what the message is, and carries checksums of the message and of itself.
//   message     what is published at once: a manifest, a chunk of a payload or its end record, a
//               whole payload that fits one slot, or a frame. Messages are numbered by their
//               sequence, from 0; message s of a stream is in slot s mod slot_count.
//   payload     what users send: a file, a text, the bytes of a pipe. A manifest, chunks and an end
//               record in this order, or one message.
//   frame       one image or tensor, whole, in any slot. A reader leases it: it writes the frame's
//               sequence into its line, and the writer leaves the slot alone.
//   reader line the place of one reader (ReaderLine). Its cursor says which messages it has
//               released. Each attachment has a ticket, a number that never comes twice in a line.
//   verdict     the writer's answer to the attachment with this ticket (Admission): admitted, given
//               up or closed.
//   epoch       a random number of the section. It seeds the descriptors' checksums, so that a
//               descriptor of another section is never taken for one of this.
//
// A lock that the kernel releases with the process says who lives (kRole...), never a field. Each
// field is written by one side, which the picture and the structs name; only bells have two.
//
//   writer process                    section                        reader processes (up to 64)
//   +-----------+   fills slots   +-------------+   copy, verify   +-----------+
//   |  Writer   | --------------> |  ring of    | ---------------> |  Reader   |
//   |           | <-------------- |  slots      | <--------------- |           |
//   +-----------+  cursors, wakes +-------------+  published,wakes +-----------+
//
//   0            Ident            never changes once its magic is stored
//   256          WriterLine       written by the writer: published, state, sums
//   320          ReadersBell      readers sleep on it; rung by the writer
//   384          WriterBell       the writer sleeps on it; rung by readers
//   448          FrameLine        written by the writer: the newest frame
//   512          Admission[64]    written by the writer, one answer for each reader line
//   1536         Board            the newest manifest, copied out for onlookers
//   3072         BufferLine       written by the holder of a buffer's lock
//   3136         AbortNote        written by a writer that gives up
//   4096         ReaderLine[R]    two 64-byte lines each, written by the reader that owns them
//   ...          Slot[S]          one 128-byte descriptor each, written by the writer
//   64 KiB mult. payload          S slots of slot_capacity_bytes each
//
// Rules of this file: little-endian, fixed-width integers only, no pointer, no size_t, no enum- or
// bitfield-typed member, no padding, zero is the free / not-ready state, so that a fresh zeroed
// mapping is valid. One 64-byte line for each writer of a field. Fields that two processes touch at
// once are accessed through std::atomic_ref with the order and the partner named at the access.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace mapferry::inline v1::layout {

static_assert(std::endian::native == std::endian::little,
              "the section is little-endian and is used in place");

// "MAPFERRY" read as a little-endian number: the first eight bytes of every section, for ever.
inline constexpr std::uint64_t kMagic = 0x595252454650414D;
inline constexpr std::uint32_t kFormatVersion = 1;

inline constexpr std::uint64_t kLineBytes = 64;          // a cache line: one writer each
inline constexpr std::uint64_t kPageBytes = 4096;        // slots begin on a page
inline constexpr std::uint64_t kViewAlignBytes = 65536;  // Windows maps views at 64 KiB multiples
inline constexpr std::uint32_t kReaderLimit = 64;        // lines in the reader table
inline constexpr std::uint64_t kSlotCapacityMin = 4096;  // a manifest and an end record fit
inline constexpr std::uint64_t kSlotCapacityMax = std::uint64_t{1} << 40;
inline constexpr std::uint64_t kSlotCountMax = std::uint64_t{1} << 32;
inline constexpr std::uint64_t kUnknownBytes = ~std::uint64_t{0};  // a size not known beforehand
inline constexpr std::uint64_t kLabelBytes = 64;
inline constexpr std::uint64_t kNameBytes = 1024;  // 255 UTF-16 units are at most 765 UTF-8 bytes

// Locks show who is alive, never a field: the kernel releases them with the process. Role r is the
// one byte at kRoleLockBase + r, far behind any section's end.
inline constexpr std::uint64_t kRoleLockBase = std::uint64_t{1} << 62;
inline constexpr std::uint32_t kRoleWriter = 0;        // held while a writer lives
inline constexpr std::uint32_t kRoleRemover = 1;       // held around every removal of the name
inline constexpr std::uint32_t kRoleConsumer = 2;      // held by the one consuming reader
inline constexpr std::uint32_t kRoleBufferHolder = 3;  // held by the holder of a buffer's lock
inline constexpr std::uint32_t kRoleUser = 4;          // shared by all that have the section mapped
inline constexpr std::uint32_t kRoleReaderBase = 16;   // + index of the reader's line

// Ident.delivery
inline constexpr std::uint32_t kDeliveryStream = 1;  // the writer waits for the slowest reader
inline constexpr std::uint32_t kDeliveryKeep = 2;    // nothing is reused, the writer never waits
inline constexpr std::uint32_t kDeliveryLatest = 3;  // frames: the writer never waits, readers skip
inline constexpr std::uint32_t kDeliveryEach = 4;    // frames: the writer waits for slow readers
inline constexpr std::uint32_t kDeliveryBuffer = 5;  // one slot, read and written at offsets

// Ident.wake: what rings the bells of this section.
inline constexpr std::uint32_t kWakeFutex = 1;   // Linux futex on the bell words
inline constexpr std::uint32_t kWakePolled = 2;  // peers of two operating systems: poll the bells
inline constexpr std::uint32_t kWakeEvent = 3;   // Windows named events

// The section's identity. The creator fills every other byte of the section's header, then stores
// `magic` last with release order (partner: the acquire load in load_ident). From then on no byte
// of Ident changes; a reader copies it once, validates the copy and never looks here again.
struct Ident {
    std::uint64_t magic;
    std::uint32_t format_version;
    std::uint32_t ident_bytes;  // sizeof(Ident)
    std::uint64_t epoch;  // random, never 0: a restarted writer is never mistaken for this one
    std::uint64_t section_bytes;
    std::uint32_t delivery;      // kDelivery...
    std::uint32_t reader_limit;  // entries of the reader table
    std::uint64_t slot_count;
    std::uint64_t slot_capacity_bytes;
    std::uint64_t readers_offset;
    std::uint64_t slots_offset;
    std::uint64_t payload_offset;
    std::int64_t created_unix_ns;
    std::uint32_t creator_pid;   // for messages only
    std::uint32_t wake;          // kWake...
    std::uint64_t buffer_bytes;  // a buffer's exact size; otherwise 0
    std::uint32_t flags;         // none so far; later_version.h has the rule for all flags
    std::uint32_t reserved0;
    std::uint8_t label[kLabelBytes];  // the section's name, NUL-padded
    std::uint64_t reserved1[9];
    std::uint64_t ident_xxh3;  // XXH3-64 of the bytes before it, with the final magic
};

// WriterLine.state, moved by the writer only:
//
//   kStateNew --first publish--> kStateOpen --end()--> kStateEnded
//                                    |
//                                    +--abort(), signal, failure--> kStateAborted
//
inline constexpr std::uint32_t kStateNew = 0;      // created, nothing published yet
inline constexpr std::uint32_t kStateOpen = 1;     // messages are being published
inline constexpr std::uint32_t kStateEnded = 2;    // all is published; nothing more will come
inline constexpr std::uint32_t kStateAborted = 3;  // the writer gave up; abort_cause says why

// Written by the writer alone.
struct WriterLine {
    std::uint64_t published;    // messages 0 .. published-1 are readable
    std::uint32_t state;        // kState...
    std::uint32_t abort_cause;  // a Cause (wire_cause.h), meaningful in kStateAborted
    std::uint64_t reserved0;
    std::uint64_t payloads_begun;  // manifests published
    std::uint64_t payloads_ended;  // end records published
    std::uint64_t payload_bytes;   // bytes of chunks or frames published, of all payloads
    std::uint64_t readers_lost;    // readers that died, failed or were given up
    std::uint64_t readers_served;  // readers that acknowledged the end
};

// A bell. A sleeper notes `word`, raises `sleeping`, looks once more for news and then waits until
// `word` changes. The ringer stores its news; only if `sleeping` is raised it lowers it, changes
// `word` and makes the system call. A sleeper that dies costs at most one needless call. A napping
// reader looks again within 0.1 ms: the end of a payload rings for sleepers alone.
inline constexpr std::uint32_t kBellSleeping = 1;  // bits of `sleeping`
inline constexpr std::uint32_t kBellNapping = 2;
struct ReadersBell {
    std::uint32_t word;
    std::uint32_t sleeping;
    std::uint64_t reserved[7];
};

struct WriterBell {
    std::uint32_t word;
    std::uint32_t sleeping;
    std::uint32_t consumed;  // a consuming reader has delivered everything (keep)
    std::uint32_t reserved0;
    std::uint64_t reserved[6];
};

// Frames only. A frame may live in any slot, so this says where the newest one is. The other fields
// say what is true of all frames. For people and players; no process decides anything by them.
struct FrameLine {
    std::uint64_t newest;        // (sequence + 1) << kNewestSlotBits | slot; 0 = none yet
    std::uint64_t description;   // version of the description (frame_layout.h); 0 = none yet
    std::uint64_t frame_rate;    // frames << 32 | seconds; 0 = not known
    std::uint64_t pixel_aspect;  // width << 32 | height of a pixel; 0 = not known
    std::uint64_t scan;          // kScan...
    std::uint64_t reserved[3];
};
inline constexpr std::uint64_t kScanUnknown = 0;
inline constexpr std::uint64_t kScanProgressive = 1;
inline constexpr std::uint64_t kScanTopFirst = 2;  // interlaced, the top field is the earlier one
inline constexpr std::uint64_t kScanBottomFirst = 3;
inline constexpr std::uint64_t kScanMixed = 4;
inline constexpr std::uint32_t kNewestSlotBits = 16;
inline constexpr std::uint32_t kFrameSlotsMax = 1u << kNewestSlotBits;

// The writer's answer to the reader line of the same index.
struct Admission {
    std::uint64_t verdict;         // ticket of the line that is answered << 8 | kVerdict...
    std::uint64_t first_sequence;  // where an admitted reader begins; stored before the verdict
};
inline constexpr std::uint64_t kVerdictNone = 0;
inline constexpr std::uint64_t kVerdictAdmitted = 1;  // its cursor holds the writer back
inline constexpr std::uint64_t kVerdictGivenUp = 2;   // stall timeout, or nonsense: slots reused
inline constexpr std::uint64_t kVerdictClosed = 3;    // it left or died, and the writer knows

// ReaderLine.attachment = ticket << 8 | kPhase...; the ticket grows by one with every attachment.
//
//   kPhaseFree --reader--> kPhaseWaiting --writer's verdict--> kPhaseWaiting, admitted
//        ^                                                         |             |
//        |                                                       reader        reader
//        |                                                         v             v
//        +-------- next reader, with a new ticket --------- kPhaseDone or kPhaseFailed
//
// A reader of frames is in kPhaseArriving before kPhaseWaiting, while it finds its first frame.
inline constexpr std::uint64_t kPhaseFree = 0;
inline constexpr std::uint64_t kPhaseWaiting = 1;   // wants to take part, or takes part
inline constexpr std::uint64_t kPhaseDone = 2;      // has everything and needs the section no more
inline constexpr std::uint64_t kPhaseFailed = 3;    // left early; detach_cause says why
inline constexpr std::uint64_t kPhaseArriving = 4;  // frames: no frame is settled meanwhile

// Frames that one reader may hold at once.
inline constexpr std::uint32_t kLeasesPerReader = 4;

// ReaderLine.cursor of a reader that has released nothing yet; of frames: of one that takes the
// newest only, for which no writer waits.
inline constexpr std::uint64_t kCursorUnset = ~std::uint64_t{0};

// What a reader of frames shows onlookers, in a line of its own, so that a look at it does not
// disturb the handshake of the leases. Advisory: no decision depends on it.
struct ReaderFigures {
    std::uint64_t frames_taken;
    std::uint64_t frames_missed;
    std::uint64_t latency_ns;       // of the last frame: from its timestamp to the reader; 0 = none
    std::uint64_t latency_mean_ns;  // the same, averaged over about the last eight
    std::uint64_t reserved[4];
};

// Owned by the reader that holds the lock of role kRoleReaderBase + index; written by it alone.
struct ReaderLine {
    std::uint64_t attachment;
    std::uint64_t cursor;  // messages before it are released; frames: taken or skipped
    std::uint64_t lease;   // frames: sequence + 1 of a leased one, 0 = none
    std::uint64_t reserved0;
    std::uint32_t pid;           // for messages only
    std::uint32_t detach_cause;  // a Cause (wire_cause.h), 0 while the reader has taken everything
    std::uint64_t more_leases[kLeasesPerReader - 1];
    ReaderFigures figures;  // frames
};
[[nodiscard]] inline std::uint64_t& lease_of(ReaderLine& line, std::uint32_t index) {
    return index == 0 ? line.lease : line.more_leases[index - 1];
}

// An image's shape, as published bytes. See image.h for the FourCC codes. All zero = no image.
struct ImageRecord {
    std::uint32_t width;             // pixels
    std::uint32_t height;            // pixels
    std::uint64_t row_stride_bytes;  // 0 when the payload is encoded (PNG, JPEG, RLE)
    std::uint32_t fourcc;
    std::uint32_t bits_per_pixel;
    std::uint32_t orientation;  // kOrientation...
    std::uint32_t color;        // kColor...; 0 = nothing is known
};
// ImageRecord.color: 8 bits each for primaries, transfer and matrix, code points of ITU-T H.273
// with bit 1 inverted, so that 0 means "unspecified" (2); then range and chroma site.
inline constexpr std::uint32_t kColorUnspecified = 2;
inline constexpr std::uint32_t kColorTransferShift = 8;
inline constexpr std::uint32_t kColorMatrixShift = 16;
inline constexpr std::uint32_t kColorRangeShift = 24;     // 2 bits: 1 limited, 2 full
inline constexpr std::uint32_t kColorSiteShift = 26;      // 3 bits: ChromaSite (image.h)
inline constexpr std::uint32_t kOrientationTopDown = 1;   // the first row in memory is the top one
inline constexpr std::uint32_t kOrientationBottomUp = 2;  // the first row in memory is the bottom

// Slot.kind
inline constexpr std::uint32_t kKindManifest = 1;  // the slot holds a ManifestRecord
inline constexpr std::uint32_t kKindChunk = 2;     // the slot holds payload bytes
inline constexpr std::uint32_t kKindEnd = 3;       // the slot holds an EndRecord
inline constexpr std::uint32_t kKindFrame = 4;     // the slot holds one whole frame
inline constexpr std::uint32_t kKindPayload = 5;   // the slot holds one whole payload of a stream

// Message s, in slot s mod slot_count. The writer owns both from the moment when every admitted
// reader's cursor has passed the old message until WriterLine.published is beyond the new one. A
// frame's descriptor is FrameSlot (frame_layout.h).
struct Slot {
    std::uint64_t sequence;          // s + 1, so that zero means "never used"
    std::uint64_t bytes;             // of the message, at most slot_capacity_bytes
    std::uint64_t xxh3;              // XXH3-64 of those bytes, seed 0
    std::uint64_t payload_offset;    // of a chunk's first byte in its payload
    std::uint64_t payload_index;     // 0, 1, 2, ...: which payload of the section
    std::int64_t timestamp_unix_ns;  // writer's clock at publication; 0 = not taken
    std::uint32_t kind;              // kKind...
    std::uint32_t flags;             // kSlot...
    std::uint64_t payload_count;     // kKindPayload: as in a manifest
    ImageRecord image;               // of a manifest's payload, or of a frame
    std::uint64_t holes;             // kSlotHoles: bit i = unit i is zeros, never read
    std::uint64_t more_slots;        // kSlotHoles: number of further slots of zeros
    std::uint64_t reserved1[1];
    std::uint64_t slot_xxh3;  // XXH3-64 of the bytes before it, seed = epoch
};

// Slot.flags
inline constexpr std::uint32_t kSlotUnhashed = 1;      // frames: xxh3 was not taken
inline constexpr std::uint32_t kSlotText = 2;          // kKindPayload: a short text, not a file
inline constexpr std::uint32_t kSlotHoles = 4;         // kKindChunk: the source has holes (holes.h)
inline constexpr std::uint32_t kSlotSourceNumber = 8;  // frames: source_number is meant

// ManifestRecord.flags
inline constexpr std::uint32_t kManifestText = 1;       // a short text, not a file
inline constexpr std::uint32_t kManifestHasMtime = 2;   // mtime_unix_ns is meant
inline constexpr std::uint32_t kManifestHasMode = 4;    // permission_bits is meant
inline constexpr std::uint32_t kManifestHasSource = 8;  // source_... identify the source file
inline constexpr std::uint32_t kManifestFlagsKnown = 15;

// ManifestRecord.digest: what EndRecord.digest is taken over.
inline constexpr std::uint32_t kDigestChunks = 1;  // XXH3-128 of the chunks' XXH3-64, in order
inline constexpr std::uint32_t kDigestBytes = 2;   // XXH3-128 of the payload's bytes

// The first message of every payload except those of kKindPayload. Their descriptor has it all:
// known size, not 0, no name or attributes, and the digest of a single chunk.
struct ManifestRecord {
    std::uint32_t record_bytes;   // sizeof(ManifestRecord)
    std::uint32_t flags;          // kManifest...
    std::uint64_t payload_bytes;  // kUnknownBytes when it comes from a pipe
    std::int64_t mtime_unix_ns;
    std::uint32_t permission_bits;  // of the lowest nine
    std::uint32_t digest;           // kDigest...
    std::uint64_t payload_index;
    std::uint64_t payload_count;  // payloads announced for the section; 0 = unknown
    std::uint64_t source_device;  // with source_file: shows that an output is the source
    std::uint64_t source_file[2];
    ImageRecord image;
    std::uint64_t reserved[2];
    std::uint32_t name_bytes;   // 0 = the payload has no name
    std::uint32_t notes_bytes;  // of the entries that follow the record (frame_layout.h); 0 = none
    std::uint8_t name[kNameBytes];  // UTF-8 by custom, never trusted, not NUL-terminated
};

// The last message of every payload that began with a manifest.
struct EndRecord {
    std::uint64_t payload_bytes;
    std::uint64_t chunk_count;
    std::uint64_t digest_low64;   // XXH3-128, low half
    std::uint64_t digest_high64;  // XXH3-128, high half
    std::uint64_t flags;          // kEnd...
    std::uint64_t reserved[3];
};
inline constexpr std::uint64_t kEndSourceChanged = 1;  // EndRecord.flags: while it was sent

// The newest manifest for onlookers (`info`), who hold no slot back: copy it, check the hash, and
// retry on a mismatch, as the writer may be rewriting it. Payloads of one message appear only now
// and then, and when the writer waits: as the manifests that they do not have.
struct Board {
    std::uint64_t sequence;  // of the manifest + 1
    std::uint64_t xxh3;      // XXH3-64 of `manifest`, seed = epoch + sequence
    std::uint64_t reserved[6];
    ManifestRecord manifest;
};

// Buffers only. A bell for processes that wait for the lock (role kRoleBufferHolder), and the mark
// that shows the next holder that the one before died with the lock.
struct BufferLine {
    std::uint32_t word;
    std::uint32_t sleeping;
    std::uint32_t held;  // not 0: a process has the lock, or died with it
    std::uint32_t reserved0;
    std::uint64_t reserved[6];
};

// Why the writer gave up, in words for people. Stored before kStateAborted. Never trusted.
inline constexpr std::uint32_t kAbortTextBytes = 248;
struct alignas(8) AbortNote {
    std::uint32_t text_bytes;  // at most kAbortTextBytes
    std::uint32_t reserved;
    std::uint8_t text[kAbortTextBytes];  // UTF-8 by custom, not NUL-terminated
};

inline constexpr std::uint64_t kIdentOffset = 0;
inline constexpr std::uint64_t kWriterLineOffset = 256;
inline constexpr std::uint64_t kReadersBellOffset = 320;
inline constexpr std::uint64_t kWriterBellOffset = 384;
inline constexpr std::uint64_t kFrameLineOffset = 448;
inline constexpr std::uint64_t kAdmissionsOffset = 512;
inline constexpr std::uint64_t kBoardOffset = 1536;
inline constexpr std::uint64_t kBufferLineOffset = 3072;
inline constexpr std::uint64_t kAbortNoteOffset = 3136;
inline constexpr std::uint64_t kReadersOffset = 4096;

}  // namespace mapferry::inline v1::layout

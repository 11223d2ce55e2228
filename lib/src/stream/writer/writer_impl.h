// SPDX-License-Identifier: Apache-2.0
// What a Writer is made of: the section, the ring, and the payload that is under way.
//
// A payload is manifest, chunks and end; or, where all that there is to say of it fits a descriptor
// (fits_one_message), one message that end() publishes. Until then nothing of it is in the ring,
// and expand() still turns it into the long form: for readers that should see a part of it, or that
// it is there.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "format/holes.h"
#include "mapferry/hash.h"
#include "mapferry/writer.h"
#include "platform/spare_thread.h"
#include "ring/ring_writer.h"
#include "section/mapped_section.h"
#include "stream/writer/fill_team.h"

namespace mapferry {

// When a section takes its memory.
enum class Growth : std::uint8_t {
    kNone,   // when it is made
    kAhead,  // as it is filled, in large steps
    kExact,  // as it is filled, and nothing for holes
};

struct Writer::Impl {
    Impl(WriterOptions wanted, MappedSection mapped, Growth wanted_growth)
        : options(std::move(wanted)),
          section(std::move(mapped)),
          peers(section),
          ring(section.view, peers,
               {.timeout_ms = stall_limit_ms(options.stall_timeout), .stop = options.stop}),
          growth(wanted_growth) {}

    [[nodiscard]] bool keeps() const { return section.view.geometry().delivery == Delivery::kKeep; }
    struct Room;
    Result<void> reserve_part(std::uint64_t& reserved_to, const platform::ByteRange& part,
                              const Room& room);
    Result<void> reserve_next(std::uint64_t bytes);
    Result<std::span<std::byte>> acquire(std::uint64_t bytes, std::uint64_t slots = 1);
    Result<std::span<std::byte>> open_chunk(std::uint64_t bytes_most);
    Result<void> put_record(std::uint32_t kind, std::span<const std::byte> record);
    [[nodiscard]] ChunkHoles chunk_holes() const;
    [[nodiscard]] bool fits_one_message() const;
    void begin_whole();
    Result<void> put_manifest();
    Result<void> expand();
    Result<void> hand_over_chunk();
    void digest_chunk(std::uint64_t xxh3);
    Result<void> add_zeros(std::uint64_t bytes);
    Result<void> add_hole(std::uint64_t bytes);
    Result<void> put_hole_slots(std::uint64_t slots);
    [[nodiscard]] std::size_t chunks_for_team(std::uint64_t bytes);
    Result<void> fill_as_team(std::size_t count, const FillCall& fill);
    void count_begun();
    void count_chunk(std::uint64_t slots = 1);
    void count_ended();
    Hash128 hand_over_whole();
    Result<Hash128> hand_over_end(PayloadSource source);
    void show_manifest(const layout::ManifestRecord& record);
    void show_newest();
    void remove_name();

    WriterOptions options;
    MappedSection section;
    SectionPeers peers;
    RingWriter ring;
    Growth growth;
    std::uint64_t descriptors_reserved_to = 0;  // of a section that grows: offsets in it
    std::uint64_t payload_reserved_to = 0;

    bool open = true;         // neither closed nor aborted
    bool in_payload = false;  // between begin() and end()
    bool whole = false;       // this payload is still to be one message
    PayloadInfo info;
    std::uint64_t payloads = 0;
    std::uint64_t sent_bytes = 0;  // of this payload, handed over
    std::uint64_t all_bytes = 0;   // of all payloads, handed over
    std::uint64_t chunks = 0;
    std::uint64_t filled_bytes = 0;  // of the current chunk, not handed over yet
    std::span<std::byte> slot;       // of the current chunk; empty before its first loan
    std::uint64_t holes = 0;         // units of the current chunk
    HoleHash hole_hash;
    Digest128 digest;
    // Null until it is needed.
    std::unique_ptr<FillTeam, platform::LeaveInChild> team;
    std::int64_t tick_unix_ns = 0;  // coarse clock, when a whole payload began
    std::uint32_t unadmitted = 0;   // whole payloads since readers were last looked for
    bool board_is_behind = false;   // a payload has begun that the board does not show
    std::int64_t shown_unix_ns = 0;
};

}  // namespace mapferry

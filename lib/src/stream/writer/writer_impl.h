// SPDX-License-Identifier: Apache-2.0
// The parts of a Writer: the section, the ring, and the payload that is under way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "format/holes.h"
#include "mapferry/detail/hash.h"
#include "mapferry/writer.h"
#include "platform/fork_mark.h"
#include "ring/ring_writer.h"
#include "section/mapped_section.h"
#include "stream/writer/fill_team.h"
#include "stream/writer/outgoing_payload.h"

namespace mapferry::inline v1 {

// When a section takes its memory.
enum class Growth : std::uint8_t {
    kNone,   // when it is made
    kAhead,  // as it is filled, in large steps
    kExact,  // as it is filled, and nothing for holes and slots that stay empty
};

// The threads that may call a FillCall.
enum class FillThreads : std::uint8_t { kCallers, kTwo };

struct Writer::Impl {
    Impl(WriterOptions wanted, MappedSection mapped, Growth wanted_growth)
        : options(std::move(wanted)),
          section(std::move(mapped)),
          peers(section),
          ring(section.view, peers,
               {.timeout_ms = stall_limit_ms(options.stall_timeout), .stop = options.stop}),
          growth(wanted_growth) {}

    // writer.cc: the section of the size that the options ask for, published under its name.
    [[nodiscard]] static Result<std::unique_ptr<Impl>> make(const WriterOptions& options);

    [[nodiscard]] const MappedSection& mapped_section() const { return section; }
    [[nodiscard]] bool keeps() const { return section.view.geometry().delivery == Delivery::kKeep; }
    [[nodiscard]] std::uint64_t slot_bytes() const {
        return section.view.geometry().slot_capacity_bytes;
    }

    // The calls of a Writer (writer.h), each in the file of its subject.
    Result<void> wait_for_readers(std::uint32_t count, Timeout timeout);
    Result<void> begin(const PayloadInfo& info);
    Result<std::span<std::byte>> loan();
    Result<void> publish(std::size_t bytes);
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> fill(std::uint64_t bytes, const FillCall& fill, FillThreads threads);
    Result<void> write_hole(std::uint64_t bytes);
    Result<void> flush();
    Result<PayloadSummary> end(PayloadSource source);
    Result<WriterReport> close();
    Result<LingerEnd> linger(Timeout timeout);
    Result<void> check();
    void abort(const Status& why);
    [[nodiscard]] WriterReport report() const;

    // writer_space.cc: memory for the next message.
    struct Room;
    Result<void> reserve_part(std::uint64_t& reserved_to, const platform::ByteRange& part,
                              const Room& room);
    Result<void> reserve_descriptors(std::uint64_t slots, std::uint64_t bytes);
    Result<void> reserve_next(std::uint64_t bytes);
    Result<std::span<std::byte>> acquire(std::uint64_t bytes, std::uint64_t slots = 1);

    // writer_payload.cc: a payload's messages.
    Result<std::span<std::byte>> open_chunk(std::uint64_t bytes_most);
    Result<void> put_record(std::uint32_t kind, std::span<const std::byte> record);
    [[nodiscard]] bool fits_one_message(const PayloadInfo& info) const;
    void admit_for_one_message();
    Result<void> put_manifest();
    Result<void> expand();
    Result<void> hand_over_chunk();
    void digest_chunk(std::uint64_t xxh3);
    void count_begun();
    void count_chunk(std::uint64_t slots = 1);
    void count_ended();
    Hash128 hand_over_one_message();
    Result<Hash128> hand_over_end(PayloadSource source);
    void show_manifest(const layout::ManifestRecord& record);
    void show_newest();

    // writer_holes.cc
    [[nodiscard]] ChunkHoles chunk_holes() const;
    Result<void> add_zeros(std::uint64_t bytes);
    Result<void> add_hole(std::uint64_t bytes);
    Result<void> put_hole_slots(std::uint64_t slots);

    // writer_fill.cc
    [[nodiscard]] std::size_t chunks_for_team(std::uint64_t bytes);
    [[nodiscard]] bool writes_chunks() const;
    Result<std::size_t> open_for_team(std::uint64_t bytes);
    [[nodiscard]] std::uint64_t chunk_to_write(std::uint64_t bytes) const;
    Result<void> fill_chunk(FillTeam::Chunk& chunk, std::size_t thread, const FillCall& fill);
    Result<void> write_to_slot(const std::byte* slot, std::span<const std::byte> bytes);
    void publish_chunk(const FillTeam::Chunk& chunk);
    Result<void> write_chunk(std::uint64_t bytes, const FillCall& fill);
    Result<void> fill_as_team(std::size_t count, const FillCall& fill);

    WriterOptions options;
    MappedSection section;
    SectionPeers peers;
    RingWriter ring;
    Growth growth;
    std::uint64_t descriptors_reserved_to = 0;  // of a section that grows: offsets in it
    std::uint64_t payload_reserved_to = 0;

    bool open = true;  // neither closed nor aborted
    OutgoingPayload payload;
    std::uint64_t payloads = 0;   // that have ended
    std::uint64_t all_bytes = 0;  // published, of all payloads
    HoleHash hole_hash;
    // Where chunks are filled before they are written to the section, one for each thread that
    // fills. Null until they are needed, as is the team.
    std::array<std::unique_ptr<std::byte[]>, FillTeam::kThreads> blocks;
    std::unique_ptr<FillTeam, platform::LeaveInChild> team;
    std::int64_t tick_unix_ns = 0;  // coarse clock, when a payload of one message began
    std::uint32_t unadmitted = 0;   // payloads of one message since readers were last looked for
    bool board_is_behind = false;   // a payload has begun that the board does not show
    std::int64_t shown_unix_ns = 0;
};

}  // namespace mapferry::inline v1

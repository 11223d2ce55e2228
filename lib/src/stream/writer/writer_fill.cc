// SPDX-License-Identifier: Apache-2.0
// Large amounts of a payload that a callback fills in: by two threads where the readers would wait
// for one.
#include <algorithm>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "mapferry/detail/hash.h"
#include "platform/object_io.h"
#include "ring/patience.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

namespace {

// A run of free slots with less than this is filled by one thread. Either the reader is the slower
// side, and a second thread would only take its processor, or waking the thread costs what it
// saves.
constexpr std::uint64_t kTeamBytes = std::uint64_t{2} << 20;
// Larger chunks are filled where they lie, by one thread: a block of their size would not stay in a
// cache, and would take the payload's memory once more.
constexpr std::uint64_t kChunkBytesMost = kTeamBytes / 4;

}  // namespace

// The number of whole chunks of the next `bytes` that two threads should fill. 0: one thread is
// enough.
std::size_t Writer::Impl::chunks_for_team(std::uint64_t bytes) {
    const std::uint64_t capacity = slot_bytes();
    if (payload.is_one_message() || payload.chunk.filled_bytes != 0 || bytes < kTeamBytes ||
        capacity > kChunkBytesMost)
        return 0;
    const std::uint64_t run =
        std::min({ring.free_run(), bytes / capacity,
                  static_cast<std::uint64_t>(platform::WorkTeam::kPiecesMax)});
    return run * capacity < kTeamBytes ? 0 : static_cast<std::size_t>(run);
}

// Whether chunks are filled outside the section and then written to it. Each page of a kept section
// is new, and to write it costs less than to reserve it, to touch it and to fill it.
bool Writer::Impl::writes_chunks() const {
    return keeps() && platform::has_object_io() && slot_bytes() <= kChunkBytesMost;
}

// The bytes of the next chunk, if it is written: only a whole one, or the payload's last. 0: it is
// filled where it lies.
std::uint64_t Writer::Impl::chunk_to_write(std::uint64_t bytes) const {
    if (!writes_chunks() || payload.is_one_message() || payload.chunk.filled_bytes != 0) return 0;
    const std::uint64_t chunk = std::min(bytes, slot_bytes());
    const bool is_last = payload.info.payload_bytes == payload.sent_bytes + chunk;
    return chunk == slot_bytes() || is_last ? chunk : 0;
}

Result<void> Writer::Impl::write_to_slot(const std::byte* slot, std::span<const std::byte> bytes) {
    const auto offset = static_cast<std::uint64_t>(slot - section.view.payload(0).data());
    return platform::write_object(section.object, section.view.geometry().payload_offset + offset,
                                  bytes);
}

// Each of the team's threads calls this.
Result<void> Writer::Impl::fill_chunk(FillTeam::Chunk& chunk, std::size_t thread,
                                      const FillCall& fill) {
    // A slow source must not keep an interrupted writer busy for a whole run.
    TRY(check_stop(options.stop));
    if (!writes_chunks()) {
        TRY(fill(chunk.target, chunk.payload_offset));
        chunk.xxh3 = xxh3_64(chunk.target);
        return {};
    }
    auto& block = blocks[thread];
    if (!block) block.reset(new std::byte[static_cast<std::size_t>(slot_bytes())]);
    const auto filled = std::span(block.get(), chunk.target.size());
    TRY(fill(filled, chunk.payload_offset));
    chunk.xxh3 = xxh3_64(filled);
    return write_to_slot(chunk.target.data(), filled);
}

void Writer::Impl::publish_chunk(const FillTeam::Chunk& chunk) {
    payload.chunk = {.slot = chunk.target, .filled_bytes = chunk.target.size()};
    ring.publish_hashed({.kind = layout::kKindChunk,
                         .payload_offset = chunk.payload_offset,
                         .payload_index = payloads},
                        chunk.target.size(), chunk.xxh3);
    digest_chunk(chunk.xxh3);
    count_chunk();
}

// REQUIRES: chunk_to_write() returned `bytes`.
Result<void> Writer::Impl::write_chunk(std::uint64_t bytes, const FillCall& fill) {
    TRY_ASSIGN(const auto slot, require_intact(section, acquire(0)));
    FillTeam::Chunk chunk = {.target = slot.first(static_cast<std::size_t>(bytes)),
                             .payload_offset = payload.sent_bytes};
    TRY(fill_chunk(chunk, 0, fill));
    publish_chunk(chunk);
    return {};
}

// Makes room for the chunks that two threads should fill now, and returns their number.
Result<std::size_t> Writer::Impl::open_for_team(std::uint64_t bytes) {
    if (!writes_chunks()) TRY(open_chunk(bytes));  // waits for a free slot
    const std::size_t count = chunks_for_team(bytes);
    if (count == 0) return count;
    if (writes_chunks()) {
        TRY(acquire(0, count));
        TRY(reserve_descriptors(count, count * slot_bytes()));
    } else {
        TRY(reserve_next(count * slot_bytes()));
    }
    return count;
}

// REQUIRES: open_for_team() returned `count`.
Result<void> Writer::Impl::fill_as_team(std::size_t count, const FillCall& fill) {
    if (!team) team.reset(new FillTeam);
    const std::uint64_t capacity = slot_bytes();
    for (std::size_t i = 0; i < count; ++i) {
        team->chunks[i].target = ring.slot_ahead(i);
        team->chunks[i].payload_offset = payload.sent_bytes + i * capacity;
    }
    const auto fill_one = [&](std::size_t piece, std::size_t thread) {
        return fill_chunk(team->chunks[piece], thread, fill);
    };
    return team->threads.run(count, fill_one,
                             [&](std::size_t piece) { publish_chunk(team->chunks[piece]); });
}

Result<void> Writer::Impl::fill(std::uint64_t bytes, const FillCall& fill, FillThreads threads) {
    while (bytes != 0) {
        if (!payload.is_under_way()) return fail(Code::kUsage, "no payload has begun");
        const std::uint64_t before = payload.written_bytes();
        std::size_t count = 0;
        if (threads == FillThreads::kTwo) {
            TRY_ASSIGN(count, require_intact(section, open_for_team(bytes)));
        }
        if (count != 0) {
            TRY(fill_as_team(count, fill));
        } else if (const std::uint64_t chunk = chunk_to_write(bytes); chunk != 0) {
            TRY(write_chunk(chunk, fill));
        } else {
            TRY_ASSIGN(auto target, require_intact(section, open_chunk(bytes)));
            const auto piece = target.first(
                static_cast<std::size_t>(std::min<std::uint64_t>(bytes, target.size())));
            TRY(fill(piece, before));
            TRY(publish(piece.size()));
        }
        bytes -= payload.written_bytes() - before;
    }
    return {};
}

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// Large amounts of a payload that a callback fills in: by two threads where the readers would wait
// for one.
#include <algorithm>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "ring/patience.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

namespace {

// A run of free slots with less than this is filled by one thread. Either the reader is the slower
// side, and a second thread would only take its processor, or waking the thread costs what it
// saves.
constexpr std::uint64_t kTeamBytes = std::uint64_t{2} << 20;

}  // namespace

// The number of whole chunks of the next `bytes` that two threads should fill now. 0: one thread is
// enough.
std::size_t Writer::Impl::chunks_for_team(std::uint64_t bytes) {
    const std::uint64_t capacity = slot_bytes();
    if (payload.is_one_message() || payload.chunk.filled_bytes != 0 || bytes < kTeamBytes ||
        capacity > kTeamBytes / 4)
        return 0;
    const std::uint64_t run = std::min(
        {ring.free_run(), bytes / capacity, static_cast<std::uint64_t>(FillTeam::kChunksMax)});
    return run * capacity < kTeamBytes ? 0 : static_cast<std::size_t>(run);
}

// REQUIRES: `count` slots are free from the acquired one on.
Result<void> Writer::Impl::fill_as_team(std::size_t count, const FillCall& fill) {
    if (!team) team.reset(new FillTeam);
    const std::uint64_t capacity = slot_bytes();
    TRY(reserve_next(count * capacity));
    for (std::size_t i = 0; i < count; ++i) {
        team->chunks()[i].target = ring.slot_ahead(i);
        team->chunks()[i].payload_offset = payload.sent_bytes + i * capacity;
    }
    // A slow source must not keep an interrupted writer busy for a whole run.
    const FillCall fill_unless_stopped = [&fill, stop = options.stop](
                                             std::span<std::byte> target,
                                             std::uint64_t offset) -> Result<void> {
        TRY(check_stop(stop));
        return fill(target, offset);
    };
    return team->run(count, fill_unless_stopped, [&](const FillTeam::Chunk& chunk) {
        payload.chunk = {.slot = chunk.target, .filled_bytes = chunk.target.size()};
        ring.publish_hashed({.kind = layout::kKindChunk,
                             .payload_offset = chunk.payload_offset,
                             .payload_index = payloads},
                            chunk.target.size(), chunk.xxh3);
        digest_chunk(chunk.xxh3);
        count_chunk();
    });
}

Result<void> Writer::Impl::fill(std::uint64_t bytes, const FillCall& fill, FillThreads threads) {
    while (bytes != 0) {
        if (!payload.is_under_way()) return fail(Code::kUsage, "no payload has begun");
        TRY_ASSIGN(auto target, require_intact(section, open_chunk(bytes)));
        const std::uint64_t before = payload.written_bytes();
        const std::size_t count = threads == FillThreads::kTwo ? chunks_for_team(bytes) : 0;
        if (count != 0) {
            TRY(fill_as_team(count, fill));
        } else {
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

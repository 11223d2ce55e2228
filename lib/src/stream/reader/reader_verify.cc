// SPDX-License-Identifier: Apache-2.0
// Checking chunks of a kept payload by all processors: their bytes never change, and no writer
// waits for this reader.
#include <algorithm>

#include "base/try.h"
#include "mapferry/detail/hash.h"
#include "platform/object_io.h"
#include "platform/processors.h"
#include "stream/reader/reader_impl.h"

namespace mapferry::inline v1 {

namespace {

// A run with less than this is checked by one thread, because waking another one costs more.
constexpr std::uint64_t kTeamVerifyBytes = std::uint64_t{2} << 20;
// Read and hashed at once: it stays in the second-level cache.
constexpr std::size_t kCopyBytes = std::size_t{256} << 10;

}  // namespace

// The next chunk of a run: empty where the run ends. An error of a chunk behind others ends their
// run, and comes again when the next run begins with it.
Result<std::optional<Message>> Reader::Impl::next_of_run(const ChunkCheck& check_place) {
    TRY_ASSIGN(const Message message, next_of_payload());
    // Both take their own way.
    if (message.facts.kind == layout::kKindEnd || message.holes.bits != 0) return std::nullopt;
    TRY(progress.check_chunk(message));
    TRY(check_place(message));
    TRY(check_there(message));
    return std::optional<Message>(message);
}

// Hashes a chunk's bytes without mapping their pages: 1 GiB takes 150 ms by one thread and 95 by
// two, in place 175 and 150.
Result<void> Reader::Impl::verify_read(const Message& chunk, std::size_t thread) {
    auto& buffer = team->blocks[thread];
    if (!buffer) buffer.reset(new std::byte[kCopyBytes]);
    std::uint64_t at = offset_of(chunk);
    Digest128 digest;
    for (std::size_t left = chunk.bytes.size(); left != 0;) {
        const auto part = std::span(buffer.get(), std::min(left, kCopyBytes));
        TRY(platform::read_object(section.object, at, part));
        digest.update(part);
        left -= part.size();
        at += part.size();
    }
    if (digest.value64() == chunk.facts.xxh3) return {};
    return std::unexpected(progress.mismatch(chunk));
}

// Checks the chunks that are there, at most as many as a team has pieces, and returns their bytes.
// 0: the next message is none of these. An error stays: the ring has passed the chunk, and whoever
// asks again must not come to the payload's end.
Result<std::size_t> Reader::Impl::verify_run(const ChunkCheck& check_place, Touch touch) {
    // A digest of the content itself takes the bytes in their order.
    if (!keeps() || !progress.active() || progress.digest_kind() != DigestKind::kChunks) return 0;
    if (damage) return std::unexpected(*damage);
    if (!team) team.reset(new VerifyTeam);
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    while (count < team->chunks.size() && (count == 0 || ring.has_message())) {
        const auto message = next_of_run(check_place);
        if (!message && count == 0) return std::unexpected(message.error());
        if (!message || !*message) break;
        TRY(progress.chunk(**message, (*message)->bytes));
        bytes += (*message)->bytes.size();
        team->chunks[count++] = **message;
        ring.done();
    }
    const bool in_place = touch == Touch::kPages || !platform::has_object_io();
    const auto check = [&](std::size_t piece, std::size_t thread) -> Result<void> {
        const Message& chunk = team->chunks[piece];
        return in_place ? check_hash(chunk, chunk.bytes) : verify_read(chunk, thread);
    };
    Result<void> checked;
    if (bytes >= kTeamVerifyBytes) {
        if (!team->threads) team->threads.emplace(platform::usable_processors());
        checked = team->threads->run(count, check, [](std::size_t) {});
    }
    for (std::size_t i = 0; i < count && bytes < kTeamVerifyBytes && checked; ++i)
        checked = check(i, 0);
    if (checked) return static_cast<std::size_t>(bytes);
    damage = checked.error();
    return std::unexpected(*damage);
}

}  // namespace mapferry::inline v1

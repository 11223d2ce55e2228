// SPDX-License-Identifier: Apache-2.0
// The messages of a payload: see outgoing_payload.h for its two forms.
#include <algorithm>
#include <cstring>
#include <vector>

#include "base/fail.h"
#include "base/try.h"
#include "format/manifest.h"
#include "format/shared_access.h"
#include "platform/clock.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

namespace {

// Payloads of one message that follow each other within one tick of the coarse clock look for new
// readers only after this many: a look at all reader lines takes a tenth of the time of such a
// payload. Nobody can prove that a reader came before a payload began, except by
// wait_for_readers().
constexpr std::uint32_t kAdmitStep = 16;
// The board shows at most one payload of one message in this time: more than eyes can follow.
constexpr std::int64_t kShowStepNs = 20'000'000;

std::unexpected<Status> no_payload() {
    return fail(Code::kUsage, "no payload has begun");
}

}  // namespace

Result<void> Writer::Impl::begin(const PayloadInfo& info) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    if (payload.is_under_way()) return fail(Code::kUsage, "the payload before has not ended");
    payload.begin(info, payloads);
    if (fits_one_message(info)) {
        admit_for_one_message();
        payload.form = PayloadForm::kOneMessage;
    } else {
        TRY(put_manifest());
        payload.form = PayloadForm::kMessages;
    }
    return {};
}

Result<std::span<std::byte>> Writer::Impl::loan() {
    if (!payload.is_under_way()) return no_payload();
    const bool has_room = !payload.chunk.slot.empty() && !payload.chunk.is_full();
    auto rest = open_chunk(slot_bytes());
    // The section's memory is checked once for each chunk.
    return has_room && rest ? rest : require_intact(section, std::move(rest));
}

Result<void> Writer::Impl::publish(std::size_t bytes) {
    if (!payload.is_under_way()) return no_payload();
    OpenChunk& chunk = payload.chunk;
    if (bytes > chunk.rest().size())
        return fail(Code::kUsage, "more bytes were published than were on loan");
    chunk.filled_bytes += bytes;
    // A complete payload of one message is published by end().
    if (!chunk.is_full() || (payload.is_one_message() && payload.is_complete())) return {};
    return hand_over_chunk();
}

Result<void> Writer::Impl::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        TRY_ASSIGN(auto target, loan());
        const std::size_t count = std::min(bytes.size(), target.size());
        std::memcpy(target.data(), bytes.data(), count);
        TRY(publish(count));
        bytes = bytes.subspan(count);
    }
    return {};
}

Result<void> Writer::Impl::flush() {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    if (!keeps()) {
        TRY(expand());
        TRY(hand_over_chunk());
    }
    show_newest();
    ring.flush();
    return {};
}

Result<PayloadSummary> Writer::Impl::end(PayloadSource source) {
    if (!payload.is_under_way()) return no_payload();
    const auto announced = payload.info.payload_bytes;
    Result<Hash128> hash = Hash128{};
    if (payload.is_one_message() && payload.is_complete() && source == PayloadSource::kUnchanged) {
        hash = hand_over_one_message();
    } else {
        TRY(hand_over_chunk());
        if (announced && *announced != payload.sent_bytes)
            return fail(Code::kUsage, "the payload was announced with " +
                                          std::to_string(*announced) + " bytes and has " +
                                          std::to_string(payload.sent_bytes));
        hash = hand_over_end(source);
    }
    // Bytes in a section that has lost its memory have reached nobody.
    TRY_ASSIGN(const Hash128 digest, require_intact(section, std::move(hash)));
    payload.form = PayloadForm::kNone;
    return payload.summary(digest, source);
}

// The rest of the current chunk's slot, of which the caller may touch `bytes_most`.
Result<std::span<std::byte>> Writer::Impl::open_chunk(std::uint64_t bytes_most) {
    OpenChunk& chunk = payload.chunk;
    // The payload turns out to be longer than announced.
    if (payload.is_one_message() && chunk.is_full()) TRY(hand_over_chunk());
    const std::uint64_t bytes = std::min(bytes_most, slot_bytes() - chunk.filled_bytes);
    if (!chunk.slot.empty()) {
        TRY(reserve_next(bytes));
    } else {
        TRY_ASSIGN(chunk.slot, acquire(bytes));
    }
    return chunk.rest();
}

Result<void> Writer::Impl::put_record(std::uint32_t kind, std::span<const std::byte> record) {
    const bool writes = writes_chunks();
    TRY_ASSIGN(auto target, acquire(writes ? 0 : record.size()));
    if (writes)
        TRY(write_to_slot(target.data(), record));
    else
        std::memcpy(target.data(), record.data(), record.size());
    const bool is_manifest = kind == layout::kKindManifest;
    ring.publish_hashed(
        {.kind = kind,
         .payload_offset = is_manifest ? 0 : payload.sent_bytes,
         .payload_index = payloads,
         .timestamp_unix_ns = platform::unix_ns(),
         .image = is_manifest ? to_record(payload.info.image) : layout::ImageRecord{}},
        record.size(), xxh3_64(record));
    return {};
}

// Whether one descriptor has room for everything that describes the payload.
bool Writer::Impl::fits_one_message(const PayloadInfo& info) const {
    return section.view.geometry().delivery == Delivery::kStream &&
           info.payload_bytes.value_or(0) != 0 && *info.payload_bytes <= slot_bytes() &&
           info.name.empty() && !info.mtime_unix_ns && !info.permission_bits && !info.source &&
           !info.image && !info.tensor && info.pairs.empty() && info.digest == DigestKind::kChunks;
}

void Writer::Impl::admit_for_one_message() {
    board_is_behind = true;
    const std::int64_t now_unix_ns = platform::coarse_unix_ns();
    const bool ticked = now_unix_ns != tick_unix_ns;
    tick_unix_ns = now_unix_ns;
    if (!ticked && unadmitted < kAdmitStep && !ring.lost_readers_since_admission()) {
        ++unadmitted;
        return;
    }
    unadmitted = 0;
    ring.admit_waiting();
}

// Publishes the long form's first message. REQUIRES: no part of the payload is published.
Result<void> Writer::Impl::put_manifest() {
    TRY_ASSIGN(const auto message, manifest_message(payload.info));
    if (!keeps()) ring.admit_waiting();
    TRY(put_record(layout::kKindManifest, message));
    TRY_ASSIGN(const auto record, to_record(payload.info));
    show_manifest(record);
    count_begun();
    return {};
}

// The counts are stored relaxed, because they are for onlookers only.
void Writer::Impl::count_begun() {
    shared::store(section.view.writer_line().payloads_begun, payloads + 1,
                  std::memory_order_relaxed);
}

void Writer::Impl::count_chunk(std::uint64_t slots) {
    all_bytes += slots * payload.chunk.filled_bytes;
    payload.count_chunk(slots);
    shared::store(section.view.writer_line().payload_bytes, all_bytes, std::memory_order_relaxed);
}

void Writer::Impl::count_ended() {
    ++payloads;
    shared::store(section.view.writer_line().payloads_ended, payloads, std::memory_order_relaxed);
}

// Turns a payload of one message into the long form.
Result<void> Writer::Impl::expand() {
    if (!payload.is_one_message()) return {};
    OpenChunk& chunk = payload.chunk;
    // The filled bytes lie where the manifest has to go, so they move on by one slot.
    const bool had_slot = !chunk.slot.empty();
    const auto filled = chunk.filled();
    const std::vector<std::byte> moved(filled.begin(), filled.end());
    payload.form = PayloadForm::kMessages;
    chunk = {};
    if (auto put = put_manifest(); !put || !had_slot) return put;
    TRY_ASSIGN(chunk.slot, acquire(moved.size()));
    chunk.filled_bytes = moved.size();
    std::ranges::copy(moved, chunk.slot.begin());
    return {};
}

void Writer::Impl::digest_chunk(std::uint64_t xxh3) {
    Digest128& digest = payload.digest;
    if (payload.info.digest == DigestKind::kChunks)
        digest.update(std::as_bytes(std::span(&xxh3, 1)));
    else if (payload.chunk.holes != 0)
        update_with_chunk(digest, chunk_holes(), payload.chunk.slot);
    else
        digest.update(payload.chunk.filled());
}

Result<void> Writer::Impl::hand_over_chunk() {
    if (payload.chunk.filled_bytes == 0) return {};
    TRY(expand());
    const OpenChunk& chunk = payload.chunk;
    const std::uint64_t hash =
        chunk.holes == 0 ? xxh3_64(chunk.filled()) : hole_hash.of(chunk_holes(), chunk.filled());
    ring.publish_hashed({.kind = layout::kKindChunk,
                         .flags = chunk.holes == 0 ? 0 : layout::kSlotHoles,
                         .payload_offset = payload.sent_bytes,
                         .payload_index = payloads,
                         .holes = chunk.holes},
                        chunk.filled_bytes, hash);
    digest_chunk(hash);
    count_chunk();
    return {};
}

// REQUIRES: exactly the announced bytes are filled.
Hash128 Writer::Impl::hand_over_one_message() {
    const std::uint64_t hash =
        ring.publish_whole({.kind = layout::kKindPayload,
                            .flags = payload.info.is_text ? layout::kSlotText : 0,
                            .payload_index = payloads,
                            .payload_count = payload.info.payload_count},
                           payload.chunk.filled_bytes);
    // Counted right after the publication, because readers poll the cache line of the counts.
    count_begun();
    count_chunk();
    count_ended();
    payload.form = PayloadForm::kMessages;  // it is in the ring
    // The second test is true after the clock was set back.
    if (tick_unix_ns - shown_unix_ns >= kShowStepNs || tick_unix_ns < shown_unix_ns) {
        shown_unix_ns = tick_unix_ns;
        show_newest();
    }
    payload.digest.update(std::as_bytes(std::span(&hash, 1)));
    return payload.digest.value();
}

// Publishes the long form's last message.
Result<Hash128> Writer::Impl::hand_over_end(PayloadSource source) {
    const bool changed = source == PayloadSource::kChanged;
    const Hash128 hash = payload.digest.value();
    const layout::EndRecord record{.payload_bytes = payload.sent_bytes,
                                   .chunk_count = payload.chunks,
                                   .digest_low64 = hash.low64,
                                   .digest_high64 = hash.high64,
                                   .flags = changed ? layout::kEndSourceChanged : 0,
                                   .reserved = {}};
    // A slot on loan that stayed empty is used for the record.
    payload.chunk.slot = {};
    TRY(put_record(layout::kKindEnd, std::as_bytes(std::span(&record, 1))));
    ring.end_payload();
    count_ended();
    return hash;
}

// Copies the manifest for onlookers to the board, where the ring does not overwrite it.
void Writer::Impl::show_manifest(const layout::ManifestRecord& record) {
    layout::Board& board = section.view.board();
    // The number of the manifest's message, plus 1. A payload of one message that is not published
    // yet will be the next message.
    const std::uint64_t sequence = ring.next_sequence() + (payload.is_one_message() ? 1 : 0);
    const auto bytes = std::as_bytes(std::span(&record, 1));
    // relaxed throughout: an onlooker trusts a copy only if its checksum matches
    shared::store(board.sequence, sequence, std::memory_order_relaxed);
    shared::put(board.manifest, record);
    shared::store(board.xxh3, xxh3_64(bytes, section.view.epoch() + sequence),
                  std::memory_order_relaxed);
    board_is_behind = false;
}

void Writer::Impl::show_newest() {
    if (!board_is_behind) return;
    if (const auto record = to_record(payload.info)) show_manifest(*record);
}

}  // namespace mapferry::inline v1

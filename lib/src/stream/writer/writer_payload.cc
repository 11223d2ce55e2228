// SPDX-License-Identifier: Apache-2.0
// The messages of a payload: see outgoing_payload.h for its two forms.
#include <algorithm>
#include <cstring>
#include <vector>

#include "base/try.h"
#include "format/manifest.h"
#include "format/shared_access.h"
#include "platform/clock.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

namespace {

// Payloads of one message that follow each other within one tick of the coarse clock look for new
// readers so often: to look at all places takes a tenth of the time that such a payload takes.
// Nobody can tell that a reader came before a payload began, but by wait_for_readers().
constexpr std::uint32_t kAdmitStep = 16;
// Of payloads that are one message each, the board shows one in this time: more than eyes can
// follow.
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
    // Asked once for each chunk.
    return has_room && rest ? rest : require_intact(section, std::move(rest));
}

Result<void> Writer::Impl::publish(std::size_t bytes) {
    if (!payload.is_under_way()) return no_payload();
    OpenChunk& chunk = payload.chunk;
    if (bytes > chunk.rest().size())
        return fail(Code::kUsage, "more bytes were published than were on loan");
    chunk.filled_bytes += bytes;
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
    // What was put into a section that is gone has reached nobody.
    TRY_ASSIGN(const Hash128 digest, require_intact(section, std::move(hash)));
    payload.form = PayloadForm::kNone;
    return payload.summary(digest, source);
}

// The rest of the current chunk's slot, of which `bytes_most` may be touched.
Result<std::span<std::byte>> Writer::Impl::open_chunk(std::uint64_t bytes_most) {
    OpenChunk& chunk = payload.chunk;
    // It turns out to be longer than announced.
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
    TRY_ASSIGN(auto target, acquire(record.size()));
    std::memcpy(target.data(), record.data(), record.size());
    const bool is_manifest = kind == layout::kKindManifest;
    (void)ring.publish(
        {.kind = kind,
         .payload_offset = is_manifest ? 0 : payload.sent_bytes,
         .payload_index = payloads,
         .timestamp_unix_ns = platform::unix_ns(),
         .image = is_manifest ? to_record(payload.info.image) : layout::ImageRecord{}},
        record.size());
    return {};
}

// Whether its descriptor has room for all that there is to say of the payload.
bool Writer::Impl::fits_one_message(const PayloadInfo& info) const {
    return section.view.geometry().delivery == Delivery::kStream &&
           info.payload_bytes.value_or(0) != 0 && *info.payload_bytes <= slot_bytes() &&
           info.name.empty() && !info.mtime_unix_ns && !info.permission_bits && !info.source &&
           !info.image && info.digest == DigestKind::kChunks;
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

// The long form's first message. REQUIRES: nothing of the payload is published.
Result<void> Writer::Impl::put_manifest() {
    TRY_ASSIGN(const auto record, to_record(payload.info));
    if (!keeps()) ring.admit_waiting();
    TRY(put_record(layout::kKindManifest, std::as_bytes(std::span(&record, 1))));
    show_manifest(record);
    count_begun();
    return {};
}

// The counts are stored relaxed: they are for onlookers only.
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

// From one message to the long form.
Result<void> Writer::Impl::expand() {
    if (!payload.is_one_message()) return {};
    OpenChunk& chunk = payload.chunk;
    // What is filled lies where the manifest has to go: it moves on by one slot.
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

// REQUIRES: filled is what was announced.
Hash128 Writer::Impl::hand_over_one_message() {
    const std::uint64_t hash = ring.publish({.kind = layout::kKindPayload,
                                             .flags = payload.info.is_text ? layout::kSlotText : 0,
                                             .payload_index = payloads,
                                             .payload_count = payload.info.payload_count},
                                            payload.chunk.filled_bytes);
    ring.end_payload();
    // Right behind the publication: readers poll the line that the counts are in.
    count_begun();
    count_chunk();
    count_ended();
    payload.form = PayloadForm::kMessages;  // it is in the ring
    // A clock that was set back shows it, too.
    if (tick_unix_ns - shown_unix_ns >= kShowStepNs || tick_unix_ns < shown_unix_ns) {
        shown_unix_ns = tick_unix_ns;
        show_newest();
    }
    payload.digest.update(std::as_bytes(std::span(&hash, 1)));
    return payload.digest.value();
}

// The long form's last message.
Result<Hash128> Writer::Impl::hand_over_end(PayloadSource source) {
    const bool changed = source == PayloadSource::kChanged;
    const Hash128 hash = payload.digest.value();
    const layout::EndRecord record{.payload_bytes = payload.sent_bytes,
                                   .chunk_count = payload.chunks,
                                   .digest_low64 = hash.low64,
                                   .digest_high64 = hash.high64,
                                   .flags = changed ? layout::kEndSourceChanged : 0,
                                   .reserved = {}};
    // A loaned but unused slot is used for the record.
    payload.chunk.slot = {};
    TRY(put_record(layout::kKindEnd, std::as_bytes(std::span(&record, 1))));
    ring.end_payload();
    count_ended();
    return hash;
}

// A copy of the manifest for onlookers, which the ring's reuse does not take away.
void Writer::Impl::show_manifest(const layout::ManifestRecord& record) {
    layout::Board& board = section.view.board();
    // Of the message that has it, plus 1; one that is not published yet will be the next.
    const std::uint64_t sequence = ring.next_sequence() + (payload.is_one_message() ? 1 : 0);
    const auto bytes = std::as_bytes(std::span(&record, 1));
    // relaxed throughout: an onlooker trusts only a copy whose checksum matches
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

#include "writer_impl.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "mapferry/units.h"
#include "shared_access.h"

namespace mapferry {

namespace {

// Slots of a kept section of unknown size are reserved in steps of this size.
constexpr std::uint64_t kReserveStepBytes = std::uint64_t{4} << 20;
// Whole payloads that follow each other within one tick of the coarse clock look for new readers so
// often: to look at all places takes a tenth of the time that such a payload takes. Nobody can tell
// that a reader came before a payload began, but by wait_for_readers().
constexpr std::uint32_t kAdmitStep = 16;
// Of payloads that are one message each, the board shows one in so long: more than eyes can follow.
constexpr std::int64_t kShowStepNs = 20'000'000;

// The error of a kept section whose last slot is filled.
Status no_slot_left(const MappedSection& section, std::uint64_t needed_bytes) {
    const SectionAddress& address = section.object.address;
    const auto space = platform::space_at(address);
    // Mostly it was made as large as all the space there was, so the space is what is missing.
    if (!space || space->free_bytes < needed_bytes)
        return platform::out_of_space(address, needed_bytes);
    return {Code::kIo,
            to_string(address) + " is full: it was made for " +
                format_bytes(section.view.geometry().section_bytes),
            "send a file, whose size is known beforehand, or a stream (without --keep)", 0};
}

}  // namespace

// Keep with an unknown size: makes the next message's descriptor and slot safe to touch.
Result<void> Writer::Impl::reserve_next() {
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t next = ring.next_sequence();
    if (next < reserved_slots || !grows) return {};
    const std::uint64_t step =
        std::max<std::uint64_t>(kReserveStepBytes / geometry.slot_capacity_bytes, 1);
    if (next >= geometry.slot_count)
        return pass(no_slot_left(section, step * geometry.slot_capacity_bytes));
    const std::uint64_t count = std::min(step, geometry.slot_count - reserved_slots);
    auto reserved = platform::reserve(section.object,
                                      geometry.slots_offset + reserved_slots * sizeof(layout::Slot),
                                      count * sizeof(layout::Slot));
    if (!reserved) return reserved;
    reserved = platform::reserve(
        section.object, geometry.payload_offset + reserved_slots * geometry.slot_capacity_bytes,
        count * geometry.slot_capacity_bytes);
    if (!reserved) return reserved;
    reserved_slots += count;
    return {};
}

Result<std::span<std::byte>> Writer::Impl::acquire() {
    if (keeps() && !peers.is_found_by_name()) return name_was_taken_away(section.object);
    if (auto reserved = reserve_next(); !reserved) return pass(reserved.error());
    return ring.acquire();
}

Result<void> Writer::Impl::put_record(std::uint32_t kind, std::span<const std::byte> record) {
    auto target = acquire();
    if (!target) return pass(target.error());
    std::memcpy(target->data(), record.data(), record.size());
    const std::uint64_t offset = kind == layout::kKindEnd ? sent_bytes : 0;
    (void)ring.publish(
        {.kind = kind,
         .payload_offset = offset,
         .payload_index = payloads,
         .timestamp_unix_ns = platform::unix_ns(),
         .image = kind == layout::kKindManifest ? to_record(info.image) : layout::ImageRecord{}},
        record.size());
    return {};
}

// Whether the payload that begins can be one message: its descriptor then says all of it.
bool Writer::Impl::goes_whole() const {
    const Geometry& geometry = section.view.geometry();
    return geometry.delivery == Delivery::kStream && info.payload_bytes.value_or(0) != 0 &&
           *info.payload_bytes <= geometry.slot_capacity_bytes && info.name.empty() &&
           !info.mtime_unix_ns && !info.permission_bits && !info.source && !info.image &&
           info.digest == DigestKind::kChunks;
}

void Writer::Impl::begin_whole() {
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
    const auto record = to_record(info);
    if (!record) return pass(record.error());
    if (!keeps()) ring.admit_waiting();
    if (auto put = put_record(layout::kKindManifest, std::as_bytes(std::span(&*record, 1))); !put)
        return put;
    show_manifest(*record);
    count_begun();
    return {};
}

// The counts are stored relaxed: they are for onlookers only.
void Writer::Impl::count_begun() {
    shared::store(section.view.writer_line().payloads_begun, payloads + 1,
                  std::memory_order_relaxed);
}

void Writer::Impl::count_chunk() {
    sent_bytes += filled_bytes;
    all_bytes += filled_bytes;
    ++chunks;
    filled_bytes = 0;
    slot = {};
    shared::store(section.view.writer_line().payload_bytes, all_bytes, std::memory_order_relaxed);
}

void Writer::Impl::count_ended() {
    ++payloads;
    shared::store(section.view.writer_line().payloads_ended, payloads, std::memory_order_relaxed);
}

Result<void> Writer::Impl::spell_out() {
    if (!whole) return {};
    // What is filled lies where the manifest has to go: it moves on by one slot.
    const bool had_slot = !slot.empty();
    const auto filled = slot.first(static_cast<std::size_t>(filled_bytes));
    const std::vector<std::byte> moved(filled.begin(), filled.end());
    whole = false;
    slot = {};
    filled_bytes = 0;
    if (auto put = put_manifest(); !put || !had_slot) return put;
    auto next = acquire();
    if (!next) return pass(next.error());
    slot = *next;
    filled_bytes = moved.size();
    std::ranges::copy(moved, slot.begin());
    return {};
}

// REQUIRES: the chunk is `slot`, filled to filled_bytes.
void Writer::Impl::digest_chunk(std::uint64_t xxh3) {
    if (info.digest == DigestKind::kBytes)
        digest.update(slot.first(static_cast<std::size_t>(filled_bytes)));
    else
        digest.update(std::as_bytes(std::span(&xxh3, 1)));
}

Result<void> Writer::Impl::hand_over_chunk() {
    if (filled_bytes == 0) return {};
    if (auto spelled = spell_out(); !spelled) return spelled;
    const std::uint64_t hash = ring.publish(
        {.kind = layout::kKindChunk, .payload_offset = sent_bytes, .payload_index = payloads},
        filled_bytes);
    digest_chunk(hash);
    count_chunk();
    return {};
}

// REQUIRES: whole, and filled is what was announced.
Hash128 Writer::Impl::hand_over_whole() {
    const std::uint64_t hash = ring.publish({.kind = layout::kKindPayload,
                                             .flags = info.is_text ? layout::kSlotText : 0,
                                             .payload_index = payloads,
                                             .payload_count = info.payload_count},
                                            filled_bytes);
    ring.end_payload();
    // Right behind the publication: readers poll the line that the counts are in.
    count_begun();
    count_chunk();
    count_ended();
    whole = false;
    // A clock that was set back shows it, too.
    if (tick_unix_ns - shown_unix_ns >= kShowStepNs || tick_unix_ns < shown_unix_ns) {
        shown_unix_ns = tick_unix_ns;
        show_newest();
    }
    digest.update(std::as_bytes(std::span(&hash, 1)));
    return digest.value();
}

// The long form's last message.
Result<Hash128> Writer::Impl::hand_over_end(PayloadSource source) {
    const bool changed = source == PayloadSource::kChanged;
    const Hash128 hash = digest.value();
    const layout::EndRecord record{.payload_bytes = sent_bytes,
                                   .chunk_count = chunks,
                                   .digest_low64 = hash.low64,
                                   .digest_high64 = hash.high64,
                                   .flags = changed ? layout::kEndSourceChanged : 0,
                                   .reserved = {}};
    // A loaned but unused slot is used for the record.
    slot = {};
    if (auto put = put_record(layout::kKindEnd, std::as_bytes(std::span(&record, 1))); !put)
        return pass(put.error());
    ring.end_payload();
    count_ended();
    return hash;
}

// A copy of the manifest for onlookers, which the ring's reuse does not take away.
void Writer::Impl::show_manifest(const layout::ManifestRecord& record) {
    layout::Board& board = section.view.board();
    // Of the message that has it, plus 1; one that is not published yet will be the next.
    const std::uint64_t sequence = ring.next_sequence() + (whole ? 1 : 0);
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
    if (const auto record = to_record(info)) show_manifest(*record);
}

void Writer::Impl::remove_name() {
    // A failure leaves a section that gc and the next writer recognise as dead.
    (void)remove_if_current(section.object);
}

}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
#include "stream/writer/writer_impl.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/checked_math.h"
#include "base/try.h"
#include "format/manifest.h"
#include "format/shared_access.h"
#include "mapferry/units.h"
#include "platform/space.h"

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

// A part of a section that grows in steps.
struct Writer::Impl::Room {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t step_bytes = 0;
};

// Makes a part of the section safe to touch, to the end of its last step.
Result<void> Writer::Impl::reserve_part(std::uint64_t& reserved_to, const platform::ByteRange& part,
                                        const Room& room) {
    if (part.begin == part.end || part.end <= reserved_to) return {};
    const std::uint64_t steps = divide_up(part.end - room.begin, room.step_bytes);
    const std::uint64_t begin = std::max(part.begin, reserved_to);
    const std::uint64_t end = std::min(room.begin + steps * room.step_bytes, room.end);
    TRY(platform::reserve(section.object, begin, end - begin));
    reserved_to = end;
    return {};
}

// A section that grows: the next message's descriptor, and `bytes` behind what its slot has, or
// those of several.
Result<void> Writer::Impl::reserve_next(std::uint64_t bytes) {
    if (growth == Growth::kNone) return {};
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t next = ring.next_sequence();
    if (next >= geometry.slot_count)
        return pass(no_slot_left(section, std::max(bytes, kReserveStepBytes)));
    const std::uint64_t slots = divide_up(filled_bytes + bytes, geometry.slot_capacity_bytes);
    const std::uint64_t descriptor = geometry.slots_offset + next * sizeof(layout::Slot);
    auto reserved =
        reserve_part(descriptors_reserved_to,
                     {.begin = descriptor,
                      .end = descriptor + std::max<std::uint64_t>(slots, 1) * sizeof(layout::Slot)},
                     {.begin = geometry.slots_offset,
                      .end = geometry.payload_offset,
                      .step_bytes = layout::kPageBytes});
    if (!reserved) return reserved;
    const std::uint64_t begin =
        geometry.payload_offset + next * geometry.slot_capacity_bytes + filled_bytes;
    return reserve_part(
        payload_reserved_to, {.begin = begin, .end = begin + bytes},
        {.begin = geometry.payload_offset,
         .end = geometry.section_bytes,
         .step_bytes = growth == Growth::kAhead ? kReserveStepBytes : layout::kPageBytes});
}

// The next message's slot, of which `bytes` may be touched.
Result<std::span<std::byte>> Writer::Impl::acquire(std::uint64_t bytes, std::uint64_t slots) {
    if (keeps() && !peers.is_found_by_name()) return name_was_taken_away(section.object);
    TRY(reserve_next(bytes));
    return ring.acquire(slots);
}

// The rest of the current chunk's slot, of which `bytes_most` may be touched.
Result<std::span<std::byte>> Writer::Impl::open_chunk(std::uint64_t bytes_most) {
    // A whole payload that turns out to be longer than announced.
    if (whole && !slot.empty() && filled_bytes == slot.size()) {
        TRY(hand_over_chunk());
    }
    const std::uint64_t capacity = section.view.geometry().slot_capacity_bytes;
    const std::uint64_t bytes = std::min(bytes_most, capacity - filled_bytes);
    if (!slot.empty()) {
        TRY(reserve_next(bytes));
    } else {
        TRY_ASSIGN(auto acquired, acquire(bytes));
        slot = acquired;
    }
    return slot.subspan(static_cast<std::size_t>(filled_bytes));
}

Result<void> Writer::Impl::put_record(std::uint32_t kind, std::span<const std::byte> record) {
    TRY_ASSIGN(auto target, acquire(record.size()));
    std::memcpy(target.data(), record.data(), record.size());
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
bool Writer::Impl::fits_one_message() const {
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
    TRY_ASSIGN(const auto record, to_record(info));
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
    sent_bytes += slots * filled_bytes;
    all_bytes += slots * filled_bytes;
    chunks += slots;
    filled_bytes = 0;
    slot = {};
    holes = 0;
    shared::store(section.view.writer_line().payload_bytes, all_bytes, std::memory_order_relaxed);
}

void Writer::Impl::count_ended() {
    ++payloads;
    shared::store(section.view.writer_line().payloads_ended, payloads, std::memory_order_relaxed);
}

Result<void> Writer::Impl::expand() {
    if (!whole) return {};
    // What is filled lies where the manifest has to go: it moves on by one slot.
    const bool had_slot = !slot.empty();
    const auto filled = slot.first(static_cast<std::size_t>(filled_bytes));
    const std::vector<std::byte> moved(filled.begin(), filled.end());
    whole = false;
    slot = {};
    filled_bytes = 0;
    if (auto put = put_manifest(); !put || !had_slot) return put;
    TRY_ASSIGN(auto next, acquire(moved.size()));
    slot = next;
    filled_bytes = moved.size();
    std::ranges::copy(moved, slot.begin());
    return {};
}

// REQUIRES: the chunk is `slot`, filled to filled_bytes.
void Writer::Impl::digest_chunk(std::uint64_t xxh3) {
    if (info.digest == DigestKind::kChunks)
        digest.update(std::as_bytes(std::span(&xxh3, 1)));
    else if (holes != 0)
        update_with_chunk(digest, chunk_holes(), slot);
    else
        digest.update(slot.first(static_cast<std::size_t>(filled_bytes)));
}

Result<void> Writer::Impl::hand_over_chunk() {
    if (filled_bytes == 0) return {};
    TRY(expand());
    const auto bytes = slot.first(static_cast<std::size_t>(filled_bytes));
    const std::uint64_t hash = holes == 0 ? xxh3_64(bytes) : hole_hash.of(chunk_holes(), bytes);
    ring.publish_hashed({.kind = layout::kKindChunk,
                         .flags = holes == 0 ? 0 : layout::kSlotHoles,
                         .payload_offset = sent_bytes,
                         .payload_index = payloads,
                         .holes = holes},
                        filled_bytes, hash);
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
    TRY(put_record(layout::kKindEnd, std::as_bytes(std::span(&record, 1))));
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

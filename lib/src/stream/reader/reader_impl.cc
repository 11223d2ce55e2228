// SPDX-License-Identifier: Apache-2.0
// The way of a payload out of the section: each message is checked, then handed out.
#include "stream/reader/reader_impl.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "base/checked_math.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/shared_access.h"
#include "format/wire_cause.h"
#include "platform/clock.h"
#include "platform/object_io.h"
#include "section/occupied_name.h"

namespace mapferry::inline v1 {

namespace {

// Smaller messages of a kept section are copied from its mapping.
constexpr std::size_t kReadBytes = std::size_t{64} << 10;

std::unexpected<Status> not_settled() {
    return fail(Code::kUsage, "the payload before was neither acknowledged nor left out");
}

}  // namespace

// A buffer as large as messages really are. A slot's size is only a claim of the section.
Result<std::span<std::byte>> Reader::Impl::next_block(std::size_t bytes) {
    block = (block + 1) % blocks.size();
    Block& next = blocks[block];
    if (bytes > next.capacity_bytes) {
        next = {};
        next.bytes.reset(new (std::nothrow) std::byte[bytes]);
        if (!next.bytes)
            return fail(Code::kOutOfMemory,
                        "no memory for a block of " + std::to_string(bytes) + " bytes",
                        Remedy::kSmallerSlots);
        next.capacity_bytes = bytes;
    }
    return std::span(next.bytes.get(), bytes);
}

Result<void> Reader::Impl::check_there(const Message& message) {
    const std::uint64_t slot = message.sequence % section.view.geometry().slot_count;
    if (message.holes.bits != 0) return present.check(slot, message.holes);
    return present.check(slot, message.bytes.size());
}

Result<void> Reader::Impl::check_hash(const Message& message, std::span<const std::byte> bytes) {
    const std::uint64_t xxh3 =
        message.holes.bits == 0 ? xxh3_64(bytes) : hole_hash.of(message.holes, bytes);
    if (xxh3 == message.facts.xxh3) return {};
    if (ring.was_given_up()) return std::unexpected(RingReader::given_up());
    return std::unexpected(progress.mismatch(message));
}

std::uint64_t Reader::Impl::offset_of(const Message& message) const {
    const Geometry& geometry = section.view.geometry();
    return geometry.payload_offset + message.sequence * geometry.slot_capacity_bytes;
}

// Whether the message's bytes are read by a call. A ring's pages are mapped already; those of a
// kept section come once each, and mapping them costs more.
bool Reader::Impl::reads_kept(const Message& message) const {
    return keeps() && platform::has_object_io() && message.bytes.size() >= kReadBytes;
}

// A checked private copy: no other process can change it between the check and its use. Holes are
// not written to it, so that they take no memory here either.
Result<std::span<const std::byte>> Reader::Impl::verified_copy(const Message& message) {
    TRY(check_there(message));
    const auto copy = next_block(message.bytes.size());
    if (!copy) return std::unexpected(copy.error());
    if (message.holes.bits != 0) {
        copy_parts(message.holes, message.bytes, *copy);
    } else if (reads_kept(message)) {
        TRY(platform::read_object(section.object, offset_of(message), *copy));
    } else if (!copy->empty()) {
        std::memcpy(copy->data(), message.bytes.data(), copy->size());
    }
    TRY(check_hash(message, *copy));
    return *copy;
}

Result<std::span<const std::byte>> Reader::Impl::verified_in_place(const Message& message) {
    TRY(check_there(message));
    TRY(check_hash(message, message.bytes));
    return message.bytes;
}

// For a caller that looks at the section's own bytes: reading a hole would take memory there.
Result<void> Reader::Impl::cover_holes(const Message& message) {
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t begin = message.sequence * geometry.slot_capacity_bytes;
    // Such slots are holes to their ends. A hole that ends with the payload may end within a page.
    if (message.holes.is_all())
        return section.payload.cover_with_zeros(begin,
                                                message.slots() * geometry.slot_capacity_bytes);
    for (std::uint64_t at = 0; at < message.bytes.size();) {
        const ChunkHoles::Part part = message.holes.part_at(at);
        at = part.end;
        if (!part.is_hole) continue;
        const std::uint64_t whole_bytes = round_up(part.bytes(), layout::kPageBytes);
        if (auto covered = section.payload.cover_with_zeros(begin + part.begin, whole_bytes);
            !covered)
            return covered;
    }
    return {};
}

// The next message, where the payload's end has not come yet.
Result<Message> Reader::Impl::next_of_payload() {
    TRY_ASSIGN(auto message, ring.next());
    if (!message)
        return fail(Code::kCorrupt, "the stream ended in the middle of " + progress.name());
    return *message;
}

// Takes the end record. The payload's last message is released only when the caller comes back.
Result<void> Reader::Impl::finish(const Message& message) {
    TRY_ASSIGN(auto bytes, verified_copy(message));
    TRY(progress.end(message, bytes));
    is_unreleased = true;
    return {};
}

// Takes a payload that is one message, and its end.
template <typename Check>
Result<std::span<const std::byte>> Reader::Impl::take_whole(const Check& check) {
    Result<std::span<const std::byte>> bytes = check(*whole);
    if (!bytes) return bytes;
    progress.end_whole(*whole);
    whole.reset();
    is_unreleased = true;
    return bytes;
}

// One step of read(), verify() and view(): `check` returns the chunk's verified bytes. The result
// is empty at the payload's end.
template <typename Check>
Result<std::span<const std::byte>> Reader::Impl::next_chunk(const Check& check) {
    if (!open) return fail(Code::kUsage, "the reader is closed");
    if (damage) return std::unexpected(*damage);
    if (!progress.active()) {
        end_was_read = progress.summary().has_value();
        if (end_was_read) return std::span<const std::byte>();
        return fail(Code::kUsage, "no payload has begun: call next() first");
    }
    if (whole) return take_whole(check);
    TRY_ASSIGN(auto message, next_of_payload());
    if (message.facts.kind == layout::kKindEnd) {
        TRY(finish(message));
        end_was_read = true;
        return std::span<const std::byte>();
    }
    // Checked before anything is copied.
    TRY(progress.check_chunk(message));
    Result<std::span<const std::byte>> bytes = check(message);
    if (!bytes) return bytes;
    TRY(progress.chunk(message, *bytes));
    ring.done();
    return bytes;
}

// One step of read_piece() and its like. A chunk with holes is handed out part by part.
template <typename Check>
Result<Piece> Reader::Impl::next_piece(std::uint64_t hole_bytes_most, const Check& check) {
    if (!parts.empty()) return parts.next(hole_bytes_most);
    Message last;
    auto bytes = next_chunk([&](const Message& message) {
        last = message;
        return check(message);
    });
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->empty() || last.holes.bits == 0) return Piece{.bytes = *bytes};
    parts = ChunkParts(last.holes, *bytes, last.slots());
    return parts.next(hole_bytes_most);
}

// Releases the payload's last message to the writer. Where the next message is there already, and
// payloads are taken faster than the clock ticks, they are released in groups: each release takes
// the line of the cursor from the writer, which costs more than a small payload. The writer needs
// no single slot then, and learns within a tick that a slow reader makes progress.
void Reader::Impl::release_last() {
    if (!is_unreleased) return;
    is_unreleased = false;
    ring.done();
    const std::int64_t now_unix_ns = platform::coarse_unix_ns();
    if (ring.knows_message() && now_unix_ns == released_unix_ns) return;
    released_unix_ns = now_unix_ns;
    ring.release();
}

Result<std::optional<PayloadInfo>> Reader::Impl::begin_next() {
    release_last();
    end_was_read = false;
    TRY_ASSIGN(const auto message, ring.next());
    has_ended = !message;
    if (has_ended) return std::nullopt;
    is_settled = false;
    if (message->facts.kind == layout::kKindPayload) {
        TRY_ASSIGN(auto info, progress.begin_whole(*message));
        whole = *message;
        return std::optional<PayloadInfo>(std::move(info));
    }
    Result<std::span<const std::byte>> record;  // of a manifest only: others may be large
    if (message->facts.kind == layout::kKindManifest) record = verified_copy(*message);
    if (!record) return std::unexpected(record.error());
    TRY_ASSIGN(auto info, progress.begin(*message, *record));
    ring.done();
    return std::optional<PayloadInfo>(std::move(info));
}

Result<void> Reader::Impl::check_settled() const {
    if (!open) return fail(Code::kUsage, "the reader is closed");
    if (!is_settled) return not_settled();
    return {};
}

Result<std::optional<PayloadInfo>> Reader::Impl::next() {
    TRY(check_settled());
    while (progress.active())
        TRY(verify());
    return require_intact(section, begin_next());
}

Result<std::span<const std::byte>> Reader::Impl::read() {
    TRY_ASSIGN(const Piece piece, read_at_most(zero_bytes(kHoleRunMax).size()));
    return piece.hole_bytes != 0 ? zero_bytes(piece.hole_bytes) : piece.bytes;
}

Result<Piece> Reader::Impl::read_at_most(std::uint64_t zeros_most) {
    return next_piece(zeros_most, [this](const Message& chunk) { return verified_copy(chunk); });
}

Result<void> Reader::Impl::keep_blocks(std::size_t count) {
    blocks.resize(std::max(count, blocks.size()));
    return {};
}

Result<std::size_t> Reader::Impl::verify() {
    if (open && parts.empty()) {
        TRY_ASSIGN(const std::size_t bytes,
                   verify_run([](const Message&) { return Result<void>(); }, Touch::kNothing));
        if (bytes != 0) return bytes;
    }
    TRY_ASSIGN(const Piece piece, next_piece(kHoleRunMax, [this](const Message& chunk) {
                   return verified_in_place(chunk);
               }));
    return piece.bytes.size() + static_cast<std::size_t>(piece.hole_bytes);
}

Result<std::span<const std::byte>> Reader::Impl::view() {
    if (!keeps()) return fail(Code::kUsage, "only a kept payload can be viewed");
    if (!progress.active() || progress.received_bytes() != 0)
        return fail(Code::kUsage, "view() comes directly after next()");
    const std::uint64_t first = ring.sequence();
    const std::uint64_t capacity = section.view.geometry().slot_capacity_bytes;
    // The payload is contiguous if chunk i fills the i-th slot behind the manifest.
    const auto check_place = [&](const Message& message) -> Result<void> {
        if (message.facts.payload_offset == (message.sequence - first) * capacity) return {};
        return std::unexpected(progress.mismatch(message));
    };
    const auto check = [&](const Message& message) -> Result<std::span<const std::byte>> {
        TRY(check_place(message));
        if (message.holes.bits != 0) TRY(cover_holes(message));
        return verified_in_place(message);
    };
    while (progress.active()) {
        TRY_ASSIGN(const std::size_t bytes, verify_run(check_place, Touch::kPages));
        if (bytes == 0) TRY(next_chunk(check));
    }
    end_was_read = true;
    const auto bytes = static_cast<std::size_t>(progress.summary()->payload_bytes);
    if (bytes == 0) return std::span<const std::byte>();
    return std::span<const std::byte>(section.view.payload(first).data(), bytes);
}

Result<void> Reader::Impl::acknowledge() {
    if (!end_was_read || is_settled)
        return fail(Code::kUsage, "no payload has come to its end: nothing to acknowledge");
    is_settled = true;
    release_last();
    return {};
}

void Reader::Impl::leave_out(Code cause) {
    if (is_settled) return;
    is_settled = true;
    ring.take_less(wire_cause(cause));
}

void Reader::Impl::abort(Code cause) {
    open = false;
    watch.reset();
    ring.leave(layout::kPhaseFailed, wire_cause(cause));
}

Result<void> Reader::Impl::close() {
    TRY(check_settled());
    release_last();
    open = false;
    watch.reset();
    ring.leave(layout::kPhaseDone, 0);
    if (keeps() && options.consume == Consume::kRemoveWhenDone) TRY(consume());
    section.role.release();
    return {};
}

// Removes the section once all its payloads were taken.
Result<void> Reader::Impl::consume() {
    if (!ring.at_end()) {
        section.role.release();  // another consumer may take them
        return std::unexpected(
            about(options.address,
                  {Code::kUsage,
                   to_string(options.address) + " stays: it has payloads that were not taken",
                   "take all of them", 0, Remedy::kRemoveSection}));
    }
    // Stored before the name goes, so that a writer that stays learns why it went. release: partner
    // is the load in Writer::Impl::linger
    shared::store(section.view.writer_bell().consumed, std::uint32_t{1}, std::memory_order_release);
    return remove_object(section.object);
}

}  // namespace mapferry::inline v1

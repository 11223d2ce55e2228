// SPDX-License-Identifier: Apache-2.0
#include "frames/writer/frame_writer_connection.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/checked_math.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/geometry_plan.h"
#include "platform/space.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::uint32_t kLeasesInUse = 2;  // `frame = reader.next()` holds two for a moment
constexpr std::uint32_t kOwnSlots = 3;     // the newest, the loan, and one to spare
constexpr std::uint64_t kFrameBytesAhead = std::uint64_t{256}
                                           << 10;  // stays in the second-level cache
// A slot grows in steps of this size, so that slowly growing frames do not reserve memory each
// time.
constexpr std::uint64_t kGrowStepBytes = std::uint64_t{1} << 20;

// Each, with the default number of slots: this much may wait for the slowest reader. More large
// frames would take memory, cost the time of fresh pages, and gain nothing.
constexpr std::uint64_t kUnreadFrames = 4;
constexpr std::uint64_t kUnreadBytes = std::uint64_t{8} << 20;

// Each: small frames get enough slots that neither side has to sleep and wake for every frame.
std::uint32_t slots_ahead(const FrameWriterOptions& options) {
    if (options.delivery != FrameDelivery::kEach) return 0;
    const std::uint64_t bytes = std::max(options.frame_limit_bytes, layout::kSlotCapacityMin);
    return static_cast<std::uint32_t>(kFrameBytesAhead / bytes);
}

Result<Geometry> plan_frames(const FrameWriterOptions& options) {
    const Delivery delivery =
        options.delivery == FrameDelivery::kEach ? Delivery::kEach : Delivery::kLatest;
    const std::uint32_t enough = options.reader_limit * kLeasesInUse + kOwnSlots;
    const std::uint32_t slots =
        options.slot_count != 0 ? options.slot_count : std::max(enough, slots_ahead(options));
    if (slots < 2 || slots > layout::kFrameSlotsMax)
        return fail(Code::kUsage, "a stream of frames has 2 to " +
                                      std::to_string(layout::kFrameSlotsMax) + " slots, not " +
                                      std::to_string(slots));
    // A limit that no section can have is refused with its own number.
    const bool possible =
        options.frame_limit_bytes >= 1 &&
        options.frame_limit_bytes <= layout::kSlotCapacityMax - layout::kNotesBytesMax;
    const std::uint64_t room =
        possible ? round_up(options.frame_limit_bytes, layout::kPageBytes) + layout::kNotesBytesMax
                 : options.frame_limit_bytes;
    return plan({.delivery = delivery,
                 .slot_count = slots,
                 .slot_capacity_bytes = room,
                 .reader_limit = options.reader_limit});
}

}  // namespace

Result<std::shared_ptr<FrameWriterConnection>> FrameWriterConnection::prepare(
    const FrameWriterOptions& options) {
    TRY_ASSIGN(auto geometry, plan_frames(options));
    TRY(free_name(options.address));
    TRY_ASSIGN(auto section, prepare_section(options.address, geometry, ReserveNow::kDescriptors));
    return std::make_shared<FrameWriterConnection>(std::move(section), options);
}

FrameWriterConnection::FrameWriterConnection(MappedSection mapped,
                                             const FrameWriterOptions& options)
    : section(std::move(mapped)),
      peers(section),
      ring(section.view, peers,
           {.timeout_ms = stall_limit_ms(options.stall_timeout), .stop = options.stop}),
      slots_asked_for_(options.slot_count),
      reserved_bytes_(static_cast<std::size_t>(section.view.geometry().slot_count)),
      loaned_(reserved_bytes_.size()) {}

std::uint64_t FrameWriterConnection::unread_limit(std::uint64_t frame_bytes) const {
    if (slots_asked_for_ != 0) return slots_asked_for_;
    return std::max(kUnreadFrames, kUnreadBytes / std::max<std::uint64_t>(frame_bytes, 1));
}

std::uint64_t FrameWriterConnection::offset_of(std::uint32_t slot) const {
    const Geometry& geometry = section.view.geometry();
    return geometry.payload_offset + slot * geometry.slot_capacity_bytes;
}

Result<void> FrameWriterConnection::grow(std::uint32_t slot, std::uint64_t bytes) {
    std::uint64_t& reserved = reserved_bytes_[slot];
    if (bytes <= reserved) return {};
    // No memory is taken for notes that do not come.
    const std::uint64_t capacity = section.view.geometry().slot_capacity_bytes;
    const std::uint64_t frames_part = capacity - layout::kNotesBytesMax;
    const std::uint64_t limit = bytes > frames_part ? capacity : frames_part;
    Result<void> done;
    // Where a whole step does not fit, the pages of the frame alone may.
    for (const std::uint64_t step : {kGrowStepBytes, layout::kPageBytes}) {
        const std::uint64_t wanted = std::min(round_up(bytes, step), limit);
        done = platform::reserve(section.object, offset_of(slot) + reserved, wanted - reserved);
        if (done) reserved = wanted;
        if (done || done.error().code != Code::kIo) return done;
    }
    const bool for_each = section.view.geometry().delivery == Delivery::kEach;
    done.error().message += std::string("; at least ") + (for_each ? "two slots" : "one slot") +
                            " of this size must fit";
    return done;
}

// Gives the slot's memory back to the system.
void FrameWriterConnection::shrink(std::uint32_t slot) {
    std::uint64_t& reserved = reserved_bytes_[slot];
    if (reserved != 0 && platform::release_memory(section.object, offset_of(slot), reserved))
        reserved = 0;
}

Result<std::uint32_t> FrameWriterConnection::acquire(std::uint64_t bytes, std::int64_t timeout_ms) {
    // A slot without memory for the frame is put aside, and the next one is tried. When none is
    // left, all of them come back into use, because a smaller frame may fit, and the shortage is
    // the error.
    Status shortage;
    std::optional<std::int64_t> short_since_ms;
    while (true) {
        const std::int64_t left_ms =
            short_since_ms ? bounded_ms(timeout_ms) - (peers.now_ms() - *short_since_ms)
                           : timeout_ms;
        auto slot = ring.acquire(left_ms, unread_limit(bytes));
        if (!slot && slot.error().code == Code::kBusy && shortage.code == Code::kIo) {
            ring.take_back();
            return std::unexpected(std::move(shortage));
        }
        if (!slot) return slot;
        auto grown = grow(*slot, bytes);
        if (grown) return map(*slot, bytes);
        if (grown.error().code != Code::kIo) {
            ring.give_back(*slot);
            return std::unexpected(grown.error());
        }
        shortage = std::move(grown.error());
        if (!short_since_ms) short_since_ms = peers.now_ms();
        shrink(*slot);
        ring.put_aside(*slot);
    }
}

Result<std::uint32_t> FrameWriterConnection::map(std::uint32_t slot, std::uint64_t bytes) {
    // As far as notes may reach, so that they need no other map.
    auto made = section.slots->bytes_of(section.object, slot,
                                        layout::notes_offset(bytes) + layout::kNotesBytesMax);
    if (!made) {
        ring.give_back(slot);
        return std::unexpected(made.error());
    }
    loaned_[slot] = std::move(*made);
    return slot;
}

std::uint64_t FrameWriterConnection::publish(std::uint32_t slot, std::uint64_t bytes,
                                             const FrameFacts& facts) {
    loaned_[slot] = {};
    return ring.publish(slot, bytes, facts);
}

void FrameWriterConnection::give_back(std::uint32_t slot) {
    if (section.inherited()) return;
    loaned_[slot] = {};
    ring.give_back(slot);
}

void FrameWriterConnection::leave() {
    if (!section.inherited()) section.role.release();
}

}  // namespace mapferry::inline v1

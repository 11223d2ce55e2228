// SPDX-License-Identifier: Apache-2.0
#include "mapferry/frame_writer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/checked_math.h"
#include "base/copy_and_hash.h"
#include "base/exception_boundary.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "format/geometry_plan.h"
#include "format/image_record.h"
#include "frames/writer/frame_ring_writer.h"
#include "mapferry/hash.h"
#include "platform/space.h"
#include "ring/abort_note.h"
#include "section/mapped_section.h"

namespace mapferry {

namespace {

constexpr std::uint32_t kLeasesInUse = 2;  // `frame = reader.next()` holds the old one meanwhile
constexpr std::uint32_t kOwnSlots = 3;     // the newest, the loan, and one to spare
constexpr std::uint64_t kAheadBytes = std::uint64_t{256} << 10;  // stays in the second-level cache
// A slot grows in such steps, so that a stream of slowly growing frames does not reserve each time.
constexpr std::uint64_t kGrowStepBytes = std::uint64_t{1} << 20;

// Each: without a number of slots that the user chose, so many frames may wait for the slowest
// reader. More large ones take memory, and its fresh pages time, and gain nothing.
constexpr std::uint64_t kUnreadFrames = 4;
constexpr std::uint64_t kUnreadBytes = std::uint64_t{8} << 20;

std::uint64_t unread_limit(const FrameWriterOptions& options, std::uint64_t frame_bytes) {
    if (options.slot_count != 0) return options.slot_count;
    return std::max(kUnreadFrames, kUnreadBytes / std::max<std::uint64_t>(frame_bytes, 1));
}

// Each: small frames get slots enough that neither side has to sleep and wake for every one.
std::uint32_t slots_ahead(const FrameWriterOptions& options) {
    if (options.delivery != Delivery::kEach) return 0;
    const std::uint64_t bytes = std::max(options.frame_limit_bytes, layout::kSlotCapacityMin);
    return static_cast<std::uint32_t>(kAheadBytes / bytes);
}

Result<Geometry> plan_frames(const FrameWriterOptions& options) {
    if (options.delivery != Delivery::kLatest && options.delivery != Delivery::kEach)
        return fail(Code::kUsage, "a frame writer has the deliveries latest and each");
    const std::uint32_t enough = options.reader_limit * kLeasesInUse + kOwnSlots;
    const std::uint32_t slots =
        options.slot_count != 0 ? options.slot_count : std::max(enough, slots_ahead(options));
    if (slots < 2 || slots > layout::kFrameSlotsMax)
        return fail(Code::kUsage, "a stream of frames has 2 to " +
                                      std::to_string(layout::kFrameSlotsMax) + " slots, not " +
                                      std::to_string(slots));
    return plan({.delivery = options.delivery,
                 .slot_count = slots,
                 .slot_capacity_bytes = options.frame_limit_bytes,
                 .reader_limit = options.reader_limit});
}

// Readers refuse what contradicts itself, so it is not published.
Result<void> check_frame(const std::optional<ImageDescription>& image, std::uint64_t bytes) {
    if (!image) return {};
    TRY(check_image(*image));
    return check_image_fits(*image, bytes);
}

}  // namespace

struct FrameWriter::Impl {
    Impl(const FrameWriterOptions& wanted, MappedSection mapped)
        : options(wanted),
          section(std::move(mapped)),
          peers(section),
          ring(section.view, peers,
               {.timeout_ms = stall_limit_ms(wanted.stall_timeout), .stop = wanted.stop}),
          reserved_bytes(static_cast<std::size_t>(section.view.geometry().slot_count)),
          loaned(reserved_bytes.size()) {}

    [[nodiscard]] bool may_be_renewed() const;
    Result<void> check_name(std::int64_t now_ns);
    Result<void> grow(std::uint32_t slot, std::uint64_t bytes);
    void shrink(std::uint32_t slot);
    Result<std::uint32_t> acquire(std::uint64_t bytes, std::int64_t timeout_ms);
    Result<std::uint32_t> map(std::uint32_t slot, std::uint64_t bytes);
    std::uint64_t publish(std::uint32_t slot, std::uint64_t bytes, const FrameFacts& facts);
    void give_back(std::uint32_t slot);
    void remove_name() { (void)remove_if_current(section.object); }

    FrameWriterOptions options;
    MappedSection section;
    std::unique_ptr<const Geometry> shown_geometry =
        std::make_unique<const Geometry>(section.view.geometry());
    SectionPeers peers;
    FrameRingWriter ring;
    std::vector<std::uint64_t> reserved_bytes;  // of each slot
    std::vector<SlotBytes> loaned;              // of each slot that is on loan
    FrameWriterReport before = {};              // of the sections that this one follows
    bool open = true;
};

// Without a frame being lost by it.
bool FrameWriter::Impl::may_be_renewed() const {
    const bool latest = options.delivery == Delivery::kLatest;
    return open && (latest || ring.published() == 0) && !ring.has_loans();
}

// Where the section can't be made anew it serves the readers that it has.
Result<void> FrameWriter::Impl::check_name(std::int64_t now_ns) {
    if (peers.is_found_by_name(now_ns) || options.delivery == Delivery::kLatest ||
        ring.count_attached() != 0)
        return {};
    return name_was_taken_away(section.object);
}

// Makes the slot's first `bytes` bytes safe to touch.
Result<void> FrameWriter::Impl::grow(std::uint32_t slot, std::uint64_t bytes) {
    const Geometry& geometry = section.view.geometry();
    std::uint64_t& reserved = reserved_bytes[slot];
    if (bytes <= reserved) return {};
    const std::uint64_t begin =
        geometry.payload_offset + slot * geometry.slot_capacity_bytes + reserved;
    Result<void> done;
    for (const std::uint64_t step : {kGrowStepBytes, layout::kPageBytes}) {
        const std::uint64_t wanted = std::min(round_up(bytes, step), geometry.slot_capacity_bytes);
        done = platform::reserve(section.object, begin, wanted - reserved);
        if (done) reserved = wanted;
        if (done || done.error().code != Code::kIo) return done;
    }
    done.error().hint += "; one slot of this size must fit, with --lossless two (--slots: at most)";
    return done;
}

// The slot's memory is for others.
void FrameWriter::Impl::shrink(std::uint32_t slot) {
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t begin = geometry.payload_offset + slot * geometry.slot_capacity_bytes;
    std::uint64_t& reserved = reserved_bytes[slot];
    if (reserved != 0 && platform::release_memory(section.object, begin, reserved)) reserved = 0;
}

// A slot whose first `bytes` bytes may be touched. One that can't be made so large is put aside.
Result<std::uint32_t> FrameWriter::Impl::acquire(std::uint64_t bytes, std::int64_t timeout_ms) {
    Status shortage;
    std::optional<std::int64_t> short_since_ms;
    while (true) {
        const std::int64_t left_ms =
            short_since_ms ? bounded_ms(timeout_ms) - (peers.now_ms() - *short_since_ms)
                           : timeout_ms;
        auto slot = ring.acquire(left_ms, unread_limit(options, bytes));
        if (!slot && slot.error().code == Code::kBusy && shortage.code == Code::kIo) {
            ring.take_back();
            return pass(std::move(shortage));
        }
        if (!slot) return slot;
        auto grown = grow(*slot, bytes);
        if (grown) return map(*slot, bytes);
        if (grown.error().code != Code::kIo) {
            ring.give_back(*slot);
            return pass(grown.error());
        }
        shortage = std::move(grown.error());
        if (!short_since_ms) short_since_ms = peers.now_ms();
        shrink(*slot);
        ring.put_aside(*slot);
    }
}

Result<std::uint32_t> FrameWriter::Impl::map(std::uint32_t slot, std::uint64_t bytes) {
    auto made = section.slots->bytes_of(section.object, slot, bytes);
    if (!made) {
        ring.give_back(slot);
        return pass(made.error());
    }
    loaned[slot] = std::move(*made);
    return slot;
}

// The loan's bytes are the writer's no more.
std::uint64_t FrameWriter::Impl::publish(std::uint32_t slot, std::uint64_t bytes,
                                         const FrameFacts& facts) {
    loaned[slot] = {};
    return ring.publish(slot, bytes, facts);
}

void FrameWriter::Impl::give_back(std::uint32_t slot) {
    loaned[slot] = {};
    ring.give_back(slot);
}

FrameLoan::FrameLoan(FrameLoan&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), slot_(other.slot_), bytes_(other.bytes_) {}

FrameLoan& FrameLoan::operator=(FrameLoan&& other) noexcept {
    if (this != &other) {
        give_back();
        owner_ = std::exchange(other.owner_, nullptr);
        slot_ = other.slot_;
        bytes_ = other.bytes_;
    }
    return *this;
}

FrameLoan::~FrameLoan() {
    give_back();
}

void FrameLoan::give_back() {
    auto* const owner = static_cast<FrameWriter::Impl*>(std::exchange(owner_, nullptr));
    if (owner != nullptr && !owner->section.inherited()) owner->give_back(slot_);
}

FrameWriter::FrameWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FrameWriter::FrameWriter(FrameWriter&&) noexcept = default;

FrameWriter& FrameWriter::operator=(FrameWriter&& other) noexcept {
    if (this != &other) {
        abort(Code::kInterrupted);
        impl_ = std::move(other.impl_);
    }
    return *this;
}

FrameWriter::~FrameWriter() {
    abort(Code::kInterrupted);
}

Result<FrameWriter> FrameWriter::create(const FrameWriterOptions& options) try {
    TRY_ASSIGN(auto geometry, plan_frames(options));
    TRY(free_name(options.address));
    TRY_ASSIGN(auto section,
               prepare_section(options.address, geometry, ReserveNow::kAllButPayload));
    auto impl = std::make_unique<Impl>(options, std::move(section));
    TRY(publish_section(impl->section.object));
    return FrameWriter(std::move(impl));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

// Somebody took the name away. The readers of the section before follow to the new one.
Result<void> FrameWriter::renew_if_lost() try {
    if (impl_->peers.is_found_by_name() || !impl_->may_be_renewed()) return {};
    const FrameWriterReport before = report();
    impl_->ring.set_state(layout::kStateAborted, static_cast<std::uint32_t>(Code::kPeerGone));
    auto next = create(impl_->options);
    if (!next) {
        Status status = std::move(next.error());
        status.message = name_was_taken_away(impl_->section.object).error().message +
                         ", and it can't be made anew: " + status.message;
        impl_->open = false;
        return pass(std::move(status));
    }
    next->impl_->before = {.frames = before.frames,
                           .readers = 0,
                           .readers_lost = before.readers_lost,
                           .renewals = before.renewals + 1};
    // The geometry that was handed out stays where it is: it is the same.
    next->impl_->shown_geometry = std::move(impl_->shown_geometry);
    impl_->open = false;
    impl_ = std::move(next->impl_);
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> FrameWriter::wait_for_readers(std::uint32_t count, std::int64_t timeout_ms) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (count > geometry().reader_limit)
        return fail(Code::kUsage, "the section has places for " +
                                      std::to_string(geometry().reader_limit) + " readers, not " +
                                      std::to_string(count));
    const std::int64_t began_ms = impl_->peers.now_ms();
    while (true) {
        TRY(renew_if_lost());
        const std::int64_t waited_ms = impl_->peers.now_ms() - began_ms;
        auto came = impl_->ring.wait_for_readers(count, bounded_ms(timeout_ms), waited_ms);
        if (came || impl_->peers.is_found_by_name()) return explain(impl_->section, came);
        if (!impl_->may_be_renewed()) return name_was_taken_away(impl_->section.object);
    }
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<FrameLoan> FrameWriter::loan(std::uint64_t bytes, std::int64_t timeout_ms) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->open) return fail(Code::kUsage, "the writer is closed");
    if (bytes > impl_->options.frame_limit_bytes)
        return fail(Code::kUsage,
                    "a frame of " + std::to_string(bytes) + " bytes is over the limit of " +
                        std::to_string(impl_->options.frame_limit_bytes) + " that the section has",
                    "make the section with a larger frame_limit_bytes");
    TRY(renew_if_lost());
    TRY_ASSIGN(auto slot, require_intact(impl_->section, impl_->acquire(bytes, timeout_ms)));
    return FrameLoan(impl_.get(), slot, impl_->loaned[slot].bytes);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<FrameLoan> FrameWriter::loan(const ImageDescription& image, std::int64_t timeout_ms) try {
    const auto bytes = checked_multiply(image.row_stride_bytes, image.height);
    if (!bytes || *bytes == 0)
        return fail(Code::kUsage, "an image without rows has no size: give bytes");
    return loan(*bytes, timeout_ms);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<std::uint64_t> FrameWriter::publish(FrameLoan loan,
                                           const std::optional<ImageDescription>& image) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (loan.owner_ != impl_.get()) return fail(Code::kUsage, "this loan is not this writer's");
    TRY(check_frame(image, loan.bytes_.size()));
    FrameFacts facts{.image = to_record(image), .timestamp_unix_ns = platform::unix_ns()};
    if (impl_->options.checksum == Checksum::kAll) facts.xxh3 = xxh3_64(loan.bytes_);
    loan.owner_ = nullptr;
    const std::uint64_t sequence = impl_->publish(loan.slot_, loan.bytes_.size(), facts);
    TRY(impl_->check_name(facts.timestamp_unix_ns));
    return require_intact(impl_->section, Result<std::uint64_t>(sequence));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<std::uint64_t> FrameWriter::publish_copy(std::span<const std::byte> bytes,
                                                const std::optional<ImageDescription>& image,
                                                std::int64_t timeout_ms) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    TRY(check_frame(image, bytes.size()));
    TRY_ASSIGN(auto loan, this->loan(bytes.size(), timeout_ms));
    FrameFacts facts{.image = to_record(image), .timestamp_unix_ns = platform::unix_ns()};
    if (impl_->options.checksum == Checksum::kNone) {
        copy_only(loan.bytes_, bytes);
    } else {
        facts.xxh3 = copy_and_hash(loan.bytes_, bytes);
    }
    loan.owner_ = nullptr;
    const std::uint64_t sequence = impl_->publish(loan.slot_, bytes.size(), facts);
    TRY(impl_->check_name(facts.timestamp_unix_ns));
    return require_intact(impl_->section, Result<std::uint64_t>(sequence));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<FrameWriterReport> FrameWriter::close() try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->open) return fail(Code::kUsage, "the writer is closed");
    impl_->ring.set_state(layout::kStateEnded, 0);
    TRY(require_intact(impl_->section, impl_->ring.drain()));
    impl_->open = false;
    FrameWriterReport ended = report();
    ended.name_was_lost = !remove_if_current(impl_->section.object).value_or(true);
    return ended;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

void FrameWriter::abort(Code cause) noexcept {
    abort(Status{cause, {}});
}

void FrameWriter::abort(const Status& why) noexcept try {
    if (!impl_ || !impl_->open || impl_->section.inherited()) return;
    impl_->open = false;
    put_abort_note(impl_->section.view, why);
    impl_->ring.set_state(layout::kStateAborted, static_cast<std::uint32_t>(why.code));
    impl_->remove_name();
} catch (const std::bad_alloc&) {
    return;  // The name stays; gc and the next writer recognise the section as dead.
}

Result<void> FrameWriter::check() const try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    TRY(check_stop(impl_->options.stop));
    TRY(impl_->check_name(platform::coarse_unix_ns()));
    return check_whole(impl_->section);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

const Geometry& FrameWriter::geometry() const {
    return *impl_->shown_geometry;
}

FrameWriterReport FrameWriter::report() {
    return {.frames = impl_->before.frames + impl_->ring.published(),
            .readers = impl_->ring.count_attached(),
            .readers_lost = impl_->before.readers_lost + impl_->ring.readers_lost(),
            .renewals = impl_->before.renewals};
}

}  // namespace mapferry

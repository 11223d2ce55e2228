#include "mapferry/frame_writer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "checked_math.h"
#include "copy_and_hash.h"
#include "frame_ring_writer.h"
#include "mapferry/hash.h"
#include "mapped_section.h"
#include "surface.h"

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
Result<void> check_image(const std::optional<ImageDescription>& image, std::uint64_t bytes) {
    if (!image) return {};
    if (auto known = image_from_record(to_record(image)); !known)
        return blame(Code::kUsage, known.error());
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
          reserved_bytes(static_cast<std::size_t>(section.view.geometry().slot_count)) {}

    Result<void> grow(std::uint32_t slot, std::uint64_t bytes);
    void remove_name() { (void)remove_if_current(section.object); }

    FrameWriterOptions options;
    MappedSection section;
    SectionPeers peers;
    FrameRingWriter ring;
    std::vector<std::uint64_t> reserved_bytes;  // of each slot
    bool open = true;
};

// Makes the slot's first `bytes` bytes safe to touch.
Result<void> FrameWriter::Impl::grow(std::uint32_t slot, std::uint64_t bytes) {
    const Geometry& geometry = section.view.geometry();
    std::uint64_t& reserved = reserved_bytes[slot];
    if (bytes <= reserved) return {};
    const std::uint64_t wanted =
        std::min(round_up(bytes, kGrowStepBytes), geometry.slot_capacity_bytes);
    const std::uint64_t begin =
        geometry.payload_offset + slot * geometry.slot_capacity_bytes + reserved;
    if (auto done = platform::reserve(section.object, begin, wanted - reserved); !done) return done;
    reserved = wanted;
    return {};
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
    if (owner_ != nullptr) static_cast<FrameWriter::Impl*>(owner_)->ring.give_back(slot_);
    owner_ = nullptr;
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
    auto geometry = plan_frames(options);
    if (!geometry) return pass(geometry.error());
    auto section = prepare_section(options.address, *geometry, ReserveNow::kAllButPayload);
    if (!section) return pass(section.error());
    auto impl = std::make_unique<Impl>(options, std::move(*section));
    if (auto named = publish_section(impl->section.object); !named) return pass(named.error());
    return FrameWriter(std::move(impl));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> FrameWriter::wait_for_readers(std::uint32_t count, std::int64_t timeout_ms) try {
    if (count > geometry().reader_limit)
        return fail(Code::kUsage, "the section has places for " +
                                      std::to_string(geometry().reader_limit) + " readers, not " +
                                      std::to_string(count));
    return explained(impl_->section, impl_->ring.wait_for_readers(count, timeout_ms));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<FrameLoan> FrameWriter::loan(std::uint64_t bytes, std::int64_t timeout_ms) try {
    if (!impl_->open) return fail(Code::kUsage, "the writer is closed");
    if (bytes > impl_->options.frame_limit_bytes)
        return fail(Code::kUsage,
                    "a frame of " + std::to_string(bytes) + " bytes is over the limit of " +
                        std::to_string(impl_->options.frame_limit_bytes) + " that the section has",
                    "make the section with a larger frame_limit_bytes");
    auto slot = intact(impl_->section,
                       impl_->ring.acquire(timeout_ms, unread_limit(impl_->options, bytes)));
    if (!slot) return pass(slot.error());
    FrameLoan loan(impl_.get(), *slot,
                   impl_->section.view.payload_at(*slot).first(static_cast<std::size_t>(bytes)));
    if (auto grown = impl_->grow(*slot, bytes); !grown) return pass(grown.error());
    return loan;
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
    if (loan.owner_ != impl_.get()) return fail(Code::kUsage, "this loan is not this writer's");
    if (auto checked = check_image(image, loan.bytes_.size()); !checked)
        return pass(checked.error());
    FrameFacts facts{.image = to_record(image), .timestamp_unix_ns = platform::unix_ns()};
    if (impl_->options.checksum == Checksum::kAll) facts.xxh3 = xxh3_64(loan.bytes_);
    loan.owner_ = nullptr;
    const std::uint64_t sequence = impl_->ring.publish(loan.slot_, loan.bytes_.size(), facts);
    return intact(impl_->section, Result<std::uint64_t>(sequence));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<std::uint64_t> FrameWriter::publish_copy(std::span<const std::byte> bytes,
                                                const std::optional<ImageDescription>& image,
                                                std::int64_t timeout_ms) try {
    if (auto checked = check_image(image, bytes.size()); !checked) return pass(checked.error());
    auto loan = this->loan(bytes.size(), timeout_ms);
    if (!loan) return pass(loan.error());
    FrameFacts facts{.image = to_record(image), .timestamp_unix_ns = platform::unix_ns()};
    if (impl_->options.checksum == Checksum::kNone) {
        copy_only(loan->bytes_, bytes);
    } else {
        facts.xxh3 = copy_and_hash(loan->bytes_, bytes);
    }
    loan->owner_ = nullptr;
    const std::uint64_t sequence = impl_->ring.publish(loan->slot_, bytes.size(), facts);
    return intact(impl_->section, Result<std::uint64_t>(sequence));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<FrameWriterReport> FrameWriter::close() try {
    if (!impl_->open) return fail(Code::kUsage, "the writer is closed");
    impl_->ring.set_state(layout::kStateEnded, 0);
    if (auto drained = intact(impl_->section, impl_->ring.drain()); !drained)
        return pass(drained.error());
    impl_->open = false;
    impl_->remove_name();
    return report();
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

void FrameWriter::abort(Code cause) noexcept try {
    if (!impl_ || !impl_->open) return;
    impl_->open = false;
    impl_->ring.set_state(layout::kStateAborted, static_cast<std::uint32_t>(cause));
    impl_->remove_name();
} catch (const std::bad_alloc&) {
    return;  // The name stays; gc and the next writer recognise the section as dead.
}

Result<void> FrameWriter::check() const try {
    if (auto wanted = check_stop(impl_->options.stop); !wanted) return wanted;
    return check_whole(impl_->section);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

const Geometry& FrameWriter::geometry() const {
    return impl_->section.view.geometry();
}

FrameWriterReport FrameWriter::report() {
    return {.frames = impl_->ring.published(),
            .readers = impl_->ring.count_attached(),
            .readers_lost = impl_->ring.readers_lost()};
}

}  // namespace mapferry

#include "mapferry/writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "mapferry/hash.h"
#include "mapped_section.h"
#include "patience.h"
#include "ring_writer.h"
#include "shared_access.h"
#include "surface.h"

namespace mapferry {

namespace {

// Slots of a kept section of unknown size are reserved in steps of this size.
constexpr std::uint64_t kReserveStepBytes = std::uint64_t{4} << 20;
// How often a staying writer looks whether its section is still wanted.
constexpr std::int64_t kStayLookUs = 20'000;

// Any ring carries any stream: where there is no space for the best one, smaller ones are tried,
// unless the user wanted just this one.
bool may_shrink(const WriterOptions& options) {
    return options.delivery == Delivery::kStream && options.slot_capacity_bytes == 0 &&
           options.slot_count == 0;
}

Result<MappedSection> create_that_fits(const WriterOptions& options, PlanRequest request,
                                       ReserveNow reserve) {
    while (true) {
        auto geometry = plan(request);
        if (!geometry) return pass(geometry.error());
        auto section = prepare_section(options.address, *geometry, reserve);
        if (section || section.error().code != Code::kIo || !may_shrink(options)) return section;
        const auto smaller = smaller_ring(request);
        if (!smaller) return section;
        request = *smaller;
    }
}

}  // namespace

struct Writer::Impl {
    Impl(WriterOptions wanted, MappedSection mapped, ReserveNow reserve)
        : options(std::move(wanted)),
          section(std::move(mapped)),
          peers(section),
          ring(section.view, peers,
               {.timeout_ms = options.timeout_ms > 0 ? options.timeout_ms : kDefaultTimeoutMs,
                .stop = options.stop}),
          grows(reserve == ReserveNow::kHeaderOnly) {}

    [[nodiscard]] bool keeps() const { return section.view.geometry().delivery == Delivery::kKeep; }
    Result<void> reserve_next();
    Result<std::span<std::byte>> acquire();
    Result<void> put_record(std::uint32_t kind, std::span<const std::byte> record);
    Result<void> hand_over_chunk();
    void show_manifest(const layout::ManifestRecord& record);
    void remove_name();

    WriterOptions options;
    MappedSection section;
    SectionPeers peers;
    RingWriter ring;
    bool grows;                        // slots are reserved as they are filled
    std::uint64_t reserved_slots = 0;  // of a section that grows

    bool open = true;         // neither closed nor aborted
    bool in_payload = false;  // between begin() and end()
    PayloadInfo info;
    std::uint64_t payloads = 0;
    std::uint64_t sent_bytes = 0;  // of this payload, handed over
    std::uint64_t all_bytes = 0;   // of all payloads, handed over
    std::uint64_t chunks = 0;
    std::uint64_t filled_bytes = 0;  // of the current chunk, not handed over yet
    std::span<std::byte> slot;       // of the current chunk; empty before its first loan
    Digest128 digest;
};

// Keep with an unknown size: makes the next message's descriptor and slot safe to touch.
Result<void> Writer::Impl::reserve_next() {
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t next = ring.next_sequence();
    if (next < reserved_slots || !grows) return {};
    const std::uint64_t step =
        std::max<std::uint64_t>(kReserveStepBytes / geometry.slot_capacity_bytes, 1);
    // It was made as large as all the space there was, so the space is what is missing.
    if (next >= geometry.slot_count)
        return pass(
            platform::out_of_space(section.object.address, step * geometry.slot_capacity_bytes));
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
    if (auto reserved = reserve_next(); !reserved) return pass(reserved.error());
    return ring.acquire();
}

Result<void> Writer::Impl::put_record(std::uint32_t kind, std::span<const std::byte> record) {
    auto target = acquire();
    if (!target) return pass(target.error());
    std::memcpy(target->data(), record.data(), record.size());
    const std::uint64_t offset = kind == layout::kKindEnd ? sent_bytes : 0;
    ring.publish(
        {.kind = kind,
         .payload_offset = offset,
         .payload_index = payloads,
         .timestamp_unix_ns = platform::unix_ns(),
         .image = kind == layout::kKindManifest ? to_record(info.image) : layout::ImageRecord{}},
        record.size());
    return {};
}

Result<void> Writer::Impl::hand_over_chunk() {
    if (filled_bytes == 0) return {};
    const std::uint64_t hash = ring.publish(
        {.kind = layout::kKindChunk, .payload_offset = sent_bytes, .payload_index = payloads},
        filled_bytes);
    if (info.digest == DigestKind::kBytes)
        digest.update(slot.first(static_cast<std::size_t>(filled_bytes)));
    else
        digest.update(std::as_bytes(std::span(&hash, 1)));
    sent_bytes += filled_bytes;
    all_bytes += filled_bytes;
    ++chunks;
    filled_bytes = 0;
    slot = {};
    // relaxed: for onlookers only
    shared::store(section.view.writer_line().payload_bytes, all_bytes, std::memory_order_relaxed);
    return {};
}

// A copy of the manifest for onlookers, which the ring's reuse does not take away.
void Writer::Impl::show_manifest(const layout::ManifestRecord& record) {
    layout::Board& board = section.view.board();
    const std::uint64_t sequence = ring.next_sequence();
    const auto bytes = std::as_bytes(std::span(&record, 1));
    // relaxed throughout: an onlooker trusts only a copy whose checksum matches
    shared::store(board.sequence, sequence, std::memory_order_relaxed);
    shared::put(board.manifest, record);
    shared::store(board.xxh3, xxh3_64(bytes, section.view.epoch() + sequence),
                  std::memory_order_relaxed);
}

void Writer::Impl::remove_name() {
    // A failure leaves a section that gc and the next writer recognise as dead.
    (void)remove_if_current(section.object);
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::Writer(Writer&&) noexcept = default;

Writer& Writer::operator=(Writer&& other) noexcept {
    if (this != &other) {
        abort(Code::kInterrupted);
        impl_ = std::move(other.impl_);
    }
    return *this;
}

Writer::~Writer() {
    abort(Code::kInterrupted);
}

Result<Writer> Writer::create(const WriterOptions& options) try {
    if (options.delivery == Delivery::kLatest)
        return fail(Code::kUsage, "a file writer has the deliveries stream and keep");
    Workload workload = options.workload;
    const bool open_ended = options.delivery == Delivery::kKeep && workload.unknown_count != 0;
    if (open_ended && workload.space_bytes == 0) {
        auto space = platform::space_at(options.address);
        if (!space) return pass(space.error());
        workload.space_bytes = space->free_bytes;
    }
    auto request =
        advise(options.delivery, workload, options.slot_capacity_bytes, options.slot_count);
    if (!request) return pass(request.error());
    const ReserveNow reserve = open_ended ? ReserveNow::kHeaderOnly : ReserveNow::kAll;
    auto section = create_that_fits(options, *request, reserve);
    if (!section) return pass(section.error());
    WriterOptions kept = options;
    kept.workload = {};  // its span is the caller's
    auto impl = std::make_unique<Impl>(std::move(kept), std::move(*section), reserve);
    if (auto named = publish_section(impl->section.object); !named) return pass(named.error());
    return Writer(std::move(impl));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::wait_for_readers(std::uint32_t count) try {
    if (impl_->keeps()) return {};
    if (count > impl_->section.view.geometry().reader_limit)
        return fail(Code::kUsage, "a section has places for " +
                                      std::to_string(impl_->section.view.geometry().reader_limit) +
                                      " readers, not " + std::to_string(count));
    return explained(impl_->section,
                     impl_->ring.wait_for_readers(count, impl_->options.timeout_ms));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::begin(const PayloadInfo& info) try {
    if (impl_->in_payload) return fail(Code::kUsage, "the payload before has not ended");
    impl_->info = info;
    impl_->info.payload_index = impl_->payloads;
    auto record = to_record(impl_->info);
    if (!record) return pass(record.error());
    if (!impl_->keeps()) impl_->ring.admit_waiting();
    if (auto put = impl_->put_record(layout::kKindManifest, std::as_bytes(std::span(&*record, 1)));
        !put)
        return explained(impl_->section, std::move(put));
    impl_->show_manifest(*record);
    shared::store(impl_->section.view.writer_line().payloads_begun, impl_->payloads + 1,
                  std::memory_order_relaxed);
    impl_->digest.reset();
    impl_->sent_bytes = 0;
    impl_->chunks = 0;
    impl_->in_payload = true;
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<std::span<std::byte>> Writer::loan() try {
    if (!impl_->in_payload) return fail(Code::kUsage, "no payload has begun");
    if (impl_->slot.empty()) {
        auto slot = intact(impl_->section, impl_->acquire());
        if (!slot) return slot;
        impl_->slot = *slot;
    }
    return impl_->slot.subspan(static_cast<std::size_t>(impl_->filled_bytes));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::publish(std::size_t bytes) try {
    if (bytes > impl_->slot.size() - impl_->filled_bytes)
        return fail(Code::kUsage, "more bytes were published than were on loan");
    impl_->filled_bytes += bytes;
    if (impl_->filled_bytes < impl_->slot.size()) return {};
    return impl_->hand_over_chunk();
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::write(std::span<const std::byte> bytes) try {
    while (!bytes.empty()) {
        auto target = loan();
        if (!target) return pass(target.error());
        const std::size_t count = std::min(bytes.size(), target->size());
        std::memcpy(target->data(), bytes.data(), count);
        if (auto published = publish(count); !published) return published;
        bytes = bytes.subspan(count);
    }
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::flush() try {
    if (!impl_->keeps()) {
        if (auto handed = impl_->hand_over_chunk(); !handed) return handed;
    }
    impl_->ring.flush();
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::beat() try {
    return intact(impl_->section, impl_->ring.beat());
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<PayloadSummary> Writer::end() try {
    if (!impl_->in_payload) return fail(Code::kUsage, "no payload has begun");
    if (auto handed = impl_->hand_over_chunk(); !handed) return pass(handed.error());
    const auto announced = impl_->info.payload_bytes;
    if (announced && *announced != impl_->sent_bytes)
        return fail(Code::kUsage, "the payload was announced with " + std::to_string(*announced) +
                                      " bytes and has " + std::to_string(impl_->sent_bytes));
    const Hash128 hash = impl_->digest.value();
    const layout::EndRecord record{.payload_bytes = impl_->sent_bytes,
                                   .chunk_count = impl_->chunks,
                                   .digest_low64 = hash.low64,
                                   .digest_high64 = hash.high64,
                                   .reserved = {}};
    // A loaned but unused slot is used for the record.
    impl_->slot = {};
    // What was put into a section that is gone has reached nobody.
    if (auto put = intact(impl_->section, impl_->put_record(layout::kKindEnd,
                                                            std::as_bytes(std::span(&record, 1))));
        !put)
        return pass(put.error());
    ++impl_->payloads;
    shared::store(impl_->section.view.writer_line().payloads_ended, impl_->payloads,
                  std::memory_order_relaxed);
    impl_->in_payload = false;
    return PayloadSummary{.payload_bytes = impl_->sent_bytes,
                          .chunk_count = impl_->chunks,
                          .digest_kind = impl_->info.digest,
                          .digest = hash};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<WriterReport> Writer::close() try {
    if (!impl_->open) return fail(Code::kUsage, "the writer is closed");
    if (impl_->in_payload) return fail(Code::kUsage, "the last payload has not ended");
    impl_->ring.set_state(layout::kStateEnded, 0);
    if (impl_->keeps()) {
        impl_->open = false;
        impl_->section.role.release();
        return intact(impl_->section, Result<WriterReport>(impl_->ring.report()));
    }
    if (auto drained = intact(impl_->section, impl_->ring.drain()); !drained)
        return pass(drained.error());
    impl_->open = false;
    impl_->remove_name();
    const WriterReport report = impl_->ring.report();
    if (report.readers_served < impl_->options.readers_wanted)
        return explained(
            impl_->section,
            Result<WriterReport>(fail(
                Code::kPeerGone,
                "only " + std::to_string(report.readers_served) + " of " +
                    std::to_string(impl_->options.readers_wanted) +
                    " readers got everything; the last one lost: " + impl_->ring.last_loss())));
    return report;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

bool Writer::outlived_by_section() const {
    return platform::outlives_processes(impl_->section.object);
}

Result<StayEnd> Writer::stay(std::int64_t timeout_ms) try {
    if (impl_->open || !impl_->keeps())
        return fail(Code::kUsage, "only a kept section is stayed for");
    if (outlived_by_section()) return StayEnd::kNotNeeded;
    const std::atomic<int>* const stop = impl_->options.stop;
    const std::int64_t began_ms = impl_->peers.now_ms();
    while (true) {
        // acquire: partner is the store in Reader::close
        if (shared::load(impl_->section.view.writer_bell().consumed, std::memory_order_acquire) !=
            0)
            return StayEnd::kConsumed;
        auto current = platform::is_current(impl_->section.object);
        if (!current) return pass(current.error());
        if (!*current) return StayEnd::kRemoved;
        if (Patience::stop_requested({.stop = stop}))
            return fail(Code::kInterrupted, "interrupted");
        if (impl_->peers.now_ms() - began_ms >= timeout_ms) return StayEnd::kTimedOut;
        platform::sleep_us(kStayLookUs);
    }
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

void Writer::abort(Code cause) noexcept try {
    if (!impl_ || !impl_->open) return;
    impl_->open = false;
    impl_->ring.set_state(layout::kStateAborted, static_cast<std::uint32_t>(cause));
    impl_->remove_name();
} catch (const std::bad_alloc&) {
    // As when a name can't be removed.
}

Result<void> Writer::check() const try {
    return check_whole(impl_->section);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

const Geometry& Writer::geometry() const {
    return impl_->section.view.geometry();
}

WriterReport Writer::report() const {
    return impl_->ring.report();
}

}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
#include "mapferry/writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/exception_boundary.h"
#include "base/try.h"
#include "format/geometry_plan.h"
#include "format/ring_size.h"
#include "format/shared_access.h"
#include "platform/space.h"
#include "ring/abort_note.h"
#include "ring/patience.h"
#include "section/wait_for_section.h"
#include "stream/writer/writer_impl.h"

namespace mapferry {

namespace {

// Any ring carries any stream, and a kept payload of unknown size may need less than all the space:
// where the best one can't be had, smaller ones are tried, unless the user wanted just this one.
bool may_shrink(const WriterOptions& options) {
    const bool keep = options.delivery == Delivery::kKeep;
    return options.slot_count == 0 && (keep || options.slot_capacity_bytes == 0);
}

// No space, a file larger than its file system knows, or no room for its mapping.
bool is_too_large(Code code) {
    return code == Code::kIo || code == Code::kSystem;
}

Result<MappedSection> create_that_fits(const WriterOptions& options, PlanRequest request,
                                       ReserveNow reserve) {
    while (true) {
        TRY_ASSIGN(auto geometry, plan(request));
        auto section = prepare_section(options.address, geometry, reserve);
        if (section || !is_too_large(section.error().code) || !may_shrink(options)) return section;
        const auto smaller = smaller_ring(request);
        if (!smaller) return section;
        request = *smaller;
    }
}

Growth growth_of(const WriterOptions& options) {
    if (options.delivery != Delivery::kKeep) return Growth::kNone;
    if (options.workload.stored_bytes && !platform::holes_take_memory()) return Growth::kExact;
    return options.workload.unknown_count != 0 ? Growth::kAhead : Growth::kNone;
}

// Asked before anything is written: the file system would be full before it said no.
Result<void> check_room(const SectionAddress& address, std::uint64_t bytes) {
    const auto space = platform::space_at(address);
    if (!space || space->free_bytes >= bytes) return {};
    return pass(platform::out_of_space(address, bytes));
}

}  // namespace

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
    TRY(free_name(options.address));
    Workload workload = options.workload;
    const bool open_ended = options.delivery == Delivery::kKeep && workload.unknown_count != 0;
    if (open_ended && workload.space_bytes == 0) {
        TRY_ASSIGN(auto space, platform::space_at(options.address));
        workload.space_bytes = space.free_bytes;
    }
    TRY_ASSIGN(auto request,
               advise(options.delivery, workload, options.slot_capacity_bytes, options.slot_count));
    const Growth growth = growth_of(options);
    if (growth == Growth::kExact) TRY(check_room(options.address, *workload.stored_bytes));
    const ReserveNow reserve = growth == Growth::kNone ? ReserveNow::kAll : ReserveNow::kHeaderOnly;
    TRY_ASSIGN(auto section, create_that_fits(options, request, reserve));
    WriterOptions kept = options;
    kept.workload = {};  // its span is the caller's
    auto impl = std::make_unique<Impl>(std::move(kept), std::move(section), growth);
    TRY(publish_section(impl->section.object));
    return Writer(std::move(impl));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::wait_for_readers(std::uint32_t count) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (impl_->keeps()) return {};
    if (count > impl_->section.view.geometry().reader_limit)
        return fail(Code::kUsage, "a section has places for " +
                                      std::to_string(impl_->section.view.geometry().reader_limit) +
                                      " readers, not " + std::to_string(count));
    impl_->tick_unix_ns = 0;  // those are looked for by the next payload
    auto came = impl_->ring.wait_for_readers(count, impl_->options.timeout_ms);
    if (!came && !impl_->peers.is_found_by_name())
        return name_was_taken_away(impl_->section.object);
    return explain(impl_->section, std::move(came));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::begin(const PayloadInfo& info) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (impl_->in_payload) return fail(Code::kUsage, "the payload before has not ended");
    impl_->info = info;
    impl_->info.payload_index = impl_->payloads;
    impl_->digest.reset();
    impl_->sent_bytes = 0;
    impl_->chunks = 0;
    impl_->whole = impl_->fits_one_message();
    if (impl_->whole) {
        impl_->begin_whole();
    } else if (auto put = impl_->put_manifest(); !put) {
        return explain(impl_->section, std::move(put));
    }
    impl_->in_payload = true;
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<std::span<std::byte>> Writer::loan() try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->in_payload) return fail(Code::kUsage, "no payload has begun");
    const bool has_room = impl_->filled_bytes < impl_->slot.size();
    auto rest = impl_->open_chunk(impl_->section.view.geometry().slot_capacity_bytes);
    // Asked once for each chunk.
    return has_room && rest ? rest : require_intact(impl_->section, std::move(rest));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::publish(std::size_t bytes) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (bytes > impl_->slot.size() - impl_->filled_bytes)
        return fail(Code::kUsage, "more bytes were published than were on loan");
    impl_->filled_bytes += bytes;
    if (impl_->filled_bytes < impl_->slot.size()) return {};
    if (impl_->whole && impl_->filled_bytes == impl_->info.payload_bytes) return {};
    return explain(impl_->section, impl_->hand_over_chunk());
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::write(std::span<const std::byte> bytes) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    while (!bytes.empty()) {
        TRY_ASSIGN(auto target, loan());
        const std::size_t count = std::min(bytes.size(), target.size());
        std::memcpy(target.data(), bytes.data(), count);
        TRY(publish(count));
        bytes = bytes.subspan(count);
    }
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Writer::flush() try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->keeps()) {
        auto handed = impl_->expand();
        if (handed) handed = impl_->hand_over_chunk();
        if (!handed) return explain(impl_->section, std::move(handed));
    }
    impl_->show_newest();
    impl_->ring.flush();
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<PayloadSummary> Writer::end(PayloadSource source) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->in_payload) return fail(Code::kUsage, "no payload has begun");
    const auto announced = impl_->info.payload_bytes;
    Result<Hash128> hash = Hash128{};
    const bool changed = source == PayloadSource::kChanged;
    if (impl_->whole && impl_->filled_bytes == announced && !changed) {
        hash = impl_->hand_over_whole();
    } else {
        TRY(explain(impl_->section, impl_->hand_over_chunk()));
        if (announced && *announced != impl_->sent_bytes)
            return fail(Code::kUsage, "the payload was announced with " +
                                          std::to_string(*announced) + " bytes and has " +
                                          std::to_string(impl_->sent_bytes));
        hash = impl_->hand_over_end(source);
    }
    // What was put into a section that is gone has reached nobody.
    hash = require_intact(impl_->section, std::move(hash));
    if (!hash) return pass(hash.error());
    impl_->in_payload = false;
    return PayloadSummary{.payload_bytes = impl_->sent_bytes,
                          .chunk_count = impl_->chunks,
                          .digest_kind = impl_->info.digest,
                          .digest = *hash,
                          .source_changed = changed};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<WriterReport> Writer::close() try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->open) return fail(Code::kUsage, "the writer is closed");
    if (impl_->in_payload) return fail(Code::kUsage, "the last payload has not ended");
    // Before its end: from then on a consumer may remove it, and has it.
    const bool is_lost =
        impl_->keeps() && !platform::is_current(impl_->section.object).value_or(true);
    if (is_lost) {
        abort(Code::kPeerGone);
        return name_was_taken_away(impl_->section.object);
    }
    // Before it counts as kept.
    if (impl_->keeps())
        if (auto stored = platform::check_stored(impl_->section.object); !stored)
            return explain(impl_->section, Result<WriterReport>(pass(stored.error())));
    impl_->ring.set_state(layout::kStateEnded, 0);
    if (impl_->keeps()) {
        impl_->open = false;
        impl_->section.role.release();
        return require_intact(impl_->section, Result<WriterReport>(report()));
    }
    TRY(require_intact(impl_->section, impl_->ring.drain()));
    impl_->open = false;
    WriterReport ended = report();
    ended.name_was_lost = !remove_if_current(impl_->section.object).value_or(true);
    if (ended.readers_served < impl_->options.readers_wanted)
        return explain(
            impl_->section,
            Result<WriterReport>(fail(
                Code::kPeerGone,
                "only " + std::to_string(ended.readers_served) + " of " +
                    std::to_string(impl_->options.readers_wanted) +
                    " readers got everything; the last one lost: " + impl_->ring.last_loss())));
    return ended;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

bool Writer::outlived_by_section() const {
    return platform::outlives_processes(impl_->section.object);
}

Result<StayEnd> Writer::stay(std::int64_t timeout_ms) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (impl_->open || !impl_->keeps())
        return fail(Code::kUsage, "only a kept section is stayed for");
    if (outlived_by_section()) return StayEnd::kNotNeeded;
    return stay_for(impl_->section.object, timeout_ms, impl_->options.stop, [this] {
        // acquire: partner is the store in Reader::close
        return shared::load(impl_->section.view.writer_bell().consumed,
                            std::memory_order_acquire) != 0;
    });
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

void Writer::abort(Code cause) noexcept {
    abort(Status{cause, {}});
}

void Writer::abort(const Status& why) noexcept try {
    if (!impl_ || !impl_->open || impl_->section.inherited()) return;
    impl_->open = false;
    put_abort_note(impl_->section.view, why);
    impl_->ring.set_state(layout::kStateAborted, static_cast<std::uint32_t>(why.code));
    impl_->remove_name();
} catch (const std::bad_alloc&) {
    return;  // as when a name can't be removed
}

Result<void> Writer::check() try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    TRY(check_whole(impl_->section));
    if (impl_->keeps() && !impl_->peers.is_found_by_name())
        return name_was_taken_away(impl_->section.object);
    impl_->show_newest();
    return impl_->ring.check_readers();
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

const Geometry& Writer::geometry() const {
    return impl_->section.view.geometry();
}

WriterReport Writer::report() const {
    const ReaderTally& tally = impl_->ring.tally();
    return {.readers_served = tally.served, .readers_lost = tally.lost};
}

}  // namespace mapferry

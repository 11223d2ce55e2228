// SPDX-License-Identifier: Apache-2.0
#include "mapferry/writer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/try.h"
#include "format/geometry_plan.h"
#include "format/ring_size.h"
#include "platform/object_io.h"
#include "platform/space.h"
#include "ring/patience.h"
#include "section/section_call.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

namespace {

// A kept section is mapped as a whole. With 32 bits it leaves addresses for the rest of the
// program, and for a reader in it.
constexpr std::uint64_t kKeptBytesMost =
    sizeof(void*) == 4 ? std::uint64_t{1} << 30 : std::numeric_limits<std::uint64_t>::max();

// Any ring carries any stream, and a kept payload of unknown size may need less than all the space.
// So where the best ring can't be made, smaller ones are tried, unless the user asked for exactly
// this one.
bool may_shrink(const WriterOptions& options) {
    const bool keep = options.delivery == StreamDelivery::kKeep;
    return options.slot_count == 0 && (keep || options.slot_capacity_bytes == 0);
}

// No space, a file too large for its file system, or no room for its mapping.
bool is_too_large(Code code) {
    return code == Code::kIo || code == Code::kSystem || code == Code::kOutOfMemory;
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
    if (options.delivery != StreamDelivery::kKeep) return Growth::kNone;
    if (options.workload.stored_bytes && !platform::holes_take_memory()) return Growth::kExact;
    if (options.workload.unknown_count != 0) return Growth::kAhead;
    return platform::has_object_io() ? Growth::kExact : Growth::kNone;
}

// The memory that a section which grows will take, as far as it is known.
Result<std::uint64_t> bytes_to_come(const WriterOptions& options, const PlanRequest& request) {
    if (options.workload.stored_bytes) return *options.workload.stored_bytes;
    if (options.workload.unknown_count != 0) return 0;
    TRY_ASSIGN(const auto geometry, plan(request));
    return geometry.section_bytes;
}

// Asked before anything is written: otherwise the file system would be full before it failed.
Result<void> check_room(const SectionAddress& address, std::uint64_t bytes) {
    if (bytes < platform::kCheckFirstBytes) return {};
    const auto space = platform::space_at(address);
    if (!space || space->free_bytes >= bytes) return {};
    return std::unexpected(platform::out_of_space(address, bytes));
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

Result<std::unique_ptr<Writer::Impl>> Writer::Impl::make(const WriterOptions& options) {
    // A dead writer's section of this name may hold the memory that the new one needs.
    TRY(free_name(options.address));
    Workload workload = options.workload;
    const bool is_keep = options.delivery == StreamDelivery::kKeep;
    const bool open_ended = is_keep && workload.unknown_count != 0;
    if (open_ended && workload.space_bytes == 0) {
        TRY_ASSIGN(auto space, platform::space_at(options.address));
        workload.space_bytes = std::min(space.free_bytes, kKeptBytesMost);
    }
    TRY_ASSIGN(auto request,
               advise(is_keep ? Delivery::kKeep : Delivery::kStream, workload,
                      options.slot_capacity_bytes, options.slot_count, options.readers_wanted));
    const Growth growth = growth_of(options);
    if (growth != Growth::kNone) {
        TRY_ASSIGN(const std::uint64_t bytes, bytes_to_come(options, request));
        TRY(check_room(options.address, bytes));
    }
    const bool may_be_vast = open_ended || workload.stored_bytes.has_value();
    const ReserveNow reserve = growth == Growth::kNone ? ReserveNow::kAll
                               : may_be_vast           ? ReserveNow::kHeaderOnly
                                                       : ReserveNow::kDescriptors;
    TRY_ASSIGN(auto section, create_that_fits(options, request, reserve));
    WriterOptions kept = options;
    kept.workload = {};  // its span is the caller's
    auto impl = std::make_unique<Impl>(std::move(kept), std::move(section), growth);
    if (reserve == ReserveNow::kDescriptors)
        impl->descriptors_reserved_to = impl->section.view.geometry().payload_offset;
    // The last step: a failure before it leaves no section behind.
    TRY(publish_section(impl->section.object));
    return impl;
}

Result<Writer> Writer::create(const WriterOptions& options) {
    return guarded([&]() -> Result<Writer> {
        TRY(check_stall_timeout(options.stall_timeout));
        TRY_ASSIGN(auto impl, Impl::make(options));
        return Writer(std::move(impl));
    });
}

Result<void> Writer::wait_for_readers(std::uint32_t count, Timeout timeout) {
    return call(impl_.get(), &Impl::wait_for_readers, count, timeout);
}

Result<void> Writer::begin(const PayloadInfo& info) {
    return call(impl_.get(), &Impl::begin, info);
}

Result<std::span<std::byte>> Writer::loan() {
    return call(impl_.get(), &Impl::loan);
}

Result<void> Writer::publish(std::size_t bytes) {
    return call(impl_.get(), &Impl::publish, bytes);
}

Result<void> Writer::write(std::span<const std::byte> bytes) {
    return call(impl_.get(), &Impl::write, bytes);
}

Result<void> Writer::fill(std::uint64_t bytes, const FillCall& fill) {
    return call(impl_.get(), &Impl::fill, bytes, fill, FillThreads::kCallers);
}

Result<void> Writer::fill_parallel(std::uint64_t bytes, const FillCall& fill) {
    return call(impl_.get(), &Impl::fill, bytes, fill, FillThreads::kTwo);
}

Result<void> Writer::write_hole(std::uint64_t bytes) {
    return call(impl_.get(), &Impl::write_hole, bytes);
}

Result<void> Writer::flush() {
    return call(impl_.get(), &Impl::flush);
}

Result<PayloadSummary> Writer::end(PayloadSource source) {
    return call(impl_.get(), &Impl::end, source);
}

Result<WriterReport> Writer::close() {
    return call(impl_.get(), &Impl::close);
}

Result<LingerEnd> Writer::linger(Timeout timeout) {
    return call(impl_.get(), &Impl::linger, timeout);
}

Result<void> Writer::check() {
    return call(impl_.get(), &Impl::check);
}

void Writer::abort(Code cause) noexcept {
    abort(Status{cause, {}});
}

void Writer::abort(const Status& why) noexcept try {
    if (impl_) impl_->abort(why);
} catch (const std::bad_alloc&) {
    return;  // the name stays; gc finds that the section is dead
}

bool Writer::section_persists() const {
    return ask(impl_.get(),
               [](const Impl& impl) { return platform::section_persists(impl.section.object); });
}

SectionInfo Writer::section_info() const {
    return ask(impl_.get(),
               [](const Impl& impl) { return section_info_of(impl.section.view.geometry()); });
}

WriterReport Writer::report() const {
    return ask(impl_.get(), &Impl::report);
}

}  // namespace mapferry::inline v1

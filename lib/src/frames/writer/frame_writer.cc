// SPDX-License-Identifier: Apache-2.0
#include "mapferry/frame_writer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/copy_and_hash.h"
#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "format/image_record.h"
#include "format/notes.h"
#include "format/wire_cause.h"
#include "frames/writer/copy_way.h"
#include "frames/writer/fitting_notes.h"
#include "frames/writer/frame_writer_connection.h"
#include "mapferry/detail/hash.h"
#include "ring/abort_note.h"
#include "ring/patience.h"
#include "section/section_call.h"
#include "section/stream_description.h"

namespace mapferry::inline v1 {

namespace {

FrameFacts facts_of(const FrameNotes& notes) {
    return {.image = to_record(notes.image),
            .timestamp_unix_ns = platform::unix_ns(),
            .captured = notes.captured.value_or(CaptureTime{}),
            .source_number = notes.source_number};
}

}  // namespace

struct FrameWriter::Impl {
    Impl(FrameWriterOptions wanted, std::shared_ptr<FrameWriterConnection> made)
        : options(std::move(wanted)), connection(std::move(made)) {}
    ~Impl() { connection->leave(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] const MappedSection& mapped_section() const { return connection->section; }
    Result<void> wait_for_readers(std::uint32_t count, Timeout timeout);
    Result<FrameLoan> loan(std::uint64_t bytes, Timeout timeout);
    Result<FrameLoan> loan_for_image(const ImageDescription& image, Timeout timeout);
    Result<FrameLoan> loan_for_tensor(const TensorDescription& tensor, Timeout timeout);
    Result<std::uint64_t> publish(FrameLoan& loan);
    Result<std::uint64_t> publish_copy(std::span<const std::byte> bytes, const FrameNotes& notes,
                                       Timeout timeout);
    Result<std::uint32_t> lend_slot(std::uint64_t bytes, Timeout timeout);
    Result<void> put_notes(std::uint32_t slot, std::uint64_t bytes, const FrameNotes& notes,
                           FrameFacts& facts);
    Result<std::uint64_t> hand_over(std::uint32_t slot, std::uint64_t bytes, FrameFacts facts);
    Result<void> describe(std::string_view text);
    Result<void> set_facts(const StreamFacts& facts);
    Result<void> say_again(FrameWriterConnection& next) const;
    Result<FrameWriterReport> close();
    Result<void> check();
    void abort(const Status& why);
    [[nodiscard]] FrameWriterReport report();
    [[nodiscard]] bool may_be_renewed() const;
    Result<void> renew_if_lost();
    Result<void> bring_over(FrameLoan& loan);
    Result<void> check_name(std::int64_t now_ns);

    FrameWriterOptions options;
    std::shared_ptr<FrameWriterConnection> connection;
    std::string description = {};  // for a section that is made anew, as are the facts
    StreamFacts stream_facts = {};
    std::uint64_t source_skipped = 0;
    FittingNotes fitting;
    FrameWriterReport before = {};  // sums of the sections before this one
    std::vector<std::weak_ptr<FrameWriterConnection>> former;  // those that loans may still have
    bool open = true;
};

// Whether the section may be made anew: only if no frame is lost by it.
bool FrameWriter::Impl::may_be_renewed() const {
    const bool latest = options.delivery == FrameDelivery::kLatest;
    return open && (latest || connection->ring.published() == 0);
}

// A section without its name still serves the readers that it has. The lost name is an error where
// the section can't be made anew and has no readers.
Result<void> FrameWriter::Impl::check_name(std::int64_t now_ns) {
    if (connection->peers.is_found_by_name(now_ns) || options.delivery == FrameDelivery::kLatest ||
        connection->ring.count_attached() != 0)
        return {};
    return name_was_taken_away(connection->section.object);
}

// Somebody took the section's name away: makes a new section. Readers of the old one follow to it.
Result<void> FrameWriter::Impl::renew_if_lost() {
    if (connection->peers.is_found_by_name() || !may_be_renewed()) return {};
    before = report();
    // The old section ends first: its readers then look for a successor.
    connection->ring.set_state(layout::kStateAborted, wire_cause(Code::kPeerGone));
    auto next = FrameWriterConnection::prepare(options);
    auto named = next ? say_again(**next) : Result<void>();
    if (next && named) named = publish_section((*next)->section.object);
    if (!next || !named) {
        Status status = std::move(next ? named.error() : next.error());
        status.message = name_was_taken_away(connection->section.object).error().message +
                         ", and it can't be made anew: " + status.message;
        open = false;
        return std::unexpected(std::move(status));
    }
    connection->leave();
    std::erase_if(former, [](const auto& connection_then) { return connection_then.expired(); });
    former.push_back(connection);
    connection = std::move(*next);
    before.readers = 0;
    ++before.renewals;
    return {};
}

Result<void> FrameWriter::Impl::wait_for_readers(std::uint32_t count, Timeout timeout) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    const std::uint32_t limit = connection->section.view.geometry().reader_limit;
    if (count > limit)
        return fail(Code::kUsage, "the section has places for " + std::to_string(limit) +
                                      " readers, not " + std::to_string(count));
    const std::int64_t began_ms = connection->peers.now_ms();
    while (true) {
        TRY(renew_if_lost());
        const std::int64_t waited_ms = connection->peers.now_ms() - began_ms;
        auto came = connection->ring.wait_for_readers(count, to_ms(timeout), waited_ms);
        if (came || connection->peers.is_found_by_name()) return came;
        if (!may_be_renewed()) return name_was_taken_away(connection->section.object);
    }
}

Result<std::uint32_t> FrameWriter::Impl::lend_slot(std::uint64_t bytes, Timeout timeout) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    if (bytes > options.frame_limit_bytes)
        return fail(Code::kUsage,
                    "a frame of " + std::to_string(bytes) + " bytes is over the limit of " +
                        std::to_string(options.frame_limit_bytes) + " that the section has",
                    Remedy::kLargerFrames);
    TRY(renew_if_lost());
    return require_intact(connection->section, connection->acquire(bytes, to_ms(timeout)));
}

Result<FrameLoan> FrameWriter::Impl::loan(std::uint64_t bytes, Timeout timeout) {
    TRY_ASSIGN(const std::uint32_t slot, lend_slot(bytes, timeout));
    return FrameLoan(connection, slot, bytes);
}

Result<FrameLoan> FrameWriter::Impl::loan_for_image(const ImageDescription& image,
                                                    Timeout timeout) {
    ImagePlanes planes;
    if (image.row_stride_bytes != 0) {
        TRY_ASSIGN(planes, planes_of(image));
    }
    if (planes.planes[0].rows == 0)
        return fail(Code::kUsage, "an image without rows has no size: give bytes");
    auto made = loan(planes.image_bytes, timeout);
    if (made) made->set_image(image);
    return made;
}

Result<FrameLoan> FrameWriter::Impl::loan_for_tensor(const TensorDescription& tensor,
                                                     Timeout timeout) {
    TRY_ASSIGN(const std::uint64_t bytes, tensor_bytes(tensor));
    auto made = loan(bytes, timeout);
    if (made) made->set_tensor(tensor);
    return made;
}

// A loan from before the section was made anew: its bytes move into a slot of the section of now.
Result<void> FrameWriter::Impl::bring_over(FrameLoan& loan) {
    const auto is_its_own = [&loan](const auto& then) { return then.lock() == loan.connection_; };
    if (!loan.connection_ || std::ranges::none_of(former, is_its_own))
        return fail(Code::kUsage, "this loan is not this writer's, or was published already");
    TRY_ASSIGN(const std::uint32_t slot,
               require_intact(connection->section, connection->acquire(loan.bytes_.size(), 0)));
    FrameLoan here(connection, slot, loan.bytes_.size());
    copy_only(here.bytes_, loan.bytes_, copy_way(loan.bytes_.size()));
    here.notes_ = loan.notes_;
    if (!loan.notes_.metadata.content_type.empty() || !loan.notes_.metadata.bytes.empty())
        TRY(here.set_metadata(loan.notes_.metadata));
    loan = std::move(here);
    return {};
}

// Puts what the descriptor has no room for behind the frame.
Result<void> FrameWriter::Impl::put_notes(std::uint32_t slot, std::uint64_t bytes,
                                          const FrameNotes& notes, FrameFacts& facts) {
    const std::uint64_t notes_bytes = frame_notes_bytes(notes);
    if (notes_bytes == 0) return {};
    TRY(connection->grow(slot, layout::notes_offset(bytes) + notes_bytes));
    put_frame_notes(
        connection->notes_place(slot, bytes).first(static_cast<std::size_t>(notes_bytes)), notes,
        connection->ring.notes_seed());
    facts.notes_bytes = static_cast<std::uint32_t>(notes_bytes);
    return {};
}

Result<std::uint64_t> FrameWriter::Impl::hand_over(std::uint32_t slot, std::uint64_t bytes,
                                                   FrameFacts facts) {
    facts.source_skipped = source_skipped;
    const std::uint64_t sequence = connection->publish(slot, bytes, facts);
    TRY(check_name(facts.timestamp_unix_ns));
    return require_intact(connection->section, Result<std::uint64_t>(sequence));
}

// The loan ends here, unless there is no memory for its notes.
Result<std::uint64_t> FrameWriter::Impl::publish(FrameLoan& loan) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    if (loan.connection_ != connection) TRY(bring_over(loan));
    const std::uint64_t bytes = loan.bytes_.size();
    TRY(fitting.check(loan.notes_, bytes));
    FrameFacts facts = facts_of(loan.notes_);
    if (options.checksum == Checksum::kAll) facts.xxh3 = xxh3_64(loan.bytes_);
    TRY(put_notes(loan.slot_, bytes, loan.notes_, facts));
    loan.connection_ = nullptr;
    loan.bytes_ = {};
    return hand_over(loan.slot_, bytes, facts);
}

// As a loan that is filled and published, but without a FrameLoan: small frames come at millions a
// second, and that object would take a tenth of their time.
Result<std::uint64_t> FrameWriter::Impl::publish_copy(std::span<const std::byte> bytes,
                                                      const FrameNotes& notes, Timeout timeout) {
    TRY(fitting.check(notes, bytes.size()));
    TRY(check_metadata(notes.metadata.content_type, notes.metadata.bytes.size()));
    TRY_ASSIGN(const std::uint32_t slot, lend_slot(bytes.size(), timeout));
    const std::span<std::byte> target = connection->bytes_of(slot).first(bytes.size());
    FrameFacts facts = facts_of(notes);
    if (options.checksum == Checksum::kNone) {
        copy_only(target, bytes, copy_way(bytes.size()));
    } else {
        facts.xxh3 = copy_and_hash(target, bytes, copy_way(bytes.size()));
    }
    if (auto put = put_notes(slot, bytes.size(), notes, facts); !put) {
        connection->give_back(slot);
        return std::unexpected(std::move(put.error()));
    }
    return hand_over(slot, bytes.size(), facts);
}

Result<void> FrameWriter::Impl::describe(std::string_view text) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    TRY(put_description(connection->section, text));
    description = text;
    return {};
}

Result<void> FrameWriter::Impl::set_facts(const StreamFacts& facts) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    put_stream_facts(connection->section.view, facts);
    stream_facts = facts;
    return {};
}

// What was said of the stream holds in its next section too.
Result<void> FrameWriter::Impl::say_again(FrameWriterConnection& next) const {
    put_stream_facts(next.section.view, stream_facts);
    return description.empty() ? Result<void>() : put_description(next.section, description);
}

Result<FrameWriterReport> FrameWriter::Impl::close() {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    connection->ring.set_state(layout::kStateEnded, 0);
    TRY(require_intact(connection->section, connection->ring.drain()));
    open = false;
    FrameWriterReport ended = report();
    ended.name_was_lost = !remove_if_current(connection->section.object).value_or(true);
    return ended;
}

Result<void> FrameWriter::Impl::check() {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    TRY(check_stop(options.stop));
    TRY(renew_if_lost());
    TRY(check_name(platform::coarse_unix_ns()));
    return check_whole(connection->section);
}

void FrameWriter::Impl::abort(const Status& why) {
    if (!open || connection->section.inherited()) return;
    open = false;
    put_abort_note(connection->section.view, why);
    connection->ring.set_state(layout::kStateAborted, wire_cause(why.code));
    (void)remove_if_current(connection->section.object);
}

FrameWriterReport FrameWriter::Impl::report() {
    FrameRingWriter& ring = connection->ring;
    return {.frames = before.frames + ring.published(),
            .readers = ring.count_attached(),
            .readers_lost = before.readers_lost + ring.readers_lost(),
            .renewals = before.renewals};
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

Result<FrameWriter> FrameWriter::create(const FrameWriterOptions& options) {
    return guarded([&]() -> Result<FrameWriter> {
        TRY(check_stall_timeout(options.stall_timeout));
        TRY_ASSIGN(auto connection, FrameWriterConnection::prepare(options));
        auto impl = std::make_unique<Impl>(options, std::move(connection));
        // For a section that is made anew after a change of the current folder.
        impl->options.address = platform::fixed_address(options.address);
        TRY(publish_section(impl->connection->section.object));
        return FrameWriter(std::move(impl));
    });
}

Result<void> FrameWriter::wait_for_readers(std::uint32_t count, Timeout timeout) {
    return call(impl_.get(), &Impl::wait_for_readers, count, timeout);
}

Result<FrameLoan> FrameWriter::loan(std::uint64_t bytes, Timeout timeout) {
    return call(impl_.get(), &Impl::loan, bytes, timeout);
}

Result<FrameLoan> FrameWriter::loan(const ImageDescription& image, Timeout timeout) {
    return call(impl_.get(), &Impl::loan_for_image, image, timeout);
}

Result<FrameLoan> FrameWriter::loan(const TensorDescription& tensor, Timeout timeout) {
    return call(impl_.get(), &Impl::loan_for_tensor, tensor, timeout);
}

Result<std::uint64_t> FrameWriter::publish(FrameLoan&& loan) {
    return call(impl_.get(), &Impl::publish, loan);
}

Result<std::uint64_t> FrameWriter::publish_copy(std::span<const std::byte> bytes,
                                                const FrameNotes& notes, Timeout timeout) {
    return call(impl_.get(), &Impl::publish_copy, bytes, notes, timeout);
}

void FrameWriter::skip(std::uint64_t frames) {
    if (impl_) impl_->source_skipped += frames;
}

Result<void> FrameWriter::describe(std::string_view text) {
    return call(impl_.get(), &Impl::describe, text);
}

Result<void> FrameWriter::set_facts(const StreamFacts& facts) {
    return call(impl_.get(), &Impl::set_facts, facts);
}

Result<FrameWriterReport> FrameWriter::close() {
    return call(impl_.get(), &Impl::close);
}

Result<void> FrameWriter::check() {
    return call(impl_.get(), &Impl::check);
}

void FrameWriter::abort(Code cause) noexcept {
    abort(Status{cause, {}});
}

void FrameWriter::abort(const Status& why) noexcept try {
    if (impl_) impl_->abort(why);
} catch (const std::bad_alloc&) {
    return;  // The name stays; gc and the next writer recognise the section as dead.
}

SectionInfo FrameWriter::section_info() const {
    return ask(impl_.get(), [](const Impl& impl) {
        return section_info_of(impl.connection->section.view.geometry());
    });
}

FrameWriterReport FrameWriter::report() {
    return ask(impl_.get(), &Impl::report);
}

}  // namespace mapferry::inline v1

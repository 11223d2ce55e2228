// SPDX-License-Identifier: Apache-2.0
#include "mapferry/frame_reader.h"

#include <algorithm>
#include <utility>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "format/shared_access.h"
#include "frames/reader/frame_connection.h"
#include "frames/reader/frame_impl.h"
#include "frames/reader/frame_news.h"
#include "ring/abort_note.h"
#include "ring/bell.h"
#include "ring/patience.h"
#include "ring/probe_pace.h"
#include "section/news_watch.h"
#include "section/section_call.h"
#include "section/stream_description.h"

namespace mapferry::inline v1 {

namespace {

std::unexpected<Status> not_there(std::int64_t timeout_ms) {
    return fail(Code::kTimedOut,
                "a frame is announced but was not there within " + std::to_string(timeout_ms) +
                    " ms: the section may be damaged",
                Remedy::kRestartWriter);
}

std::unexpected<Status> given_up() {
    return fail(Code::kEvicted, "the writer gave this reader up: it took no frame in time",
                Remedy::kRaiseStallTimeout);
}

}  // namespace

enum class Which : std::uint8_t { kNext, kNewest };

struct FrameReader::Impl {
    FrameReaderOptions options;
    std::shared_ptr<FrameConnection> connection;
    std::uint64_t wanted = 0;          // sequence: frames before it are done with
    bool seen_any = false;             // of this writer
    std::uint64_t source_skipped = 0;  // by the source, until the last frame
    bool restarted = false;            // the next frame is the first of another writer
    bool has_ended = false;            // the caller knows that no more frames will come
    // For event loops.
    LossOfWriter loss = LossOfWriter::kUnsaid;
    ProbePace pace;
    std::optional<NewsWatch<FrameNews>> watch;  // last: its thread looks at the others

    [[nodiscard]] const MappedSection& mapped_section() const { return connection->section; }
    Result<std::optional<Frame>> take(Which which);
    Result<std::optional<Frame>> try_take(Which which);
    Result<std::optional<Frame>> await(Which which, Timeout timeout);
    Result<NativeHandle> notification_handle();
    void show_news(const Status* failure);
    Result<bool> follow_at_once();
    Result<void> follow(WriterCondition left_as, Patience& patience);
    [[nodiscard]] Status left_by_writer(WriterCondition left_as) const;
    [[nodiscard]] bool has_news() const;
    // Whether no more frames will come.
    [[nodiscard]] bool is_end(WriterCondition condition) const {
        return condition == WriterCondition::kEnded && options.after_end == AfterEnd::kStop;
    }
    [[nodiscard]] std::optional<std::uint64_t> age_ns(const layout::FrameSlot& facts) const;
    [[nodiscard]] Result<StreamDescription> description() const;
};

// The time from the frame's capture until now, where its clock is one of this machine, otherwise
// from its publication. The first frame that a reader sees may be old, so its age would say nothing
// about the time that the hand-over takes.
std::optional<std::uint64_t> FrameReader::Impl::age_ns(const layout::FrameSlot& facts) const {
    const bool is_captured = facts.capture_ns > 0;
    const bool is_realtime = is_captured && facts.capture_clock == layout::kClockRealtime;
    const bool is_monotonic = is_captured && facts.capture_clock == layout::kClockMonotonic;
    const std::int64_t then_ns =
        is_realtime || is_monotonic ? facts.capture_ns : facts.timestamp_unix_ns;
    if (!seen_any || then_ns <= 0) return std::nullopt;
    const std::int64_t now_ns = is_monotonic ? platform::monotonic_ns() : platform::unix_ns();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(now_ns - then_ns, 1));
}

Result<StreamDescription> FrameReader::Impl::description() const {
    return read_description(connection->section);
}

Result<std::optional<Frame>> FrameReader::Impl::take(Which which) {
    FrameRingReader& ring = connection->ring;
    // A late reader begins with the newest frame. Where each frame counts, it begins with the one
    // that was the newest when the reader came.
    const bool skips = connection->section.view.geometry().delivery == Delivery::kLatest;
    const bool newest = which == Which::kNewest || (skips && !seen_any);
    // Stored before the look, so that the writer waits for this reader, or not, from now on.
    if (which == Which::kNewest)
        ring.want_newest();
    else
        ring.want_each(wanted);
    TRY_ASSIGN(const auto leased, newest ? ring.claim_newest(wanted) : ring.claim_next(wanted));
    if (!leased) {
        TRY(require_intact(connection->section, Result<void>()));
        return std::nullopt;
    }
    const auto latency_ns = age_ns(leased->facts);
    std::unique_ptr<Frame::Impl> impl(new (std::nothrow)
                                          Frame::Impl{.connection = connection, .leased = *leased});
    if (!impl) {
        ring.release(*leased);
        return out_of_memory();
    }
    auto taken_in = impl->take_in();
    const std::uint64_t sequence = impl->leased.facts.sequence - 1;
    ring.advance_cursor(sequence + 1, impl->leased.facts.bytes);
    const std::uint64_t wanted_then = std::exchange(wanted, sequence + 1);
    TRY(std::move(taken_in));
    const std::uint64_t skipped = impl->leased.facts.source_skipped;
    impl->missed =
        seen_any ? sequence - wanted_then + skipped - std::min(source_skipped, skipped) : 0;
    source_skipped = skipped;
    ring.note_taken(impl->missed, latency_ns);
    impl->latency_ns = latency_ns;
    impl->restarted = std::exchange(restarted, false);
    seen_any = true;
    return std::optional<Frame>(Frame(std::move(impl)));
}

bool FrameReader::Impl::has_news() const {
    return connection->ring.has_news(wanted) || connection->ring.has_ended();
}

// The status to return when no other writer comes.
Status FrameReader::Impl::left_by_writer(WriterCondition left_as) const {
    const std::string note =
        left_as == WriterCondition::kAborted ? abort_note(connection->section.view) : "";
    const bool ended = left_as == WriterCondition::kEnded;
    return {ended ? Code::kTimedOut : Code::kPeerGone,
            (!note.empty() ? "the writer gave up: " + note
             : ended       ? "the writer has ended"
                           : "the writer has gone") +
                ", and no other one came",
            {},
            0,
            Remedy::kRestartWriter};
}

// Begins anew in another writer's section, if there is one.
Result<bool> FrameReader::Impl::follow_at_once() {
    auto next = FrameConnection::open(options.address);
    if (!next && !FrameConnection::may_come(next.error().code))
        return std::unexpected(next.error());
    if (!next || (*next)->section.ident.epoch == connection->section.ident.epoch) return false;
    connection = std::move(*next);
    wanted = connection->first_sequence;
    seen_any = false;
    restarted = true;
    loss = LossOfWriter::kUnsaid;
    return true;
}

// Waits for another writer's section and begins anew there.
Result<void> FrameReader::Impl::follow(WriterCondition left_as, Patience& patience) {
    while (true) {
        TRY_ASSIGN(const bool follows, follow_at_once());
        if (follows) return {};
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms([&] {
            return std::unexpected(left_by_writer(left_as));
        }));
        platform::sleep_us(std::min<std::int64_t>(slice_ms, 10) * 1000);
    }
}

Result<std::optional<Frame>> FrameReader::Impl::await(Which which, Timeout timeout) {
    const std::int64_t timeout_ms = to_ms(timeout);
    const auto waiting = [&] {
        return Patience(connection->peers, {.timeout_ms = timeout_ms, .stop = options.stop});
    };
    Patience patience = waiting();
    const auto news = [this] { return has_news(); };
    while (true) {
        // Also for a reader that always finds its next frame.
        TRY(check_stop(options.stop));
        auto frame = take(which);
        if (!frame || *frame) return frame;
        // Asked before the look for news, because what a dead or ended writer did before counts.
        const WriterCondition condition = connection->ring.writer_condition();
        if (connection->ring.has_news(wanted)) {
            // The frame was taken away at this moment, and a newer one is there. Or the word that
            // announces it is damaged, which must not keep this reader here for ever.
            TRY(patience.next_slice_ms([&] { return not_there(timeout_ms); }));
            continue;
        }
        has_ended = is_end(condition);
        if (has_ended) return std::nullopt;
        if (connection->ring.was_given_up()) return given_up();
        if (condition != WriterCondition::kAtWork) {
            Patience for_another(connection->peers, {.timeout_ms = to_ms(options.successor_timeout),
                                                     .stop = options.stop});
            TRY(follow(condition, for_another));
            // The old connection is gone, and with it the peers that `patience` looked at.
            patience = waiting();
            continue;
        }
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms([&] {
            return fail(Code::kTimedOut,
                        "no frame came within " + std::to_string(timeout_ms) + " ms");
        }));
        connection->wait(options.waiting, slice_ms, news);
    }
}

// Never waits. Asks only now and then whether the writer lives, because that is a system call.
Result<std::optional<Frame>> FrameReader::Impl::try_take(Which which) {
    auto frame = take(which);
    if (!frame || *frame) return frame;
    FrameRingReader& ring = connection->ring;
    const bool asks = ring.has_ended() || (watch && (**watch).is_set());
    if (!asks && !pace.is_due(connection->peers)) return frame;
    TRY(check_stop(options.stop));
    // Asked before the look for news, because what a dead or ended writer did before counts.
    const WriterCondition condition = ring.writer_condition();
    if (ring.has_news(wanted)) {
        frame = take(which);
        if (!frame || *frame || !ring.has_news(wanted)) return frame;
        return not_there(0);
    }
    if (condition == WriterCondition::kAtWork) {
        if (ring.was_given_up()) return given_up();
        return frame;
    }
    has_ended = is_end(condition);
    if (has_ended) return frame;
    TRY_ASSIGN(const bool follows, follow_at_once());
    if (follows) return take(which);
    if (condition == WriterCondition::kEnded) return frame;
    return std::unexpected(left_by_writer(condition));
}

// Runs after each call on the reader: sets or clears the event.
void FrameReader::Impl::show_news(const Status* failure) {
    if (failure != nullptr && failure->code == Code::kPeerGone) loss = LossOfWriter::kSaid;
    FrameNews news(connection, wanted, options, loss);
    if (stop_requested(options.stop) || news.have_come()) return (**watch).show_news();
    (**watch).look_for(std::move(news));
}

Result<NativeHandle> FrameReader::Impl::notification_handle() {
    if (!watch) {
        TRY_ASSIGN(watch, NewsWatch<FrameNews>::start());
        show_news(nullptr);
    }
    return watch->handle();
}

FrameReader::FrameReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FrameReader::FrameReader(FrameReader&&) noexcept = default;
FrameReader& FrameReader::operator=(FrameReader&&) noexcept = default;
FrameReader::~FrameReader() = default;

Result<FrameReader> FrameReader::open(const FrameReaderOptions& options) {
    return guarded([&]() -> Result<FrameReader> {
        TRY_ASSIGN(auto connection, FrameConnection::await(options));
        auto impl = std::make_unique<Impl>();
        impl->options = options;
        impl->options.address = platform::fixed_address(options.address);  // for the next writer
        impl->connection = std::move(connection);
        impl->wanted = impl->connection->first_sequence;
        return FrameReader(std::move(impl));
    });
}

Result<std::optional<Frame>> FrameReader::next(Timeout timeout) {
    return call(impl_.get(), showing(&Impl::await), Which::kNext, timeout);
}

Result<std::optional<Frame>> FrameReader::latest(Timeout timeout) {
    return call(impl_.get(), showing(&Impl::await), Which::kNewest, timeout);
}

Result<std::optional<Frame>> FrameReader::try_latest() {
    return call(impl_.get(), showing(&Impl::try_take), Which::kNewest);
}

Result<NativeHandle> FrameReader::notification_handle() {
    return call(impl_.get(), &Impl::notification_handle);
}

Result<std::optional<Frame>> FrameReader::try_next() {
    return call(impl_.get(), showing(&Impl::try_take), Which::kNext);
}

bool FrameReader::has_ended() const {
    return impl_ && impl_->has_ended;
}

Result<StreamDescription> FrameReader::description() const {
    return call(impl_.get(), &Impl::description);
}

std::uint64_t FrameReader::description_version() const {
    return ask(impl_.get(), [](const Impl& impl) {
        // acquire: partner is the store in put_description
        return shared::load(impl.mapped_section().view.frame_line().description,
                            std::memory_order_acquire);
    });
}

StreamFacts FrameReader::facts() const {
    return ask(impl_.get(),
               [](const Impl& impl) { return read_stream_facts(impl.mapped_section().view); });
}

SectionInfo FrameReader::section_info() const {
    return ask(impl_.get(), [](const Impl& impl) {
        return section_info_of(impl.connection->section.view.geometry());
    });
}

std::uint64_t FrameReader::epoch() const {
    return ask(impl_.get(), [](const Impl& impl) { return impl.connection->section.ident.epoch; });
}

}  // namespace mapferry::inline v1

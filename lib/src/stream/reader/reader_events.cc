// SPDX-License-Identifier: Apache-2.0
// A reader in an event loop: looks without waiting, and the event that shows when to look.
#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "stream/reader/reader_impl.h"

namespace mapferry::inline v1 {

StreamNews Reader::Impl::news() const {
    // The last message that was read stays in the ring until release_last().
    return {section, ring.news_after(is_unreleased ? 1 : 0), options.stop};
}

// Whether the next call has something to return at once, as far as this process can see.
bool Reader::Impl::has_news() const {
    if (whole || !parts.empty()) return true;
    if (is_unreleased && !end_was_read) return true;  // the payload's end is still to be returned
    return news().have_come();
}

// Whether ring.next() would not wait. If it would, the writer gets back every slot that this reader
// is done with; otherwise each could wait for the other.
Result<bool> Reader::Impl::is_ready() {
    if (has_news()) {
        if (ring.was_given_up()) return std::unexpected(RingReader::given_up());
        return true;
    }
    ring.release();
    if (!pace.is_due(peers) && !(watch && (**watch).is_set())) return false;
    auto checked = ring.check_writer();
    // Messages that the writer published before it died count.
    if (!checked && has_news()) return true;
    if (!checked) return std::unexpected(checked.error());
    return false;
}

Result<std::optional<PayloadInfo>> Reader::Impl::try_next() {
    TRY(check_settled());
    TRY(check_stop(options.stop));
    while (true) {
        if (!progress.active()) release_last();
        TRY_ASSIGN(const bool ready, is_ready());
        if (!ready) {
            TRY(require_intact(section, Result<void>()));
            return std::nullopt;
        }
        if (!progress.active()) return require_intact(section, begin_next());
        TRY(verify());  // skips the rest of a payload that was left out
    }
}

// Runs after each call on the reader: sets or clears the event.
void Reader::Impl::show_news(const Status* failure) {
    if (failure != nullptr && failure->code == Code::kPeerGone) is_lost = true;
    if (is_lost || stop_requested(options.stop) || has_news()) return (**watch).show_news();
    ring.release();
    (**watch).look_for(news());
}

Result<NativeHandle> Reader::Impl::notification_handle() {
    if (!open) return fail(Code::kUsage, "the reader is closed");
    if (!watch) {
        TRY_ASSIGN(watch, NewsWatch<StreamNews>::start());
        show_news(nullptr);
    }
    return watch->handle();
}

}  // namespace mapferry::inline v1

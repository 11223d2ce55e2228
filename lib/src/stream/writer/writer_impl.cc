// SPDX-License-Identifier: Apache-2.0
// A writer's section from its first reader to its end.
#include "stream/writer/writer_impl.h"

#include "base/fail.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "format/shared_access.h"
#include "format/wire_cause.h"
#include "ring/abort_note.h"
#include "section/wait_for_section.h"

namespace mapferry::inline v1 {

Result<void> Writer::Impl::wait_for_readers(std::uint32_t count, Timeout timeout) {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    if (keeps()) return {};
    const std::uint32_t places = section.view.geometry().reader_limit;
    if (count > places)
        return fail(Code::kUsage, "a section has places for " + std::to_string(places) +
                                      " readers, not " + std::to_string(count));
    tick_unix_ns = 0;  // the next payload looks for these readers
    auto came = ring.wait_for_readers(count, to_ms(timeout));
    if (!came && !peers.is_found_by_name()) return name_was_taken_away(section.object);
    return came;
}

Result<WriterReport> Writer::Impl::close() {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    if (payload.is_under_way()) return fail(Code::kUsage, "the last payload has not ended");
    // Asked before the end is stored: from then on a consumer may remove the name, which is no
    // loss.
    const bool is_lost = keeps() && !platform::is_current(section.object).value_or(true);
    if (is_lost) {
        abort({Code::kPeerGone, {}});
        return name_was_taken_away(section.object);
    }
    // Checked before the section counts as kept. Chunks that are written by calls meet no fault
    // where somebody has cut the file.
    if (keeps()) {
        TRY(check_whole(section));
        TRY(platform::check_stored(section.object));
    }
    // The state is stored before the role is released. The other way round, the free role of a
    // writer without an end would look like its death.
    ring.set_state(layout::kStateEnded, 0);
    if (keeps()) {
        open = false;
        section.role.release();
        return require_intact(section, Result<WriterReport>(report()));
    }
    TRY(require_intact(section, ring.drain()));
    open = false;
    WriterReport ended = report();
    ended.name_was_lost = !remove_if_current(section.object).value_or(true);
    if (ended.readers_served < options.readers_wanted)
        return fail(Code::kPeerGone,
                    "only " + std::to_string(ended.readers_served) + " of " +
                        std::to_string(options.readers_wanted) +
                        " readers got everything; the last one lost: " + ring.last_loss());
    return ended;
}

Result<LingerEnd> Writer::Impl::linger(Timeout timeout) {
    if (open || !keeps()) return fail(Code::kUsage, "only a closed kept section is waited for");
    if (platform::section_persists(section.object)) return LingerEnd::kNotNeeded;
    return linger_for(section.object, timeout, options.stop, [this] {
        // acquire: partner is the store in Reader::Impl::consume
        return shared::load(section.view.writer_bell().consumed, std::memory_order_acquire) != 0;
    });
}

Result<void> Writer::Impl::check() {
    if (!open) return fail(Code::kUsage, "the writer is closed");
    TRY(check_whole(section));
    if (keeps() && !peers.is_found_by_name()) return name_was_taken_away(section.object);
    show_newest();
    return ring.check_readers();
}

void Writer::Impl::abort(const Status& why) {
    if (!open || section.inherited()) return;
    open = false;
    put_abort_note(section.view, why);
    ring.set_state(layout::kStateAborted, wire_cause(why.code));
    // A name that can't be removed leads to a section that gc and the next writer recognise as
    // dead.
    (void)remove_if_current(section.object);
}

WriterReport Writer::Impl::report() const {
    const ReaderTally& tally = ring.tally();
    return {.readers_served = tally.served, .readers_lost = tally.lost};
}

}  // namespace mapferry::inline v1

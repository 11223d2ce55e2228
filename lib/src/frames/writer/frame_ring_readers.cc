// SPDX-License-Identifier: Apache-2.0
// What the writer of a ring of frames sees of its readers: which of them are attached, alive,
// behind or in possession of a lease, and which frames none of them can lease any more.
#include <algorithm>
#include <limits>

#include "format/reader_line.h"
#include "format/shared_access.h"
#include "frames/writer/frame_ring_writer.h"
#include "ring/bell.h"

namespace mapferry::inline v1 {

namespace {

bool wants_frames(std::uint64_t attachment) {
    return phase_of(attachment) == layout::kPhaseWaiting && is_ticket(ticket_of(attachment));
}

}  // namespace

// Whether this attachment was answered as dead or given up. The answer counts only while it stands
// in the section, because it is what makes the line's next reader choose another ticket.
bool FrameRingWriter::is_out(std::uint32_t line, std::uint64_t attachment) const {
    const std::uint64_t answer = answered_[line];
    return answer != 0 && ticket_of(answer) == ticket_of(attachment) &&
           // partners: the writer's own stores in drop_dead and give_up_behind
           load_news(view_.admission(line).verdict) == answer;
}

// The role was free when the writer asked. The answer is stored first, then the kernel is asked
// once more. A reader that takes the line after this second look finds the answer and chooses
// another ticket. If a reader took the line before it, nothing is settled.
void FrameRingWriter::drop_dead(std::uint32_t line, std::uint64_t attachment) {
    if (!wants_frames(attachment) || is_out(line, attachment)) return;
    const std::uint64_t answer = line_word(ticket_of(attachment), layout::kVerdictClosed);
    // partner: the load in FrameRingReader::attach, of the line's next reader
    store_news(view_.admission(line).verdict, answer);
    answered_[line] = peers_->reader_lives(line) ? 0 : answer;
    if (answered_[line] != 0) ++readers_lost_;
}

// Whether a living reader leases the frame of this mark. Only the kernel shows who is alive;
// nothing written beside the lease counts. A dead reader's lease costs one question, because marks
// are never used twice.
bool FrameRingWriter::is_leased(std::uint64_t mark) {
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        layout::ReaderLine& line = view_.reader_line(i);
        bool holds = false;
        for (std::uint32_t k = 0; k < layout::kLeasesPerReader; ++k) {
            // partner: the claiming store in FrameRingReader::claim; when it was given back, the
            // reader's last look at the bytes came before
            holds |= load_news(layout::lease_of(line, k)) == mark;
        }
        if (!holds) continue;
        if (peers_->reader_lives(i)) return true;
        // partners: the stores in FrameRingReader::attach and detach
        drop_dead(i, load_news(line.attachment));
    }
    return false;
}

// Whether a living reader has not taken the frame yet. Asks the kernel about each that has not.
bool FrameRingWriter::has_reader_behind(std::uint64_t sequence) {
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        // partners: the stores in FrameRingReader::attach and detach
        const std::uint64_t attachment = load_news(line.attachment);
        if (!wants_frames(attachment) || is_out(i, attachment)) continue;
        // partner: the store in FrameRingReader::advance_cursor; the reader stored its lease before
        // it, so a frame that counts as taken is seen as leased
        if (load_news(line.cursor) > sequence) continue;
        if (peers_->reader_lives(i)) return true;
        drop_dead(i, attachment);
    }
    return false;
}

// Whether the frame is waited for.
bool FrameRingWriter::is_unread(std::uint64_t sequence) {
    return waits_ && has_reader_behind(sequence);
}

// Whether a reader, alive or not, has yet to take the newest frame. Costs no system call.
bool FrameRingWriter::is_awaited() const {
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        // partners: the stores in FrameRingReader::attach and detach
        const std::uint64_t attachment = load_news(line.attachment);
        const bool takes_part =
            phase_of(attachment) == layout::kPhaseWaiting && !is_out(i, attachment);
        // partner: the store in FrameRingReader::advance_cursor
        if (takes_part && load_news(line.cursor) < published_) return true;
    }
    return false;
}

// Settles every frame but the newest that no attached reader has yet to take and none leases. Costs
// no system call.
// A reader that attaches after this look begins with the newest frame: it marks its line as
// arriving and then reads `newest`, while the writer has stored `newest` before it reads the line.
// So one of the two sees the other.
void FrameRingWriter::look_for_settled() {
    awaited_cursor_ = std::numeric_limits<std::uint64_t>::max();
    settled_.begin(newest_is_shown_ ? published_ - 1 : 0);
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        layout::ReaderLine& line = view_.reader_line(i);
        // partners: the stores in FrameRingReader::attach and detach
        const std::uint64_t attachment = load_news(line.attachment);
        if (phase_of(attachment) == layout::kPhaseArriving) return settled_.begin(0);
        const bool is_answered = is_out(i, attachment);
        // A reader that was given up may live and claim frames.
        if (wants_frames(attachment) &&
            !(is_answered && phase_of(answered_[i]) == layout::kVerdictClosed)) {
            // partner: the store in FrameRingReader::advance_cursor
            const std::uint64_t cursor = load_news(line.cursor);
            settled_.add_cursor(cursor);
            if (!is_answered) awaited_cursor_ = std::min(awaited_cursor_, cursor);
        }
        for (std::uint32_t k = 0; k < layout::kLeasesPerReader; ++k)
            // partner: the claiming store in FrameRingReader::claim; when it was given back, the
            // reader's last look at the bytes came before
            settled_.add_lease(load_news(layout::lease_of(line, k)));
    }
}

// Delivery "each": gives up the readers that have not taken every frame before `needed`.
void FrameRingWriter::give_up_behind(std::uint64_t needed) {
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        // partners: the stores in FrameRingReader::attach and detach
        const std::uint64_t attachment = load_news(line.attachment);
        if (!wants_frames(attachment) || is_out(i, attachment)) continue;
        // partner: the store in FrameRingReader::advance_cursor
        if (load_news(line.cursor) >= needed) continue;
        answered_[i] = line_word(ticket_of(attachment), layout::kVerdictGivenUp);
        ++readers_lost_;
        // partner: the load in FrameRingReader::was_given_up. The reader's leases stay valid.
        store_news(view_.admission(i).verdict, answered_[i]);
    }
}

// A number that changes whenever a reader takes a frame.
std::uint64_t FrameRingWriter::frames_taken() const {
    std::uint64_t taken = 0;
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        // not slept for; relaxed: only a change of the numbers matters
        taken += shared::load(line.cursor, std::memory_order_relaxed);
    }
    return taken;
}

std::uint32_t FrameRingWriter::count_attached() {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        // partners: the stores in FrameRingReader::attach and detach
        const std::uint64_t attachment = load_news(view_.reader_line(i).attachment);
        if (wants_frames(attachment) && peers_->reader_lives(i)) ++count;
    }
    return count;
}

}  // namespace mapferry::inline v1

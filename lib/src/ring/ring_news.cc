// SPDX-License-Identifier: Apache-2.0
#include "ring/ring_news.h"

#include "format/layout.h"
#include "format/reader_line.h"
#include "format/shared_access.h"
#include "ring/bell.h"

namespace mapferry::inline v1 {

bool RingNews::have_come() const {
    const layout::WriterLine& writer = view_.writer_line();
    // partner: the store in RingWriter::set_state
    const std::uint32_t state = load_news(writer.state);
    if (state == layout::kStateEnded || state == layout::kStateAborted) return true;
    // partners: the stores in RingWriter::publish_hashed and flush
    const std::uint64_t published = load_news(writer.published);
    if (sequence_ && published > *sequence_) return true;
    if (!place_) return false;
    const layout::Admission& answer = view_.admission(place_->line);
    // partners: the stores in ReaderTable::admit_waiting and lose
    const std::uint64_t verdict = load_news(answer.verdict);
    if (verdict == line_word(place_->ticket, layout::kVerdictGivenUp)) return true;
    if (sequence_ || verdict != line_word(place_->ticket, layout::kVerdictAdmitted)) return false;
    // relaxed: it came with the verdict
    return published > shared::load(answer.first_sequence, std::memory_order_relaxed);
}

}  // namespace mapferry::inline v1

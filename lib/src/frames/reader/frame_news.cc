// SPDX-License-Identifier: Apache-2.0
#include "frames/reader/frame_news.h"

#include "base/stop_flag.h"

namespace mapferry::inline v1 {

bool FrameNews::is_followed(WriterCondition condition) const {
    if (condition == WriterCondition::kEnded) return options_->after_end == AfterEnd::kFollow;
    return loss_ == LossOfWriter::kSaid;
}

bool FrameNews::have_come() const {
    const FrameRingReader& ring = connection_->ring;
    if (ring.has_news(wanted_) || ring.was_given_up()) return true;
    return ring.has_ended() && !is_followed(ring.writer_condition());
}

bool FrameNews::have_come_silently(Peers& peers) const {
    if (stop_requested(options_->stop) || peers.memory_is_lost()) return true;
    const WriterCondition condition = connection_->ring.writer_condition();
    if (condition == WriterCondition::kAtWork) return false;
    return !is_followed(condition) || another_has_come();
}

// Looks at the other section without taking a place in it.
bool FrameNews::another_has_come() const {
    const auto front = open_front(options_->address);
    if (!front) return !FrameConnection::may_come(front.error().code);
    return front->ident.epoch != section().ident.epoch && is_usable(*front);
}

}  // namespace mapferry::inline v1

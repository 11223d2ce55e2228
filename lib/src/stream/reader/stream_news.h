// SPDX-License-Identifier: Apache-2.0
// What a reader of payloads waits for: the News of its NewsWatch.
#pragma once

#include <atomic>

#include "base/stop_flag.h"
#include "ring/peers.h"
#include "ring/ring_news.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

class StreamNews {
  public:
    // `section` and `stop` must outlive this object.
    StreamNews(const MappedSection& section, const RingNews& words, const std::atomic<int>* stop)
        : section_(&section), words_(words), stop_(stop) {}

    [[nodiscard]] const MappedSection& section() const { return *section_; }
    [[nodiscard]] bool have_come() const { return words_.have_come(); }
    [[nodiscard]] bool have_come_silently(Peers& peers) const {
        return stop_requested(stop_) || peers.memory_is_lost() || !peers.writer_lives();
    }

  private:
    const MappedSection* section_;
    RingNews words_;
    const std::atomic<int>* stop_;
};

}  // namespace mapferry::inline v1

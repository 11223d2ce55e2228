// SPDX-License-Identifier: Apache-2.0
// A small section of a scene, and the peers of its threads.
#pragma once

#include <string>

#include "format/geometry_plan.h"
#include "format/section_view.h"
#include "ring/peers.h"
#include "support/heap_section.h"
#include "weak_memory.h"

namespace mapferry::weak {

class WeakSection {
  public:
    WeakSection(Delivery delivery, std::uint32_t slots, std::uint32_t readers)
        : section_({.delivery = delivery,
                    .slot_count = slots,
                    .slot_capacity_bytes = std::uint64_t{32} << 10,
                    .reader_limit = readers}),
          view_(section_.view()) {}

    [[nodiscard]] const SectionView& view() const { return view_; }

    // Every word that the rings may access. Nothing is stored in the section itself, so the words
    // begin with the same values in each execution.
    void add_words() const;

  private:
    void add_writers_words() const;
    void add_readers_words(std::uint32_t reader) const;

    testing::HeapSection section_;
    SectionView view_;
};

// All peers live. Sleeping needs a ring to end, unless the peer is impatient: then each look at the
// clock finds that much time gone, and no sleep lasts.
class WeakPeers : public Peers {
  public:
    void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t) override {
        if (step_ms == 0) sleep_while(&word, seen);
    }
    void ring(std::uint32_t&, std::uint32_t) override { wake_sleepers(); }
    [[nodiscard]] bool writer_lives() override { return true; }
    [[nodiscard]] bool reader_lives(std::uint32_t) override { return true; }
    void pause() override {}
    [[nodiscard]] std::int64_t now_ms() override { return now_ms_ += step_ms; }

    std::int64_t step_ms = 0;

  private:
    std::int64_t now_ms_ = 0;
};

}  // namespace mapferry::weak

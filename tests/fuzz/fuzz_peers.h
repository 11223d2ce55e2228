// SPDX-License-Identifier: Apache-2.0
// The other sides, as the input controls them: while one side sleeps, time passes and the section
// changes.
#pragma once

#include <functional>

#include "fuzz/edited_section.h"
#include "ring/peers.h"

namespace mapferry::testing {

class FuzzPeers final : public Peers {
  public:
    FuzzPeers(EditedSection& section, FuzzInput& input, EditReach reach)
        : section_(&section), input_(&input), reach_(reach), lives_(input.take<std::uint64_t>()) {}

    // The action of the side for which a bell is rung.
    std::function<void()> on_ring = [] {};

    void sleep_on(std::uint32_t&, std::uint32_t, std::int64_t timeout_ms) override {
        now_ms_ += timeout_ms;
        section_->edit(*input_, reach_);
        require(++sleeps_ < kSleepsMax, "somebody sleeps for ever");
    }
    void ring(std::uint32_t&, std::uint32_t) override { on_ring(); }
    bool writer_lives() override { return lives_ % 2 == 0; }
    // The first line belongs to the honest reader.
    bool reader_lives(std::uint32_t reader) override {
        return reader == 0 || (lives_ >> (reader % 64) & 1) != 0;
    }
    void pause() override {}
    std::int64_t now_ms() override { return now_ms_; }

  private:
    static constexpr std::uint64_t kSleepsMax = 10'000;
    EditedSection* section_;
    FuzzInput* input_;
    EditReach reach_;
    std::uint64_t lives_;
    std::int64_t now_ms_ = 1'000'000;
    std::uint64_t sleeps_ = 0;
};

}  // namespace mapferry::testing

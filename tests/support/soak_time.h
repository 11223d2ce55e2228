// SPDX-License-Identifier: Apache-2.0
// What the long forms of tests share: their duration, and the figures that they print.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace mapferry::testing {

// How long a test of the label soak runs, as ./run soak sets it for each test; a sweep runs until
// it has finished. Zero: the short form, among the ordinary tests.
[[nodiscard]] inline std::int64_t soak_seconds() {
    const char* const text = std::getenv("MAPFERRY_SOAK_SECONDS");  // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

// Counts the rounds of a loop: at least `least`, then more until the time of a long run is over.
class Rounds {
  public:
    explicit Rounds(int least)
        : least_(least),
          until_(std::chrono::steady_clock::now() + std::chrono::seconds(soak_seconds())) {}
    bool next() {
        if (done_ >= least_ && std::chrono::steady_clock::now() >= until_) return false;
        ++done_;
        return true;
    }
    [[nodiscard]] int done() const { return done_; }

  private:
    int least_;
    int done_ = 0;
    std::chrono::steady_clock::time_point until_;
};

// One line of the table that ./run soak prints at its end.
template <typename... Values>
void print_figure(std::string_view name, const Values&... values) {
    std::cout << "figure: " << name << ": ";
    (std::cout << ... << values) << std::endl;
}

}  // namespace mapferry::testing

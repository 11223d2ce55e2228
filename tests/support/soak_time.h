// SPDX-License-Identifier: Apache-2.0
// What the long forms of tests share: their duration, and the figures that they print.
#pragma once

#include <algorithm>
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

// Counts the rounds of a loop that starts processes: `most` of them, but after ten seconds only
// until there were three. Under Wine a process takes thirty times as long to start as on Linux.
class RoundsOfProcesses {
  public:
    explicit RoundsOfProcesses(int most) : most_(most) {}
    bool next() {
        const bool is_late = std::chrono::steady_clock::now() >= enough_;
        if (done_ >= (is_late ? std::min(most_, 3) : most_)) return false;
        ++done_;
        return true;
    }
    [[nodiscard]] int done() const { return done_; }

  private:
    int most_;
    std::chrono::steady_clock::time_point enough_ =
        std::chrono::steady_clock::now() + std::chrono::seconds(10);
    int done_ = 0;
};

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

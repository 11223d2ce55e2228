// What the long forms of tests have in common: how long they run, and what they tell.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace mapferry::testing {

// As ./run soak sets it for each of its tests: how long a test of the label soak runs; a sweep runs
// until it is through. Zero: the short form, among the ordinary tests.
[[nodiscard]] inline std::int64_t soak_seconds() {
    const char* const text = std::getenv("MAPFERRY_SOAK_SECONDS");  // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

// One line of the table that ./run soak prints at its end.
template <typename... Values>
void print_figure(std::string_view name, const Values&... values) {
    std::cout << "figure: " << name << ": ";
    (std::cout << ... << values) << std::endl;
}

}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The functions of a child process that are the same on every system.
#include "support/child_process.h"

#include <gtest/gtest.h>

#include <array>

#include "platform/clock.h"

namespace mapferry::testing {

namespace {

constexpr std::int64_t kLookUs = 1000;

std::int64_t now_ms() {
    return platform::monotonic_ns() / 1'000'000;
}

}  // namespace

bool ChildProcess::write_input(const std::string& text) {
    return write_input(std::as_bytes(std::span(text)));
}

std::string ChildProcess::read_all_output() {
    std::string text;
    std::array<std::byte, 65536> piece{};
    while (const std::size_t got = read_output(piece))
        text.append(reinterpret_cast<const char*>(piece.data()), got);
    return text;
}

bool eventually(const std::function<bool()>& condition) {
    const std::int64_t give_up_ms = now_ms() + kWatchdogMs;
    while (!condition()) {
        if (now_ms() >= give_up_ms) {
            ADD_FAILURE() << "what was waited for did not come";
            return false;
        }
        platform::sleep_us(kLookUs);  // between two looks
    }
    return true;
}

}  // namespace mapferry::testing

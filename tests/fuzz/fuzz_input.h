// SPDX-License-Identifier: Apache-2.0
// The parts of every fuzz target: the function that runs each input, numbers taken from the input's
// bytes, and require() for what must always hold.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mapferry::testing {

// Ends the process. A fuzzer counts that as a finding, and CTest as a failure.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fputs("fuzz target: broken promise: ", stderr);
    std::fputs(what, stderr);
    std::fputs("\n", stderr);
    std::abort();
}

// Bytes are taken from the front; past the end all are zero.
class FuzzInput {
  public:
    FuzzInput(const std::uint8_t* data, std::size_t size)
        : rest_(reinterpret_cast<const std::byte*>(data), size) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }
    [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }
    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(rest_.data()), rest_.size()};
    }

    // Takes the bytes of a number or a record.
    template <typename T>
    T take() {
        T value{};
        const std::size_t count = std::min(rest_.size(), sizeof value);
        if (count != 0) std::memcpy(&value, rest_.data(), count);
        rest_ = rest_.subspan(count);
        return value;
    }

  private:
    std::span<const std::byte> rest_;
};

}  // namespace mapferry::testing

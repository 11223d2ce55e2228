// SPDX-License-Identifier: Apache-2.0
// Runs the other side of an example in a thread of its own.
#pragma once

#include <gtest/gtest.h>

#include <thread>

#include "mapferry/status.h"

namespace mapferry::testing {

template <typename T>
[[nodiscard]] ::testing::AssertionResult succeeded(const Result<T>& result) {
    if (result) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << describe(result.error());
}

// Runs `call`, which returns a Result, during its lifetime; its destructor waits for the call. An
// error fails the test.
class InThread {
  public:
    template <typename Call>
    explicit InThread(Call call)
        : thread_([call = std::move(call)] { EXPECT_TRUE(succeeded(call())); }) {}

  private:
    std::jthread thread_;
};

}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// Tests of programs under strace, skipped where that can't trace them.
#pragma once

#include <filesystem>

#include "process/programs.h"
#include "support/sanitizer.h"

namespace mapferry::testing {

inline constexpr const char* kStrace = "/usr/bin/strace";

class TracedTest : public ProgramTest {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(kStrace)) GTEST_SKIP() << "there is no strace";
        if (kSanitized) GTEST_SKIP() << "a sanitizer makes such calls of its own";
        ChildProcess probe({.program = kStrace, .arguments = {"-o", "/dev/null", "true"}});
        if (probe.wait() != exited(0)) GTEST_SKIP() << "processes can't be traced here";
    }
};

}  // namespace mapferry::testing

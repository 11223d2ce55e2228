// SPDX-License-Identifier: Apache-2.0
// Payloads that need no system call each: such a call takes longer than a small payload.
#include <algorithm>
#include <fstream>
#include <string>

#include "worlds/traced_test_linux.h"

namespace mapferry::testing {
namespace {

class FewCalls : public TracedTest {
  protected:
    // A reader whose calls of these names leave a line each in the log.
    ChildProcess start_traced(const std::string& calls, const Words& more) {
        Words words{"-f",     "-o",           log(), "-e", "trace=" + calls, MAPFERRY_READER_PATH,
                    "--name", section_.name()};
        words.insert(words.end(), more.begin(), more.end());
        return ChildProcess({.program = kStrace, .arguments = words});
    }
    [[nodiscard]] long calls_made(const std::string& call) const {
        std::ifstream lines(log());
        long count = 0;
        for (std::string line; std::getline(lines, line);)
            if (contains(line, call + "(")) ++count;
        return count;
    }
    [[nodiscard]] std::string log() const { return folder_.file("calls"); }
};

TEST_F(FewCalls, SmallPayloadsInLargeSlotsAreLookedForOncePerSlot) {
    constexpr int kTexts = 400;
    constexpr int kSlots = 4;
    Words sent = {"--readers",   "1",      "--slots", std::to_string(kSlots),
                  "--slot-size", "256KiB", "--quiet", "--text"};
    for (int i = 0; i < kTexts; ++i)
        sent.push_back("text " + std::to_string(i));
    ChildProcess reader = start_traced("lseek", {"--text", "--count", std::to_string(kTexts)});
    ASSERT_TRUE(ended_with(0, run_writer(sent)));
    ASSERT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(contains(reader.output(), "text 399\n"));
    // Of each slot once, and once more for its longer texts ("text 9", "text 10", "text 100").
    EXPECT_GE(calls_made("lseek"), kSlots);
    EXPECT_LE(calls_made("lseek"), 3 * kSlots + 4);
}

}  // namespace
}  // namespace mapferry::testing

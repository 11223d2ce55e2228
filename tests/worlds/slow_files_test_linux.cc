// SPDX-License-Identifier: Apache-2.0
// A slow disk: one call on a file lasts longer than every timeout of the two programs.
#include "worlds/traced_test_linux.h"

namespace mapferry::testing {
namespace {

class SlowFile : public TracedTest {
  protected:
    // Starts `program` and delays one `call` in the middle of the transfer by 4 s before the kernel
    // sees it: the 30th, because the loader and the C library make some of these calls.
    ChildProcess start_held(const std::string& call, const std::string& program, Words more) {
        Words words{"-f",
                    "-o",
                    "/dev/null",
                    "-e",
                    "trace=" + call,
                    "-e",
                    "inject=" + call + ":delay_enter=4s:when=30",
                    program,
                    "--name",
                    section_.name(),
                    "--timeout",
                    "2s"};
        words.insert(words.end(), more.begin(), more.end());
        return ChildProcess({.program = kStrace, .arguments = words});
    }
};

// Small slots, so that the file takes many calls and the ring is soon full or empty.
constexpr const char* kSlot = "64KiB";

TEST_F(SlowFile, OfAWriterIsNoReasonToGiveItUp) {
    const std::string source = make_source(4 * kMiB);
    ChildProcess writer = start_held("read", MAPFERRY_WRITER_PATH, {"--slot-size", kSlot, source});
    ChildProcess reader = start_reader(Words{"--timeout", "2s", "-o", folder_.file("target")});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, folder_.file("target")));
}

TEST_F(SlowFile, OfAReaderIsNoReasonToGiveItUp) {
    const std::string source = make_source(4 * kMiB);
    ChildProcess reader = start_held("write", MAPFERRY_READER_PATH, {"-o", folder_.file("target")});
    ChildProcess writer =
        start_writer(Words{"--timeout", "2s", "--slots", "2", "--slot-size", kSlot, source});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, folder_.file("target")));
}

}  // namespace
}  // namespace mapferry::testing

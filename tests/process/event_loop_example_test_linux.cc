// SPDX-License-Identifier: Apache-2.0
// The example that runs an event loop of its own.
#include "process/programs.h"

namespace mapferry::testing {
namespace {

class EventLoopExample : public ProgramTest {};

TEST_F(EventLoopExample, ShowsFramesAndPayloadsAndLines) {
    // The camera waits for no reader, so the process that waits for the camera starts first.
    const UniqueSection frames;
    ChildProcess loop({.program = program_path("mapferry-example-event-loop"),
                       .arguments = {frames.name(), section_.name()},
                       .input = pipe_stream()});
    ChildProcess files = start_writer(Words{"--text", "hello", "world"});
    ChildProcess camera(
        {.program = program_path("mapferry-example-camera"), .arguments = {"90", frames.name()}});
    ASSERT_TRUE(loop.write_input("a line\n"));
    EXPECT_TRUE(ended_with(0, loop));
    EXPECT_TRUE(ended_with(0, camera));
    EXPECT_TRUE(ended_with(0, files));
    for (const char* const said : {"frame 89", "payload of 5 bytes", "you typed a line"})
        EXPECT_TRUE(contains(loop.output(), said)) << loop.output();
}

}  // namespace
}  // namespace mapferry::testing

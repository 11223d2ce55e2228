// SPDX-License-Identifier: Apache-2.0
// The programs of examples/ do what their first lines promise.
#include "mapferry/shared_buffer.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class Examples : public ProgramTest {
  protected:
    [[nodiscard]] ChildProcess start(const std::string& name, Words more = {}) const {
        return start_example("mapferry-example-" + name, std::move(more));
    }
};

TEST_F(Examples, BytesArriveWhoeverStartsFirst) {
    // 0, 1, 4, 9 and 16, eight bytes each.
    {
        ChildProcess receiver = start("receive-bytes");
        ChildProcess sender = start("send-bytes", {"5"});
        EXPECT_TRUE(ended_with(0, sender));
        ASSERT_TRUE(ended_with(0, receiver));
        EXPECT_EQ(plain_lines(receiver.output()), "40 bytes, sum 30\n");
    }
    ChildProcess sender = start("send-bytes", {"1000000"});
    ChildProcess receiver = start("receive-bytes");
    EXPECT_TRUE(ended_with(0, sender));
    ASSERT_TRUE(ended_with(0, receiver));
    EXPECT_TRUE(contains(receiver.output(), "8000000 bytes")) << receiver.output();
}

TEST_F(Examples, FileArrivesUnderItsNameAndReplacesNothing) {
    const std::string source = make_source(3 * kMiB, "photo.bmp");
    const std::string target = out_ + "/photo.bmp";
    {
        ChildProcess receiver = start("receive-file", {out_});
        ChildProcess sender = start("send-file", {source});
        EXPECT_TRUE(ended_with(0, sender));
        ASSERT_TRUE(ended_with(0, receiver));
        EXPECT_TRUE(contains(receiver.output(), "photo.bmp")) << receiver.output();
        EXPECT_TRUE(contains(sender.output(), "3145728 bytes")) << sender.output();
    }
    EXPECT_TRUE(same_content(source, target));
    EXPECT_EQ(mtime_unix_ns(target), kept_unix_ns(mtime_unix_ns(source)));
    ChildProcess receiver = start("receive-file", {out_});
    ChildProcess sender = start("send-file", {source});
    EXPECT_TRUE(ended_with(1, receiver));
    EXPECT_TRUE(ended_with(1, sender));
    EXPECT_TRUE(contains(receiver.errors(), "exists")) << receiver.errors();
}

TEST_F(Examples, KeptTextIsTakenOnce) {
    ChildProcess writer = start("keep", {"buy milk"});
    if (sections_outlive_processes())
        ASSERT_TRUE(ended_with(0, writer));
    else
        ASSERT_TRUE(eventually_reports(
            [](const SectionReport& seen) { return seen.state == SectionState::kEnded; }));
    ChildProcess reader = start("keep");
    ASSERT_TRUE(ended_with(0, reader));
    EXPECT_EQ(plain_lines(reader.output()), "buy milk\n");
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Examples, EachOfManyReadersGetsEveryText) {
    ChildProcess sender = start("many-readers", {"3", "hello", "world!"});
    std::vector<ChildProcess> readers = start_many(3, [&](int) { return start("receive-bytes"); });
    for (ChildProcess& reader : readers) {
        ASSERT_TRUE(ended_with(0, reader));
        EXPECT_EQ(plain_lines(reader.output()), "5 bytes, sum 532\n6 bytes, sum 585\n");
    }
    ASSERT_TRUE(ended_with(0, sender));
    EXPECT_EQ(plain_lines(sender.output()), "3 readers have everything\n");
}

TEST_F(Examples, NoChangeOfTheRecordIsLost) {
    // Keeps the record alive on systems where it would end with its last process.
    const auto held =
        SharedBuffer::open_or_create({.address = section_.address(), .size_bytes = 40});
    ASSERT_TRUE(held) << describe(held.error());
    std::vector<ChildProcess> players =
        start_many(4, [&](int player) { return start("record", {std::to_string(player), "5"}); });
    for (ChildProcess& player : players)
        EXPECT_TRUE(ended_with(0, player));
    ChildProcess last = start("record", {"the last", "1"});
    ASSERT_TRUE(ended_with(0, last));
    EXPECT_EQ(plain_lines(last.output()), "change 21 by the last\n");
    section_.remove();
}

TEST_F(Examples, FramesAndPayloadsComeThroughOneWait) {
    // The camera waits for no reader, so the process that waits for the camera starts first.
    const UniqueSection frames;
    ChildProcess waiting({.program = program_path("mapferry-example-wait-for-either"),
                          .arguments = {frames.name(), section_.name()}});
    ChildProcess sender = start("send-bytes", {"1000"});
    ChildProcess camera(
        {.program = program_path("mapferry-example-camera"), .arguments = {"90", frames.name()}});
    EXPECT_TRUE(ended_with(0, waiting));
    EXPECT_TRUE(ended_with(0, camera));
    EXPECT_TRUE(ended_with(0, sender));
    for (const char* const said : {"frame 89", "payload of 8000 bytes"})
        EXPECT_TRUE(contains(waiting.output(), said)) << waiting.output();
}

TEST_F(Examples, WrongArgumentsAreExplained) {
    for (const char* const name : {"send-bytes", "receive-bytes", "send-file", "receive-file",
                                   "keep", "many-readers", "record", "wait-for-either"}) {
        const Ended ended = finish(
            ChildProcess({.program = program_path("mapferry-example-" + std::string(name))}));
        EXPECT_TRUE(ended_with(kExitUsage, ended)) << name;
        EXPECT_TRUE(contains(ended.errors, "usage: " + std::string(name))) << ended.errors;
    }
}

}  // namespace
}  // namespace mapferry::testing

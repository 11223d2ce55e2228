// SPDX-License-Identifier: Apache-2.0
// Two processes that are written in C, and what is left when one of them dies.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "c/c_handles.h"
#include "support/child_process.h"
#include "support/host.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

ChildProcess peer(const std::string& work, const UniqueSection& section) {
    return ChildProcess({.program = MAPFERRY_C_PEER_PATH, .arguments = {work, section.name()}});
}

// Starts a peer that says when it is ready and then waits for its standard input.
ChildProcess waiting_peer(const std::string& work, const UniqueSection& section) {
    return ChildProcess({.program = MAPFERRY_C_PEER_PATH,
                         .arguments = {work, section.name()},
                         .input = pipe_stream(),
                         .output = pipe_stream()});
}

// Waits for the line "ready".
void await_ready(ChildProcess& child) {
    char first = 0;
    ASSERT_EQ(child.read_output(std::as_writable_bytes(std::span(&first, 1))), 1U);
    ASSERT_EQ(first, 'r');
}

// What both printed, when both have ended well.
std::string output_of_both(ChildProcess& one, ChildProcess& other) {
    EXPECT_EQ(one.wait(), exited(0)) << one.errors();
    EXPECT_EQ(other.wait(), exited(0)) << other.errors();
    return one.output() + other.output();
}

std::string without_returns(std::string text) {
    std::erase(text, '\r');
    return text;
}

TEST(CPrograms, FramesWithAllTheirNotesPass) {
    const UniqueSection section;
    ChildProcess writer = peer("write-frames", section);
    ChildProcess reader = peer("read-frames", section);
    std::string expected = "{\"camera\": 1}\n";
    for (int i = 0; i < 10; ++i) {
        const std::string number = std::to_string(i);
        expected += number + " 8x4 GRAY8 uint88 " + number + " " + std::to_string(1000 + i) + " " +
                    std::to_string(100 + i) + " {\"number\": " + number + "}\n";
    }
    EXPECT_EQ(without_returns(output_of_both(writer, reader)), expected);
}

TEST(CPrograms, TextPasses) {
    const UniqueSection section;
    ChildProcess writer = peer("send-text", section);
    ChildProcess reader = peer("receive-text", section);
    EXPECT_EQ(without_returns(output_of_both(writer, reader)), "hello from C\n");
}

TEST(CPrograms, PiecesPassWithTheirDigest) {
    const UniqueSection section;
    ChildProcess writer = peer("send-pieces", section);
    ChildProcess reader = peer("receive-pieces", section);
    EXPECT_EQ(writer.wait(), exited(0)) << writer.errors();
    EXPECT_EQ(reader.wait(), exited(0)) << reader.errors();
    const std::string digest = without_returns(writer.output());
    EXPECT_EQ(digest.size(), 33U);
    // 100,000 times 'a' to 'j'.
    EXPECT_EQ(without_returns(reader.output()),
              "blocks.raw 416 lens=wide angle\n101500000\n" + digest);
}

TEST(CPrograms, CountInABufferTogether) {
    const UniqueSection section;
    // On Windows a buffer ends with its last process, so the test has it open.
    BufferHandle buffer;
    ASSERT_EQ(mapferry_buffer_open(section.name().c_str(), "size_bytes=4096", nullptr, &buffer.get),
              MAPFERRY_OK);
    ChildProcess one = peer("count-in-buffer", section);
    ChildProcess other = peer("count-in-buffer", section);
    (void)output_of_both(one, other);
    std::int32_t count = 0;
    size_t done = 0;
    EXPECT_EQ(mapferry_buffer_read(buffer.get, 0, &count, sizeof count, &done), MAPFERRY_OK);
    EXPECT_EQ(done, sizeof count);
    EXPECT_EQ(count, 2000);
    buffer.close();
    section.remove();
}

TEST(CPrograms, DeadHolderOfALockIsTold) {
    const UniqueSection section;
    BufferHandle buffer;
    ASSERT_EQ(mapferry_buffer_open(section.name().c_str(), "size_bytes=4096", nullptr, &buffer.get),
              MAPFERRY_OK);
    ChildProcess holder = waiting_peer("hold-the-lock", section);
    ASSERT_NO_FATAL_FAILURE(await_ready(holder));
    EXPECT_EQ(mapferry_buffer_lock(buffer.get, 0), MAPFERRY_TIMED_OUT);
    holder.send(Signal::kKill);
    (void)holder.wait();
    ASSERT_EQ(mapferry_buffer_lock(buffer.get, 60'000), MAPFERRY_OK) << mapferry_error_message();
    EXPECT_EQ(mapferry_buffer_value(buffer.get, MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED), 1);
    ASSERT_EQ(mapferry_buffer_unlock(buffer.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_buffer_lock(buffer.get, 60'000), MAPFERRY_OK);
    EXPECT_EQ(mapferry_buffer_value(buffer.get, MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED), 0);
    buffer.close();
    section.remove();
}

TEST(CPrograms, DeadWriterOfFramesIsGone) {
    const UniqueSection section;
    ChildProcess writer = waiting_peer("hang-as-writer", section);
    FrameReaderHandle reader;
    ASSERT_EQ(
        mapferry_frame_reader_open(section.name().c_str(),
                                   "timeout_ms=60000 successor_timeout_ms=0", nullptr, &reader.get),
        MAPFERRY_OK)
        << mapferry_error_message();
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader.get, 60'000, &frame.get), MAPFERRY_OK);
    ASSERT_NO_FATAL_FAILURE(await_ready(writer));
    writer.send(Signal::kKill);
    (void)writer.wait();
    FrameHandle next;
    EXPECT_EQ(mapferry_frame_reader_next(reader.get, 60'000, &next.get), MAPFERRY_PEER_GONE);
    EXPECT_EQ(next.get, nullptr);
    // What this process leases stays.
    EXPECT_EQ(std::memcmp(mapferry_frame_data(frame.get), "one", 3), 0);
    EXPECT_EQ(mapferry_frame_verify(frame.get), MAPFERRY_OK);
    frame.close();
    reader.close();
    if (section.exists()) section.remove();
}

TEST(CPrograms, SignalHandlerRaisesAStop) {
    const UniqueSection section;
    ChildProcess child({.program = MAPFERRY_C_PEER_PATH,
                        .arguments = {"wait-for-signal", section.name()},
                        .output = pipe_stream()});
    ASSERT_NO_FATAL_FAILURE(await_ready(child));
    child.send(Signal::kInterrupt);
    EXPECT_EQ(without_returns(child.read_all_output()), "eady\ninterrupted\n");
    EXPECT_EQ(child.wait(), exited(0));
}

}  // namespace
}  // namespace mapferry::testing

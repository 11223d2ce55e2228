// SPDX-License-Identifier: Apache-2.0
// A reader in an event loop, with its writer in another process: what the writer sends, and how it
// ends.
#include <chrono>

#include "mapferry/frame_reader.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/news.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class EventLoopPeer : public ProgramTest {
  protected:
    // The test feeds this writer, so that the moment of its death is certain.
    [[nodiscard]] ChildProcess start_fed_writer(Words options = {}) const {
        options.push_back("-");
        return start_writer(Launch{.arguments = std::move(options), .input = pipe_stream()});
    }
    [[nodiscard]] ChildProcess start_camera() const {
        return start_fed_writer({"--frames", "--lossless", "--image", "8x4:GRAY8"});
    }
    [[nodiscard]] Reader open_reader() const {
        return value_of(Reader::open({.address = section_.address(), .timeout = kWatchdog}));
    }
    [[nodiscard]] FrameReader open_viewer() const {
        return value_of(FrameReader::open({.address = section_.address(), .timeout = kWatchdog}));
    }
    static void kill(ChildProcess& writer) {
        writer.send(Signal::kKill);
        EXPECT_TRUE(ended_with(ended_by(Signal::kKill), writer));
    }
    // Calls the reader as an event loop does: when the handle is readable, and not before.
    static void expect_frame(FrameReader& reader) {
        ASSERT_TRUE(becomes_readable(handle_of(reader)));
        const auto frame = reader.try_next();
        ASSERT_TRUE(frame) << describe(frame.error());
        EXPECT_TRUE(*frame);
    }
};

constexpr std::size_t kSmallFrame = 8 * 4;

TEST_F(EventLoopPeer, PayloadsAndTheEndOfAnotherProcess) {
    const std::string source = make_source(3 * kMiB + 17);
    ChildProcess writer = start_writer(Words{source});
    Reader reader = open_reader();
    Bytes got;
    bool in_payload = false;
    while (!reader.has_ended()) {
        ASSERT_TRUE(becomes_readable(handle_of(reader)));
        if (!in_payload) {
            const auto info = reader.try_next();
            ASSERT_TRUE(info) << describe(info.error());
            in_payload = info->has_value();
            continue;
        }
        const auto bytes = reader.read();
        ASSERT_TRUE(bytes) << describe(bytes.error());
        got.insert(got.end(), bytes->begin(), bytes->end());
        if (!bytes->empty()) continue;
        in_payload = false;
        ASSERT_TRUE(reader.acknowledge());
    }
    ASSERT_TRUE(reader.close());
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(got == read_file(source));
}

TEST_F(EventLoopPeer, DeathOfAWriterBeforeItsPayload) {
    ChildProcess writer = start_fed_writer({"--readers", "2"});
    Reader reader = open_reader();
    const NativeHandle handle = handle_of(reader);
    EXPECT_TRUE(stays_unreadable(handle));
    kill(writer);
    ASSERT_TRUE(becomes_readable(handle));
    EXPECT_EQ(reader.try_next().error().code, Code::kPeerGone);
    EXPECT_TRUE(is_readable(handle)) << "nothing else will ever be said";
    section_.remove();
}

TEST_F(EventLoopPeer, DeathOfAWriterWithinItsPayload) {
    ChildProcess writer = start_fed_writer();
    Reader reader = open_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.write_input(random_bytes(100'000)));
    ASSERT_TRUE(eventually_holds(100'000));
    ASSERT_TRUE(becomes_readable(handle));
    const auto info = reader.try_next();
    ASSERT_TRUE(info && *info);
    std::size_t got = 0;
    while (got < 100'000) {
        ASSERT_TRUE(becomes_readable(handle));
        const auto bytes = reader.read();
        ASSERT_TRUE(bytes) << describe(bytes.error());
        got += bytes->size();
    }
    EXPECT_TRUE(stays_unreadable(handle));
    kill(writer);
    ASSERT_TRUE(becomes_readable(handle));
    EXPECT_EQ(reader.read().error().code, Code::kPeerGone);
    section_.remove();
}

TEST_F(EventLoopPeer, FramesDeathAndTheNextCamera) {
    ChildProcess camera = start_camera();
    FrameReader reader = open_viewer();
    const NativeHandle handle = handle_of(reader);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(camera.write_input(random_bytes(kSmallFrame)));
        expect_frame(reader);
        EXPECT_TRUE(stays_unreadable(handle));
    }
    kill(camera);
    ASSERT_TRUE(becomes_readable(handle));
    EXPECT_EQ(reader.try_next().error().code, Code::kPeerGone);
    EXPECT_TRUE(stays_unreadable(handle)) << "the death was said";
    ChildProcess next = start_camera();
    ASSERT_TRUE(next.write_input(random_bytes(kSmallFrame)));
    // The handle may first announce the new camera, and then its frame.
    for (bool has_frame = false; !has_frame;) {
        ASSERT_TRUE(becomes_readable(handle));
        const auto frame = reader.try_next();
        ASSERT_TRUE(frame) << describe(frame.error());
        has_frame = frame->has_value();
    }
    EXPECT_EQ(handle_of(reader), handle);
    next.close_input();
    while (!reader.has_ended()) {
        ASSERT_TRUE(becomes_readable(handle));
        const auto end = reader.try_next();
        ASSERT_TRUE(end) << describe(end.error());
        EXPECT_FALSE(*end);
    }
    EXPECT_TRUE(ended_with(0, next));
}

TEST_F(EventLoopPeer, WaitForAnyHearsOfADeath) {
    const UniqueSection idle_section;
    const auto idle = Writer::create({.address = idle_section.address()});
    ASSERT_TRUE(idle);
    auto first = Reader::open({.address = idle_section.address(), .timeout = 0ms});
    ASSERT_TRUE(first);
    ChildProcess camera = start_camera();
    FrameReader second = open_viewer();
    const Waitable readers[] = {*first, second};
    EXPECT_EQ(wait_any(readers, std::chrono::milliseconds(0)).error().code, Code::kTimedOut);
    kill(camera);
    EXPECT_EQ(wait_any(readers, kWatchdog).value_or(99), 1u);
    EXPECT_EQ(second.try_next().error().code, Code::kPeerGone);
    section_.remove();
}

}  // namespace
}  // namespace mapferry::testing

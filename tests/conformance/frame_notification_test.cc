// SPDX-License-Identifier: Apache-2.0
// Handles for event loops: readable exactly while a reader has frames to take, or an end.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "support/host.h"
#include "support/news.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class FrameNotification : public ::testing::Test {
  protected:
    [[nodiscard]] FrameWriter make_writer(FrameDelivery delivery = FrameDelivery::kLatest) const {
        return value_of(FrameWriter::create(
            {.address = section_.address(), .delivery = delivery, .frame_limit_bytes = 4096}));
    }
    [[nodiscard]] FrameReader make_reader(FrameReaderOptions options = {}) const {
        options.address = section_.address();
        options.timeout = 0ms;
        return value_of(FrameReader::open(options));
    }
    static void publish(FrameWriter& writer) {
        const auto published = writer.publish_copy(random_bytes(100), {}, 1s);
        ASSERT_TRUE(published) << describe(published.error());
    }
    static void expect_frame(const Result<std::optional<Frame>>& frame, std::uint64_t sequence) {
        ASSERT_TRUE(frame) << describe(frame.error());
        ASSERT_TRUE(*frame);
        EXPECT_EQ((*frame)->sequence(), sequence);
    }
    static void expect_nothing_yet(FrameReader& reader) {
        const auto frame = reader.try_next();
        ASSERT_TRUE(frame) << describe(frame.error());
        EXPECT_FALSE(*frame);
        EXPECT_FALSE(reader.has_ended());
    }

    const UniqueSection section_;
};

TEST_F(FrameNotification, BecomesReadableForTheFirstFrame) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    EXPECT_TRUE(stays_unreadable(handle));
    publish(writer);
    EXPECT_TRUE(becomes_readable(handle));
    expect_frame(reader.try_next(), 0);
    EXPECT_TRUE(stays_unreadable(handle));
    expect_nothing_yet(reader);
}

TEST_F(FrameNotification, IsReadableAtOnceForAFrameThatIsThereAlready) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    publish(writer);
    EXPECT_TRUE(is_readable(handle_of(reader)));
}

TEST_F(FrameNotification, StaysReadableWhileFramesAreLeft) {
    FrameWriter writer = make_writer(FrameDelivery::kEach);
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < 3; ++i)
            publish(writer);
        for (std::uint64_t i = 0; i < 3; ++i) {
            EXPECT_TRUE(becomes_readable(handle));
            expect_frame(reader.try_next(), static_cast<std::uint64_t>(round) * 3 + i);
        }
        EXPECT_FALSE(is_readable(handle));
    }
}

TEST_F(FrameNotification, OfTheNewestIsTakenWithAllBeforeIt) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    for (int i = 0; i < 3; ++i)
        publish(writer);
    EXPECT_TRUE(becomes_readable(handle));
    expect_frame(reader.try_latest(), 2);
    EXPECT_TRUE(stays_unreadable(handle));
}

TEST_F(FrameNotification, IsClearedByCallsThatWaitToo) {
    FrameWriter writer = make_writer(FrameDelivery::kEach);
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    std::jthread camera([&] {
        for (int i = 0; i < 1000; ++i)
            publish(writer);
    });
    for (std::uint64_t i = 0; i < 1000; ++i)
        expect_frame(reader.next(kWatchdog), i);
    camera.join();
    EXPECT_TRUE(stays_unreadable(handle));
}

TEST_F(FrameNotification, WakesAnEventLoopForEachFrameOfAnotherThread) {
    FrameWriter writer = make_writer(FrameDelivery::kEach);
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    std::jthread camera([&] {
        for (int i = 0; i < 1000; ++i) {
            publish(writer);
            // The reader takes all frames, and its thread goes to sleep.
            if (i % 10 != 0) continue;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));  // time itself
        }
    });
    for (std::uint64_t taken = 0; taken < 1000 && !HasFailure();) {
        ASSERT_TRUE(becomes_readable(handle));
        while (const auto frame = value_of(reader.try_next()))
            EXPECT_EQ(frame->sequence(), taken++);
    }
    EXPECT_TRUE(stays_unreadable(handle));
}

TEST_F(FrameNotification, IsReadableForTheEndAndStaysSo) {
    FrameReader reader = [&] {
        FrameWriter writer = make_writer();
        FrameReader attached = make_reader();
        publish(writer);
        EXPECT_TRUE(writer.close());
        return attached;
    }();
    const NativeHandle handle = handle_of(reader);
    EXPECT_TRUE(is_readable(handle));
    expect_frame(reader.try_next(), 0);
    EXPECT_TRUE(is_readable(handle));
    EXPECT_FALSE(reader.has_ended());
    const auto end = reader.try_next();
    ASSERT_TRUE(end) << describe(end.error());
    EXPECT_FALSE(*end);
    EXPECT_TRUE(reader.has_ended());
    EXPECT_TRUE(is_readable(handle));
}

TEST_F(FrameNotification, BecomesReadableForAnEndWithoutAnyFrame) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.close());
    EXPECT_TRUE(becomes_readable(handle));
    EXPECT_FALSE(value_of(reader.try_latest()));
    EXPECT_TRUE(reader.has_ended());
}

TEST_F(FrameNotification, SaysOnceThatTheWriterAbortedAndThenWaitsForTheNextOne) {
    std::optional<FrameWriter> writer = make_writer();
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    writer->abort(Status{Code::kIo, "the lens cap is on"});
    EXPECT_TRUE(becomes_readable(handle));
    const auto lost = reader.try_next();
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Code::kPeerGone);
    EXPECT_NE(lost.error().message.find("lens cap"), std::string::npos) << lost.error().message;
    EXPECT_TRUE(stays_unreadable(handle));
    EXPECT_FALSE(reader.has_ended());
    writer.emplace(make_writer());
    EXPECT_TRUE(becomes_readable(handle));
    expect_nothing_yet(reader);  // it attaches to the new section, which has no frame yet
    EXPECT_TRUE(stays_unreadable(handle));
    publish(*writer);
    EXPECT_TRUE(becomes_readable(handle));
    const auto frame = reader.try_next();
    expect_frame(frame, 0);
    EXPECT_TRUE((*frame)->writer_restarted());
    EXPECT_EQ(handle_of(reader), handle);
}

TEST_F(FrameNotification, OfAFollowerDoesNotSayThatAWriterEnded) {
    std::optional<FrameWriter> writer = make_writer();
    FrameReader reader = make_reader({.after_end = AfterEnd::kFollow});
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer->close());
    EXPECT_TRUE(stays_unreadable(handle));
    expect_nothing_yet(reader);
    EXPECT_TRUE(stays_unreadable(handle));
    writer.emplace(make_writer());
    publish(*writer);
    EXPECT_TRUE(becomes_readable(handle));
    expect_frame(reader.try_latest(), 0);
    EXPECT_TRUE(stays_unreadable(handle));
}

TEST_F(FrameNotification, IsReadableWhenTheStopFlagIsRaised) {
    std::atomic<int> stop = 0;
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader({.stop = &stop});
    const NativeHandle handle = handle_of(reader);
    EXPECT_FALSE(is_readable(handle));
    stop.store(1, std::memory_order_relaxed);
    EXPECT_TRUE(becomes_readable(handle));
    EXPECT_EQ(reader.try_next().error().code, Code::kInterrupted);
}

TEST_F(FrameNotification, WithoutAHandleTheEndAndALossAreSaidToo) {
    std::optional<FrameWriter> writer = make_writer();
    FrameReader reader = make_reader();
    expect_nothing_yet(reader);
    writer->abort(Code::kIo);
    EXPECT_TRUE(eventually([&] {
        const auto frame = reader.try_latest();
        return !frame && frame.error().code == Code::kPeerGone;
    }));
    writer.emplace(make_writer());
    publish(*writer);
    expect_frame(reader.try_next(), 0);
    ASSERT_TRUE(writer->close());
    EXPECT_FALSE(value_of(reader.try_next()));
    EXPECT_TRUE(reader.has_ended());
}

TEST_F(FrameNotification, MovesWithItsReader) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    FrameReader moved = std::move(reader);
    EXPECT_EQ(handle_of(moved), handle);
    publish(writer);
    EXPECT_TRUE(becomes_readable(handle));
    // NOLINTBEGIN(bugprone-use-after-move, clang-analyzer-cplusplus.Move): that is tested.
    EXPECT_EQ(reader.notification_handle().error().code, Code::kUsage);
    EXPECT_EQ(reader.try_next().error().code, Code::kUsage);
    EXPECT_FALSE(reader.has_ended());
    // NOLINTEND(bugprone-use-after-move, clang-analyzer-cplusplus.Move)
}

TEST_F(FrameNotification, LeavesNothingBehind) {
    FrameWriter writer = make_writer();
    std::uint64_t before = 0;
    for (int i = 0; i <= 200; ++i) {
        if (i == 1) before = open_handles();  // the first may set up objects that stay
        FrameReader reader = make_reader();
        const NativeHandle handle = handle_of(reader);
        publish(writer);
        EXPECT_TRUE(becomes_readable(handle));
        if (i % 2 == 0) {
            EXPECT_TRUE(reader.try_latest());
        }
    }
    EXPECT_EQ(open_handles(), before);
}

}  // namespace
}  // namespace mapferry::testing

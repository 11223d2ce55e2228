// SPDX-License-Identifier: Apache-2.0
// Handles for event loops: readable exactly as long as a reader has something to take. All of a
// test is in one thread, so that a call which waits for the other side waits for ever.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/host.h"
#include "support/news.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

template <typename T>
[[nodiscard]] T value_of(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

// ---- frames ------------------------------------------------------------------------------------

class FrameNotification : public ::testing::Test {
  protected:
    [[nodiscard]] FrameWriter make_writer(FrameDelivery delivery = FrameDelivery::kLatest) const {
        return value_of(FrameWriter::create({.address = section_.address(),
                                             .delivery = delivery,
                                             .frame_limit_bytes = 4096}));
    }
    [[nodiscard]] FrameReader make_reader(FrameReaderOptions options = {}) const {
        options.address = section_.address();
        options.timeout_ms = 0;
        return value_of(FrameReader::open(options));
    }
    static void publish(FrameWriter& writer) {
        const auto published = writer.publish_copy(random_bytes(100), {}, 1000);
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
        expect_frame(reader.next(kWatchdogMs), i);
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
            if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
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
    expect_nothing_yet(reader);  // it follows, and there is no frame
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
    EXPECT_EQ(reader.notification_handle().error().code, Code::kUsage);
    EXPECT_EQ(reader.try_next().error().code, Code::kUsage);
    EXPECT_FALSE(reader.has_ended());
}

TEST_F(FrameNotification, LeavesNothingBehind) {
    FrameWriter writer = make_writer();
    std::uint64_t before = 0;
    for (int i = 0; i <= 200; ++i) {
        FrameReader reader = make_reader();
        const NativeHandle handle = handle_of(reader);
        publish(writer);
        EXPECT_TRUE(becomes_readable(handle));
        if (i % 2 == 0) EXPECT_TRUE(reader.try_latest());
        if (i == 0) before = open_handles();
        if (i == 200) EXPECT_EQ(open_handles(), before);
    }
}

// ---- payloads ----------------------------------------------------------------------------------

class PayloadNotification : public ::testing::Test {
  protected:
    [[nodiscard]] Writer make_writer(WriterOptions options = {}) const {
        options.address = section_.address();
        options.timeout_ms = 0;
        return value_of(Writer::create(options));
    }
    [[nodiscard]] Reader make_reader(const std::atomic<int>* stop = nullptr) const {
        return value_of(
            Reader::open({.address = section_.address(), .timeout_ms = 0, .stop = stop}));
    }
    // Without a name: one message.
    static void send(Writer& writer, const Bytes& bytes) {
        ASSERT_TRUE(writer.begin({}));
        ASSERT_TRUE(writer.write(bytes));
        ASSERT_TRUE(writer.end());
        ASSERT_TRUE(writer.flush());
    }
    static void put(Writer& writer, const Bytes& bytes) {
        ASSERT_TRUE(writer.write(bytes));
        ASSERT_TRUE(writer.flush());
    }
    // Reads one piece, for which it need not wait.
    static void expect_piece(Reader& reader, const Bytes& bytes) {
        ASSERT_TRUE(becomes_readable(handle_of(reader)));
        const auto got = reader.read();
        ASSERT_TRUE(got) << describe(got.error());
        EXPECT_TRUE(Bytes(got->begin(), got->end()) == bytes);
    }
    static void expect_nothing_yet(Reader& reader) {
        const auto info = reader.try_next();
        ASSERT_TRUE(info) << describe(info.error());
        EXPECT_FALSE(*info);
        EXPECT_FALSE(reader.has_ended());
    }

    const UniqueSection section_;
};

TEST_F(PayloadNotification, BecomesReadableForAPayloadUntilAllOfItIsTaken) {
    Writer writer = make_writer();
    Reader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.wait_for_readers(1));
    EXPECT_TRUE(stays_unreadable(handle));
    expect_nothing_yet(reader);
    const Bytes bytes = random_bytes(1000);
    for (int i = 0; i < 100; ++i) {
        send(writer, bytes);
        ASSERT_TRUE(becomes_readable(handle));
        ASSERT_TRUE(value_of(reader.try_next()));
        expect_piece(reader, bytes);
        expect_piece(reader, {});
        EXPECT_FALSE(is_readable(handle));
        ASSERT_TRUE(reader.acknowledge());
        EXPECT_FALSE(is_readable(handle));
    }
}

TEST_F(PayloadNotification, WithinAPayloadSaysWhenReadNeedNotWait) {
    Writer writer = make_writer();
    Reader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.wait_for_readers(1));
    const Bytes bytes = random_bytes(1000);
    ASSERT_TRUE(writer.begin({.name = "a"}));
    put(writer, bytes);
    ASSERT_TRUE(becomes_readable(handle));
    const auto info = value_of(reader.try_next());
    ASSERT_TRUE(info);
    EXPECT_EQ(info->name, "a");
    for (int i = 0; i < 20; ++i) {
        expect_piece(reader, bytes);
        EXPECT_TRUE(stays_unreadable(handle));
        put(writer, bytes);
    }
    expect_piece(reader, bytes);
    ASSERT_TRUE(writer.end());
    expect_piece(reader, {});
    EXPECT_TRUE(stays_unreadable(handle));
    ASSERT_TRUE(reader.acknowledge());
    EXPECT_TRUE(stays_unreadable(handle));
}

// The writer has one slot: were a part that is read not given back, each would wait for the other.
TEST_F(PayloadNotification, GivesBackWhatIsReadBeforeTheLoopWaits) {
    Writer writer = make_writer({.slot_capacity_bytes = 4096, .slot_count = 4});
    Reader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.wait_for_readers(1));
    std::jthread source([&] {
        for (int i = 0; i < 3; ++i)
            send(writer, random_bytes(100'000));
    });
    int payloads = 0;
    bool in_payload = false;
    while (payloads < 3) {
        ASSERT_TRUE(becomes_readable(handle));
        if (!in_payload) {
            in_payload = value_of(reader.try_next()).has_value();
            continue;
        }
        if (!value_of(reader.read()).empty()) continue;
        in_payload = false;
        ++payloads;
        EXPECT_EQ(reader.summary()->payload_bytes, 100'000u);
        ASSERT_TRUE(reader.acknowledge());
    }
    source.join();
    EXPECT_TRUE(stays_unreadable(handle));
}

TEST_F(PayloadNotification, IsReadableForTheEndAndStaysSo) {
    Writer writer = make_writer({.readers_wanted = 0});
    Reader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.wait_for_readers(1));
    send(writer, random_bytes(10));
    ASSERT_TRUE(becomes_readable(handle));
    ASSERT_TRUE(value_of(reader.try_next()));
    expect_piece(reader, random_bytes(10));
    expect_piece(reader, {});
    ASSERT_TRUE(reader.acknowledge());
    EXPECT_TRUE(stays_unreadable(handle));
    std::jthread closing([&] { (void)writer.close(); });  // waits for the reader
    EXPECT_TRUE(becomes_readable(handle));
    EXPECT_FALSE(value_of(reader.try_next()));
    EXPECT_TRUE(reader.has_ended());
    EXPECT_TRUE(is_readable(handle));
    ASSERT_TRUE(reader.close());
    EXPECT_EQ(reader.notification_handle().error().code, Code::kUsage);
    EXPECT_EQ(reader.try_next().error().code, Code::kUsage);
}

TEST_F(PayloadNotification, SaysThatTheWriterAborted) {
    Writer writer = make_writer();
    Reader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    ASSERT_TRUE(writer.wait_for_readers(1));
    ASSERT_TRUE(writer.begin({.name = "a"}));
    ASSERT_TRUE(writer.flush());
    ASSERT_TRUE(becomes_readable(handle));
    ASSERT_TRUE(value_of(reader.try_next()));
    EXPECT_TRUE(stays_unreadable(handle));
    writer.abort(Code::kIo);
    ASSERT_TRUE(becomes_readable(handle));
    const auto lost = reader.read();
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Code::kPeerGone);
    EXPECT_TRUE(is_readable(handle));
}

TEST_F(PayloadNotification, OfAStreamThatEndsWithoutAPayloadIsTooLate) {
    Reader reader = [&] {
        Writer writer = make_writer();
        Reader attached = make_reader();
        (void)writer.close();
        return attached;
    }();
    EXPECT_TRUE(becomes_readable(handle_of(reader)));
    const auto none = reader.try_next();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Code::kPeerGone);
    EXPECT_FALSE(reader.has_ended());
}

TEST_F(PayloadNotification, IsReadableWhenTheStopFlagIsRaised) {
    std::atomic<int> stop = 0;
    const Writer writer = make_writer();
    Reader reader = make_reader(&stop);
    const NativeHandle handle = handle_of(reader);
    EXPECT_FALSE(is_readable(handle));
    stop.store(1, std::memory_order_relaxed);
    EXPECT_TRUE(becomes_readable(handle));
    EXPECT_EQ(reader.try_next().error().code, Code::kInterrupted);
}

TEST_F(PayloadNotification, OfAPayloadThatIsLeftOutSkipsWhatIsThere) {
    Writer writer = make_writer();
    Reader reader = make_reader();
    ASSERT_TRUE(writer.wait_for_readers(1));
    ASSERT_TRUE(writer.begin({.name = "a"}));
    put(writer, random_bytes(1000));
    ASSERT_TRUE(value_of(reader.try_next()));
    EXPECT_EQ(reader.try_next().error().code, Code::kUsage) << "neither acknowledged nor left out";
    reader.leave_out(Code::kIo);
    expect_nothing_yet(reader);
    put(writer, random_bytes(1000));
    expect_nothing_yet(reader);
    ASSERT_TRUE(writer.end());
    send(writer, random_bytes(10));
    const auto info = value_of(reader.try_next());
    ASSERT_TRUE(info);
    EXPECT_EQ(info->name, "");
}

TEST_F(PayloadNotification, OfAKeptSectionIsReadableToItsEnd) {
    Writer writer = make_writer({.delivery = StreamDelivery::kKeep});
    Reader reader = make_reader();
    const NativeHandle handle = handle_of(reader);
    EXPECT_TRUE(stays_unreadable(handle));
    const Bytes bytes = random_bytes(5000);
    send(writer, bytes);
    ASSERT_TRUE(becomes_readable(handle));
    ASSERT_TRUE(value_of(reader.try_next()));
    expect_piece(reader, bytes);
    expect_piece(reader, {});
    ASSERT_TRUE(reader.acknowledge());
    EXPECT_TRUE(stays_unreadable(handle));
    ASSERT_TRUE(writer.close());
    ASSERT_TRUE(becomes_readable(handle));
    EXPECT_FALSE(value_of(reader.try_next()));
    EXPECT_TRUE(reader.has_ended());
    section_.remove();
}

TEST_F(PayloadNotification, LeavesNothingBehind) {
    const Writer writer = make_writer();
    std::uint64_t before = 0;
    for (int i = 0; i <= 200; ++i) {
        Reader reader = make_reader();
        EXPECT_FALSE(is_readable(handle_of(reader)));
        if (i == 0) before = open_handles();
        if (i == 200) EXPECT_EQ(open_handles(), before);
        if (i % 2 == 0) EXPECT_TRUE(reader.close());
    }
}

// ---- several readers ---------------------------------------------------------------------------

class WaitAny : public ::testing::Test {
  protected:
    [[nodiscard]] static FrameWriter camera(const UniqueSection& section) {
        return value_of(
            FrameWriter::create({.address = section.address(), .frame_limit_bytes = 4096}));
    }
    [[nodiscard]] static FrameReader viewer(const UniqueSection& section) {
        return value_of(FrameReader::open({.address = section.address(), .timeout_ms = 0}));
    }

    const UniqueSection first_;
    const UniqueSection second_;
    const UniqueSection third_;
};

TEST_F(WaitAny, GivesTheIndexOfTheReaderWithNews) {
    const FrameWriter idle = camera(first_);
    FrameWriter busy = camera(second_);
    const Writer files = value_of(Writer::create({.address = third_.address()}));
    FrameReader one = viewer(first_);
    FrameReader two = viewer(second_);
    Reader three = value_of(Reader::open({.address = third_.address(), .timeout_ms = 0}));
    const Waitable readers[] = {one, two, three};
    using std::chrono::milliseconds;
    EXPECT_EQ(wait_any(readers, milliseconds(0)).error().code, Code::kTimedOut);
    EXPECT_EQ(wait_any(readers, milliseconds(50)).error().code, Code::kTimedOut);
    std::jthread later([&] {
        std::this_thread::sleep_for(milliseconds(20));
        EXPECT_TRUE(busy.publish_copy(random_bytes(10), {}, 0));
    });
    const auto which = wait_any(readers);
    ASSERT_TRUE(which) << describe(which.error());
    EXPECT_EQ(*which, 1u);
    later.join();
    EXPECT_TRUE(value_of(two.try_next()));
    EXPECT_EQ(wait_any(readers, milliseconds(0)).error().code, Code::kTimedOut);
}

TEST_F(WaitAny, RefusesReadersThatItCannotWaitFor) {
    EXPECT_EQ(wait_any({}).error().code, Code::kUsage);
    const FrameWriter writer = camera(first_);
    FrameReader moved_from = viewer(first_);
    FrameReader reader = std::move(moved_from);
    const Waitable none[] = {reader, moved_from};
    EXPECT_EQ(wait_any(none).error().code, Code::kUsage);
}

TEST_F(WaitAny, OfManyReadersFindsTheLast) {
    FrameWriter writer = value_of(FrameWriter::create(
        {.address = first_.address(), .frame_limit_bytes = 4096, .reader_limit = 64}));
    std::vector<FrameReader> viewers;
    for (int i = 0; i < 64; ++i)
        viewers.push_back(viewer(first_));
    std::vector<Waitable> readers;
    for (FrameReader& one : viewers)
        readers.emplace_back(one);
    EXPECT_TRUE(writer.publish_copy(random_bytes(10), {}, 0));
    for (FrameReader& one : viewers)
        EXPECT_TRUE(becomes_readable(handle_of(one)));
    for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_EQ(wait_any(readers, std::chrono::milliseconds(0)).value_or(99), i);
        EXPECT_TRUE(value_of(viewers[i].try_latest()));
    }
}

}  // namespace
}  // namespace mapferry::testing

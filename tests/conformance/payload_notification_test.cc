// SPDX-License-Identifier: Apache-2.0
// Handles for event loops: readable exactly while a reader has a part of a payload to take. Most
// tests have one thread, so a call that waits for the other side waits for ever.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/host.h"
#include "support/news.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class PayloadNotification : public ::testing::Test {
  protected:
    [[nodiscard]] Writer make_writer(WriterOptions options = {}) const {
        options.address = section_.address();
        return value_of(Writer::create(options));
    }
    [[nodiscard]] Reader make_reader(const std::atomic<int>* stop = nullptr) const {
        return value_of(
            Reader::open({.address = section_.address(), .timeout = 0ms, .stop = stop}));
    }
    // Sends a payload without a name: one message.
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
    // Reads one piece, and need not wait for it.
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

// A payload needs more slots than the writer has: if the reader kept the parts that it has read,
// reader and writer would wait for each other.
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
        if (i == 1) before = open_handles();  // the first may set up objects that stay
        Reader reader = make_reader();
        EXPECT_FALSE(is_readable(handle_of(reader)));
        if (i % 2 == 0) {
            EXPECT_TRUE(reader.close());
        }
    }
    EXPECT_EQ(open_handles(), before);
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// A reader of a stream is attached when it is open, whatever its writer does then. Each test has
// one thread, so a side that waits for the other waits for ever.
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class Attach : public ::testing::Test {
  protected:
    [[nodiscard]] Writer start() const {
        auto writer = Writer::create({.address = section_.address()});
        if (!writer) throw std::runtime_error(describe(writer.error()));
        return std::move(*writer);
    }
    [[nodiscard]] Reader attach() const {
        auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
        if (!reader) throw std::runtime_error(describe(reader.error()));
        return std::move(*reader);
    }
    static void send(Writer& writer, const Bytes& bytes) {
        ASSERT_TRUE(writer.begin({}));
        ASSERT_TRUE(writer.write(bytes));
        ASSERT_TRUE(writer.end());
        ASSERT_TRUE(writer.flush());
    }
    static void expect_payload(Reader& reader, const Bytes& bytes) {
        const auto info = reader.next();
        ASSERT_TRUE(info) << describe(info.error());
        ASSERT_TRUE(*info);
        const auto got = reader.read();
        ASSERT_TRUE(got) << describe(got.error());
        EXPECT_TRUE(Bytes(got->begin(), got->end()) == bytes);
        const auto end = reader.read();
        EXPECT_TRUE(end && end->empty());
        EXPECT_TRUE(reader.acknowledge());
    }

    const UniqueSection section_;
};

TEST_F(Attach, OfAReaderDoesNotWaitForAPayload) {
    Writer writer = start();
    Reader first = attach();
    Reader second = attach();
    ASSERT_TRUE(writer.wait_for_readers(2));
    const Bytes bytes = random_bytes(1000);
    send(writer, bytes);
    for (Reader* const reader : {&first, &second}) {
        expect_payload(*reader, bytes);
        ASSERT_TRUE(reader->close());
    }
    const auto report = writer.close();
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->readers_served, 2u);
}

TEST_F(Attach, OfAReaderDuringAPayloadIsForTheNextOne) {
    Writer writer = start();
    Reader first = attach();
    ASSERT_TRUE(writer.wait_for_readers(1));
    ASSERT_TRUE(writer.begin({}));
    Reader second = attach();
    const Bytes bytes = random_bytes(1000);
    ASSERT_TRUE(writer.write(bytes));
    ASSERT_TRUE(writer.end());
    const Bytes more = random_bytes(2000);
    send(writer, more);
    expect_payload(first, bytes);
    expect_payload(first, more);
    expect_payload(second, more);
}

TEST_F(Attach, OfAReaderThatLeavesBeforeAPayloadCountsForNothing) {
    Writer writer = start();
    {
        const Reader gone = attach();
    }
    Reader closed = attach();
    ASSERT_TRUE(closed.close());
    const auto waited = writer.wait_for_readers(1, 0ms);
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.error().code, Code::kTimedOut);
    Reader stays = attach();
    ASSERT_TRUE(writer.wait_for_readers(1));
    const Bytes bytes = random_bytes(10);
    send(writer, bytes);
    expect_payload(stays, bytes);
    ASSERT_TRUE(stays.close());
    const auto report = writer.close();
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->readers_served, 1u);
    EXPECT_EQ(report->readers_lost, 0u);
}

TEST_F(Attach, OfAReaderToAStreamThatEndsWithoutAPayloadIsTooLate) {
    Reader reader = [&] {
        Writer writer = start();
        Reader attached = attach();
        (void)writer.close();  // fails: no reader got everything
        return attached;
    }();
    const auto info = reader.next();
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, Code::kPeerGone);
    EXPECT_TRUE(info.error().message.contains("too late")) << info.error().message;
}

}  // namespace
}  // namespace mapferry::testing

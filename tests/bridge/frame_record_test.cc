// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/frame_record.h"

#include <gtest/gtest.h>

#include "bridge/live/far_writer.h"
#include "bridge/nats/ack_inbox.h"

namespace mapferry::cli {
namespace {

TEST(FrameRecord, EverythingComesBack) {
    FrameRecord record = {.epoch = "run-1",
                          .ordinal = 7,
                          .bytes = 12,
                          .slot = 3,
                          .slots = 9,
                          .sent = 5,
                          .stays = true,
                          .chunk_bytes = 5,
                          .frame_limit_bytes = 100,
                          .has_checksum = true,
                          .timestamp_unix_ns = 123,
                          .about = 4};
    record.captured = {.ns = -9, .clock = CaptureClock::kTai};
    record.source_number = 11;
    record.content_type = "application/json";
    record.metadata = std::string("{\x00}", 3);
    const auto read = parse_frame(frame_text(record));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(frame_text(*read), frame_text(record));
    EXPECT_EQ(read->metadata, record.metadata);
    EXPECT_EQ(read->captured, record.captured);
}

TEST(FrameRecord, FrameWithoutChunksIsRefused) {
    FrameRecord record = {.epoch = "run", .bytes = 10};
    EXPECT_EQ(parse_frame(frame_text(record)).error().code, Code::kCorrupt);
    record.has_ended = true;
    EXPECT_TRUE(parse_frame(frame_text(record)));
}

TEST(FrameRecord, StreamSaysTheSame) {
    const StreamRecord record = {.description = "{\"a\": \"\xff\"}",
                                 .facts = {.frame_rate = {.numerator = 30000, .denominator = 1001},
                                           .scan = Scan::kProgressive}};
    const auto read = parse_stream(stream_text(record));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->description, record.description);
    EXPECT_EQ(read->facts, record.facts);
}

TEST(QueueRecord, BeginOfNothingIsRefused) {
    for (const char* const text : {"", "[]", "{}", R"({"version":1,"run":"a","slot_bytes":1})",
                                   R"({"version":1,"run":"a","slot_bytes":1,"frame":"{}"})"})
        EXPECT_EQ(read_begin(text).error().code, Code::kCorrupt) << text;
    EXPECT_EQ(read_begin(R"({"version":9})").error().code, Code::kVersion);
    EXPECT_EQ(read_end(R"({"bytes":1,"xxh3_128":"12"})").error().code, Code::kCorrupt);
}

TEST(NatsAck, SaysWhatTheServerSaid) {
    const NatsAck stored = read_ack(R"({"stream":"s","seq":12,"duplicate":true})");
    EXPECT_EQ(stored.failure.status, NATS_OK);
    EXPECT_EQ(stored.sequence, 12u);
    EXPECT_TRUE(stored.is_duplicate);
    const NatsAck full = read_ack(
        R"({"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"}})");
    EXPECT_EQ(full.failure.code, JSStreamStoreFailedErr);
    EXPECT_EQ(full.text, "maximum bytes exceeded");
    EXPECT_EQ(read_ack("nonsense").failure.status, NATS_PROTOCOL_ERROR);
}

}  // namespace
}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/payload_record.h"

#include <gtest/gtest.h>

#include "bridge/record/ascii_text.h"

namespace mapferry::cli {
namespace {

ObjectRecord full_record() {
    ObjectRecord record = {.payload_bytes = 1920ULL * 1080 * 3,
                           .digest = {.low64 = 1, .high64 = 0xfedcba9876543210},
                           .slot_bytes = 262'144,
                           .source_changed = true};
    record.info.name = std::string("a%b\xff\n.raw");
    record.info.payload_bytes = record.payload_bytes;
    record.info.mtime_unix_ns = -5;
    record.info.permission_bits = 0640;
    record.info.image = describe_raw_image(1920, 1080, "BGR24").value();
    record.info.image->color = {.primaries = 9, .range = ColorRange::kLimited};
    const std::array<std::uint64_t, 2> shape = {1080, 1920 * 3};
    record.info.tensor = describe_tensor("uint8", shape).value();
    record.info.pairs = {{.key = "maker", .value = "\xc3\xa4"}, {.key = "maker", .value = ""}};
    record.info.digest = DigestKind::kBytes;
    return record;
}

TEST(PayloadRecord, EverythingComesBack) {
    const ObjectRecord record = full_record();
    const std::string text = record_text(record);
    for (const char c : text)
        EXPECT_TRUE(c >= ' ' && c < '\x7f') << text;
    const auto read = parse_record(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->payload_bytes, record.payload_bytes);
    EXPECT_EQ(read->digest, record.digest);
    EXPECT_EQ(read->slot_bytes, record.slot_bytes);
    EXPECT_TRUE(read->source_changed);
    EXPECT_EQ(read->info.name, record.info.name);
    EXPECT_EQ(read->info.payload_bytes, record.info.payload_bytes);
    EXPECT_EQ(read->info.mtime_unix_ns, record.info.mtime_unix_ns);
    EXPECT_EQ(read->info.permission_bits, record.info.permission_bits);
    EXPECT_EQ(read->info.image, record.info.image);
    EXPECT_EQ(read->info.tensor, record.info.tensor);
    EXPECT_EQ(read->info.pairs, record.info.pairs);
    EXPECT_EQ(read->info.digest, record.info.digest);
}

TEST(PayloadRecord, AnyCutIsRefused) {
    const std::string text = record_text(full_record());
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto read = parse_record(text.substr(0, size));
        ASSERT_FALSE(read) << size;
        EXPECT_EQ(read.error().code, Code::kCorrupt) << size;
    }
}

TEST(PayloadRecord, ContradictionsAreRefused) {
    const std::string text = record_text(full_record());
    const auto with = [&text](const std::string& from, const std::string& to) {
        std::string changed = text;
        const std::size_t at = changed.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return changed.replace(at, from.size(), to);
    };
    for (const std::string& changed :
         {with("\"width\":1920", "\"width\":0"), with("\"width\":1920", "\"width\":4294967296"),
          with("\"slot_bytes\":262144", "\"slot_bytes\":-1"),
          with("\"slot_bytes\":262144", "\"slot_bytes\":1.5"),
          with("\"orientation\":1", "\"orientation\":9"), with("\"bits\":8", "\"bits\":7"),
          with("fedcba98", "fedcbax8"), with("\"text\":false", "\"text\":0")}) {
        const auto read = parse_record(changed);
        ASSERT_FALSE(read) << changed;
        EXPECT_EQ(read.error().code, Code::kCorrupt) << changed;
    }
}

TEST(PayloadRecord, LaterVersionIsRefusedAsSuch) {
    const auto read = parse_record(R"({"version": 2})");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::kVersion);
}

TEST(AsciiText, AnyBytesComeBack) {
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    EXPECT_EQ(from_ascii(to_ascii(bytes)), bytes);
    EXPECT_EQ(to_ascii("a%\n"), "a%25%0A");
    for (const char* const text : {"%", "%4", "%zz", "a%"})
        EXPECT_EQ(from_ascii(text), text);
    EXPECT_EQ(from_ascii("%41"), "A");
}

}  // namespace
}  // namespace mapferry::cli

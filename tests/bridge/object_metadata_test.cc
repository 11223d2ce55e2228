// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/object_metadata.h"

#include <gtest/gtest.h>

namespace mapferry::cli {
namespace {

TEST(ObjectMetadata, EverythingComesBack) {
    const ObjectMetadata metadata = {.name = "a/b",
                                     .bucket = "models",
                                     .nuid = "0123",
                                     .bytes = 300'000,
                                     .chunks = 3,
                                     .chunk_bytes = 131'072,
                                     .sha256 = std::string(32, '\xfe'),
                                     .record = "{}"};
    const auto read = parse_metadata(metadata_text(metadata));
    ASSERT_TRUE(read);
    EXPECT_EQ(metadata_text(*read), metadata_text(metadata));
    EXPECT_EQ(read->sha256, metadata.sha256);
    EXPECT_EQ(read->record, "{}");
}

// As nats.js writes it.
TEST(ObjectMetadata, OfAnotherClientIsUnderstood) {
    const auto read = parse_metadata(
        R"({"name":"x","description":"","options":{"max_chunk_size":131072},"bucket":"b",)"
        R"("nuid":"QJLM","size":5,"chunks":1,"revision":0,)"
        R"("digest":"SHA-256=LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->nuid, "QJLM");
    EXPECT_EQ(read->sha256.size(), 32u);
    EXPECT_EQ(read->record, "");
}

TEST(ObjectMetadata, LinksAndRemovedObjects) {
    const auto link = parse_metadata(
        R"({"name":"x","options":{"link":{"bucket":"b","name":"y"}},"bucket":"b","nuid":"n"})");
    ASSERT_TRUE(link);
    EXPECT_EQ(link->link_bucket, "b");
    EXPECT_EQ(link->link_name, "y");
    EXPECT_TRUE(parse_metadata(R"({"name":"x","deleted":true})")->is_deleted);
}

TEST(ObjectMetadata, NonsenseIsRefused) {
    for (const char* const text :
         {"", "[]", "{}", R"({"name":1})", R"({"name":"x","size":-1.5e99})",
          R"({"name":"x","digest":"SHA-256=AAAA"})",
          R"({"name":"x","headers":{"Mapferry-Record":1}})"})
        EXPECT_FALSE(parse_metadata(text)) << text;
}

TEST(Base64Url, AnyBytesComeBack) {
    for (const std::string bytes : {"", "a", "ab", "abc", "\xfb\xff\xfe", "weights"}) {
        EXPECT_EQ(from_base64_url(base64_url(bytes)), bytes);
    }
    EXPECT_EQ(base64_url("\xfb\xff"), "-_8=");
    EXPECT_FALSE(from_base64_url("a.b"));
}

}  // namespace
}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// What a bridge reads of an S3 store's answers, and of KEY.mapferry.
#include <gtest/gtest.h>

#include "bridge/kept/payload_record.h"
#include "bridge/record/ascii_text.h"
#include "bridge/s3/md5.h"
#include "bridge/s3/s3_commit.h"
#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_values.h"
#include "bridge/s3/s3_xml.h"

namespace mapferry::cli {
namespace {

S3Commit some_commit() {
    return {.record = {.info = {.name = "a \xc3\xa4", .payload_bytes = 33},
                       .payload_bytes = 33,
                       .digest = {.low64 = 1, .high64 = 2},
                       .slot_bytes = 4096},
            .part_bytes = 16,
            .part_xxh3 = {1, 0xfedcba9876543210, 3},
            .etag = "0123-3"};
}

TEST(S3Commit, ComesBackAsItWas) {
    const auto commit = parse_commit(commit_text(some_commit()));
    ASSERT_TRUE(commit);
    EXPECT_EQ(commit->part_xxh3, some_commit().part_xxh3);
    EXPECT_EQ(commit->part_bytes, 16U);
    EXPECT_EQ(commit->etag, "0123-3");
    EXPECT_EQ(commit->record.info.name, "a \xc3\xa4");
    EXPECT_EQ(record_text(commit->record), record_text(some_commit().record));
}

TEST(S3Commit, LinkComesBackAsItWas) {
    const auto commit = parse_commit(commit_text({.link = "xxh3-128/\xc3\xa4 1"}));
    ASSERT_TRUE(commit);
    EXPECT_EQ(commit->link, "xxh3-128/\xc3\xa4 1");
}

TEST(S3Commit, OtherNumberOfPartsIsRefused) {
    for (const std::size_t parts : {0U, 2U, 4U}) {
        S3Commit commit = some_commit();
        commit.part_xxh3.resize(parts);
        const auto parsed = parse_commit(commit_text(commit));
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error().code, Code::kCorrupt);
    }
}

TEST(S3Commit, PartsWithoutSizeAreRefused) {
    S3Commit commit = some_commit();
    commit.part_bytes = 0;
    EXPECT_EQ(parse_commit(commit_text(commit)).error().code, Code::kCorrupt);
}

TEST(S3Commit, DamagedTextIsRefused) {
    const std::string good = commit_text(some_commit());
    for (std::size_t length = 0; length < good.size(); ++length) {
        const auto parsed = parse_commit(std::string_view(good).substr(0, length));
        ASSERT_FALSE(parsed) << length;
        EXPECT_EQ(parsed.error().code, Code::kCorrupt);
    }
    for (const char* const text : {"[]", "1", "null", R"({"link":1})", R"({"link":""})"})
        EXPECT_FALSE(parse_commit(text)) << text;
}

TEST(S3Xml, ElementsAreFoundByTheirWholeName) {
    const std::string xml =
        "<R><UploadId>no</UploadId><Upload x='1'><Key>a&amp;b&#x4e2d;&#228;&lt;</Key></Upload>"
        "<Upload/><Upload><Key>c</Key></Upload></R>";
    const auto uploads = xml_elements(xml, "Upload");
    ASSERT_EQ(uploads.size(), 3U);
    EXPECT_EQ(xml_text(uploads[0], "Key"), "a&b\xe4\xb8\xad\xc3\xa4<");
    EXPECT_EQ(uploads[1], "");
    EXPECT_EQ(xml_text(uploads[2], "Key"), "c");
}

TEST(S3Xml, BrokenTextHasNoElements) {
    for (const char* const xml : {"", "<", "<Key", "<Key>", "<Key>a", "<Key>a</Ke>", "</Key>"})
        EXPECT_TRUE(xml_elements(xml, "Key").empty()) << xml;
    EXPECT_EQ(xml_text("<Key>a&b;&#x;&</Key>", "Key"), "a&b;&#x;&");
}

TEST(S3Values, TimesOfBothKindsAreTheSame) {
    EXPECT_EQ(s3_list_time_ns("2026-11-30T16:00:01.000Z"), 1'796'054'401'000'000'000);
    EXPECT_EQ(s3_header_time_ns("Mon, 30 Nov 2026 16:00:01 GMT"), 1'796'054'401'000'000'000);
    for (const char* const text : {"", "2026", "2026-13-30T16:00:01Z", "yyyy-mm-ddThh:mm:ss"})
        EXPECT_EQ(s3_list_time_ns(text), 0) << text;
}

TEST(S3Values, StoreChecksumsAreThoseOfTheWholeObjectAlone) {
    S3Answer head;
    head.headers = {{"x-amz-checksum-xxhash128", "AAECAwQFBgcICQoLDA0ODw=="},
                    {"x-amz-checksum-xxhash3", "AAECAwQFBgc="}};
    const StoreChecksums found = store_checksums(head);
    ASSERT_TRUE(found.xxh3_128 && found.xxh3_64);
    EXPECT_EQ(to_hex(*found.xxh3_128), "000102030405060708090a0b0c0d0e0f");
    EXPECT_EQ(*found.xxh3_64, 0x0001020304050607U);
    head.headers["x-amz-checksum-type"] = "COMPOSITE";
    EXPECT_FALSE(store_checksums(head).has_any());
    head.headers = {{"x-amz-checksum-xxhash128", "AAEC-2"}, {"x-amz-checksum-xxhash3", "????????"}};
    EXPECT_FALSE(store_checksums(head).has_any());
}

TEST(S3Values, DigestsAreWrittenAsStoresWant) {
    const auto digest = md5({});
    ASSERT_TRUE(digest);
    EXPECT_EQ(to_hex_bytes(*digest), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(to_base64(*digest), "1B2M2Y8AsgTpgAmY7PhCfg==");
    EXPECT_EQ(to_base64("a"), "YQ==");
}

S3Answer answer_of(long http, const char* word) {
    S3Answer answer;
    answer.http = http;
    answer.body = std::string("<Error><Code>") + word + "</Code></Error>";
    return answer;
}

TEST(S3Failure, CausesAreThoseOfTheExitCodes) {
    const auto code_of = [](const S3Answer& answer) { return s3_failure(answer, "x", "y").code; };
    EXPECT_EQ(code_of(answer_of(403, "AccessDenied")), Code::kPermission);
    EXPECT_EQ(code_of(answer_of(400, "ExpiredToken")), Code::kPermission);
    EXPECT_EQ(code_of(answer_of(403, "QuotaExceeded")), Code::kIo);
    EXPECT_EQ(code_of(answer_of(507, "")), Code::kIo);
    EXPECT_EQ(code_of(answer_of(404, "NoSuchKey")), Code::kNotFound);
    EXPECT_EQ(code_of(answer_of(412, "PreconditionFailed")), Code::kCannotCreate);
}

TEST(S3Failure, OnlyWhatMayPassIsAskedAgain) {
    EXPECT_TRUE(is_s3_trouble(answer_of(503, "SlowDown")));
    EXPECT_TRUE(is_s3_trouble(answer_of(400, "RequestTimeout")));
    EXPECT_TRUE(is_s3_trouble(answer_of(500, "InternalError")));
    EXPECT_FALSE(is_s3_trouble(answer_of(501, "NotImplemented")));
    EXPECT_FALSE(is_s3_trouble(answer_of(403, "QuotaExceeded")));
    EXPECT_FALSE(is_s3_trouble(answer_of(200, "")));
}

}  // namespace
}  // namespace mapferry::cli

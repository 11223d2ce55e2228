// SPDX-License-Identifier: Apache-2.0
#include "mapferry/payload.h"
#include "format/layout.h"
#include "format/manifest.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>

namespace mapferry {
namespace {

using layout::ManifestRecord;

PayloadInfo full_payload() {
    return {.name = "photo \U0001F41F.bmp",
            .is_text = false,
            .payload_bytes = 24'883'254,
            .mtime_unix_ns = -1'234'567'890'123'456'789,
            .permission_bits = 0640,
            .source = FileIdentity{.device = 0xFD01, .file = {0x1122334455667788, 0x99}},
            .image = ImageDescription{.width = 3840,
                                      .height = 2160,
                                      .row_stride_bytes = 11520,
                                      .fourcc = kFourccBgr24,
                                      .bits_per_pixel = 24,
                                      .orientation = Orientation::kBottomUp},
            .digest = DigestKind::kBytes,
            .payload_index = 3,
            .payload_count = 7};
}

void expect_same(const PayloadInfo& a, const PayloadInfo& b) {
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.is_text, b.is_text);
    EXPECT_EQ(a.payload_bytes, b.payload_bytes);
    EXPECT_EQ(a.mtime_unix_ns, b.mtime_unix_ns);
    EXPECT_EQ(a.permission_bits, b.permission_bits);
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.image, b.image);
    EXPECT_EQ(a.digest, b.digest);
    EXPECT_EQ(a.payload_index, b.payload_index);
    EXPECT_EQ(a.payload_count, b.payload_count);
}

PayloadInfo round_trip(const PayloadInfo& info) {
    const Result<ManifestRecord> record = to_record(info);
    EXPECT_TRUE(record) << record.error().message;
    Result<PayloadInfo> back = payload_from_record(*record);
    EXPECT_TRUE(back) << back.error().message;
    return *back;
}

ManifestRecord good_record() {
    return *to_record(full_payload());
}

// Expects that the message names the field and its value.
void expect_corrupt(const ManifestRecord& record, const std::string& field_and_value) {
    const Result<PayloadInfo> result = payload_from_record(record);
    ASSERT_FALSE(result) << field_and_value;
    EXPECT_EQ(result.error().code, Code::kCorrupt);
    EXPECT_NE(result.error().message.find(field_and_value), std::string::npos)
        << result.error().message;
}

TEST(PayloadRecord, RoundTripKeepsEveryField) {
    expect_same(round_trip(full_payload()), full_payload());
}

TEST(PayloadRecord, RoundTripKeepsAbsenceOfEveryField) {
    expect_same(round_trip({}), {});
    EXPECT_EQ(to_record(PayloadInfo{})->payload_bytes, layout::kUnknownBytes);
}

TEST(PayloadRecord, RoundTripKeepsZerosApartFromAbsence) {
    PayloadInfo info;
    info.payload_bytes = 0;
    info.mtime_unix_ns = 0;
    info.permission_bits = 0;
    info.source = FileIdentity{};
    expect_same(round_trip(info), info);
}

TEST(PayloadRecord, RoundTripKeepsTheLargestNumbers) {
    PayloadInfo info = full_payload();
    info.payload_bytes = std::numeric_limits<std::int64_t>::max();
    info.mtime_unix_ns = std::numeric_limits<std::int64_t>::min();
    info.permission_bits = 0777;
    info.payload_index = std::numeric_limits<std::uint64_t>::max();
    info.payload_count = std::numeric_limits<std::uint64_t>::max();
    expect_same(round_trip(info), info);
}

TEST(PayloadRecord, RoundTripKeepsText) {
    PayloadInfo info;
    info.is_text = true;
    info.payload_bytes = 5;
    expect_same(round_trip(info), info);
}

TEST(PayloadRecord, RoundTripKeepsHostileNamesAsTheyAre) {
    for (const std::string& name :
         {std::string("a\0b", 3), std::string("../../.bashrc"), std::string("\xFF\xFE"),
          std::string(layout::kNameBytes, 'x'), std::string(1, '\0')}) {
        PayloadInfo info;
        info.name = name;
        EXPECT_EQ(round_trip(info).name, name);
    }
}

TEST(PayloadRecord, OfTheSamePayloadIsTheSameBytes) {
    const ManifestRecord first = good_record();
    const ManifestRecord second = good_record();
    EXPECT_EQ(std::memcmp(&first, &second, sizeof(first)), 0);
}

TEST(PayloadRecord, LeavesUnusedBytesZero) {
    PayloadInfo info;
    info.name = "ab";
    const ManifestRecord record = *to_record(info);
    for (std::size_t i = 2; i < layout::kNameBytes; ++i)
        EXPECT_EQ(record.name[i], 0);
    EXPECT_EQ(record.reserved[0] | record.reserved[1] | record.notes_bytes, 0u);
}

TEST(PayloadRecord, DropsSetUserIdAndTheLike) {
    PayloadInfo info;
    info.permission_bits = 06755;
    EXPECT_EQ(round_trip(info).permission_bits, 0755u);
}

TEST(PayloadRecord, OfATooLongNameIsAUsageError) {
    PayloadInfo info;
    info.name.assign(layout::kNameBytes + 1, 'x');
    const Result<ManifestRecord> record = to_record(info);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code, Code::kUsage);
    EXPECT_NE(record.error().message.find("1025"), std::string::npos);
}

TEST(PayloadRecord, OfWhatNoReaderWouldTakeIsAUsageError) {
    PayloadInfo text;
    text.is_text = true;  // and of unknown length
    PayloadInfo image = full_payload();
    image.image->row_stride_bytes = 1;
    PayloadInfo planes = full_payload();
    planes.image->plane_count = 1;
    planes.image->planes[0].row_stride_bytes = 11520;
    PayloadInfo digest;
    digest.digest = static_cast<DigestKind>(0);
    for (const PayloadInfo& info : {text, image, planes, digest}) {
        const Result<ManifestRecord> record = to_record(info);
        ASSERT_FALSE(record);
        EXPECT_EQ(record.error().code, Code::kUsage);
    }
}

TEST(PayloadFromRecord, RefusesZeros) {
    expect_corrupt({}, "record_bytes is 0");
}

TEST(PayloadFromRecord, RefusesAnotherRecordSize) {
    for (const std::uint32_t bytes : {0u, 1151u, 1153u, 0xFFFFFFFFu}) {
        ManifestRecord record = good_record();
        record.record_bytes = bytes;
        expect_corrupt(record, "record_bytes is " + std::to_string(bytes));
    }
}

TEST(PayloadFromRecord, RefusesUnknownDigest) {
    for (const std::uint32_t digest : {0u, 3u, 0x80000001u}) {
        ManifestRecord record = good_record();
        record.digest = digest;
        expect_corrupt(record, "digest is " + std::to_string(digest));
    }
}

TEST(PayloadFromRecord, RefusesNameLongerThanItsField) {
    for (const std::uint32_t bytes : {1025u, 0x80000000u, 0xFFFFFFFFu}) {
        ManifestRecord record = good_record();
        record.name_bytes = bytes;
        expect_corrupt(record, "name_bytes is " + std::to_string(bytes));
    }
}

TEST(PayloadFromRecord, RefusesSizePast63Bits) {
    for (const std::uint64_t bytes : {std::uint64_t{1} << 63, layout::kUnknownBytes - 1}) {
        ManifestRecord record = good_record();
        record.payload_bytes = bytes;
        expect_corrupt(record, "payload_bytes is " + std::to_string(bytes));
    }
}

TEST(PayloadFromRecord, RefusesTextOfUnknownLength) {
    ManifestRecord record = good_record();
    record.flags |= layout::kManifestText;
    record.payload_bytes = layout::kUnknownBytes;
    expect_corrupt(record, "payload_bytes is ");
}

TEST(PayloadFromRecord, RefusesPermissionsPast0777) {
    for (const std::uint32_t bits : {01000u, 04755u, 0x80000000u}) {
        ManifestRecord record = good_record();
        record.permission_bits = bits;
        expect_corrupt(record, "permission_bits is " + std::to_string(bits));
    }
}

TEST(PayloadFromRecord, RefusesDamagedImage) {
    ManifestRecord record = good_record();
    record.image.height = 0;
    expect_corrupt(record, "height is 0");
}

TEST(PayloadFromRecord, TakesNoFieldWithoutItsFlag) {
    ManifestRecord record = good_record();
    record.flags = 0;
    record.permission_bits = 0xFFFFFFFF;  // its flag is not set, so it is not checked
    const Result<PayloadInfo> info = payload_from_record(record);
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_FALSE(info->mtime_unix_ns || info->permission_bits || info->source || info->is_text);
}

TEST(PayloadFromRecord, IgnoresReservedFields) {
    ManifestRecord record = good_record();
    record.reserved[0] = record.reserved[1] = ~std::uint64_t{0};
    const Result<PayloadInfo> info = payload_from_record(record);
    ASSERT_TRUE(info) << info.error().message;
    expect_same(*info, full_payload());
}

// Flips every byte of the record: the record is refused or understood, and nothing reads out of
// bounds (sanitizers).
TEST(PayloadFromRecord, SurvivesEveryFlippedByte) {
    for (std::size_t at = 0; at < sizeof(ManifestRecord); ++at) {
        unsigned char bytes[sizeof(ManifestRecord)];
        const ManifestRecord good = good_record();
        std::memcpy(bytes, &good, sizeof(bytes));
        bytes[at] ^= 0xFF;
        ManifestRecord record{};
        std::memcpy(&record, bytes, sizeof(record));
        const Result<PayloadInfo> info = payload_from_record(record);
        if (info) {
            EXPECT_LE(info->name.size(), layout::kNameBytes);
            EXPECT_LE(info->permission_bits.value_or(0), 0777u);
        } else {
            const bool flagged = at / 4 == offsetof(ManifestRecord, flags) / 4;
            EXPECT_EQ(info.error().code, flagged ? Code::kVersion : Code::kCorrupt) << at;
        }
    }
}

}  // namespace
}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
// Compares the format's bytes with tests/golden, which explains how those files are made and read.
#include "format/layout.h"
#include "format/ident.h"
#include "format/manifest.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string_view>

#include "support/golden.h"
#include "support/ring_rig.h"

namespace mapferry {
namespace {

using testing::Bytes;
using testing::matches_golden;

template <typename Record>
std::span<const std::byte> bytes_of_record(const Record& record) {
    return std::as_bytes(std::span(&record, 1));
}

// Fills every field of `Record` with a different number.
template <typename Record>
Record counted(std::uint8_t first) {
    std::array<std::uint8_t, sizeof(Record)> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes.at(i) = static_cast<std::uint8_t>(first + i);
    Record record{};
    std::memcpy(&record, bytes.data(), sizeof record);
    return record;
}

PayloadInfo photo() {
    return {.name = "photo \u00E9.bmp",
            .payload_bytes = 0x0000'0001'0000'0002,
            .mtime_unix_ns = 1'700'000'000'123'456'789,
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

TEST(LayoutSizes, AreThoseOfFormat1) {
    EXPECT_EQ(sizeof(layout::Ident), 256u);
    EXPECT_EQ(sizeof(layout::WriterLine), 64u);
    EXPECT_EQ(sizeof(layout::ReadersBell), 64u);
    EXPECT_EQ(sizeof(layout::WriterBell), 64u);
    EXPECT_EQ(sizeof(layout::BufferLine), 64u);
    EXPECT_EQ(sizeof(layout::Admission), 16u);
    EXPECT_EQ(sizeof(layout::ReaderLine), 128u);
    EXPECT_EQ(sizeof(layout::ImageRecord), 32u);
    EXPECT_EQ(sizeof(layout::Slot), 128u);
    EXPECT_EQ(sizeof(layout::ManifestRecord), 1152u);
    EXPECT_EQ(sizeof(layout::EndRecord), 64u);
    EXPECT_EQ(sizeof(layout::Board), 1216u);
}

TEST(LayoutSizes, RegionsFollowEachOtherWithoutOverlap) {
    EXPECT_EQ(layout::kIdentOffset + sizeof(layout::Ident), layout::kWriterLineOffset);
    EXPECT_EQ(layout::kWriterLineOffset + 64, layout::kReadersBellOffset);
    EXPECT_EQ(layout::kReadersBellOffset + 64, layout::kWriterBellOffset);
    EXPECT_LE(layout::kWriterBellOffset + 64, layout::kAdmissionsOffset);
    EXPECT_EQ(layout::kAdmissionsOffset + 64 * sizeof(layout::Admission), layout::kBoardOffset);
    EXPECT_LE(layout::kBoardOffset + sizeof(layout::Board), layout::kReadersOffset);
}

TEST(LayoutSizes, MagicReadsMapferry) {
    const auto bytes = std::bit_cast<std::array<char, 8>>(layout::kMagic);
    EXPECT_EQ(std::string_view(bytes.data(), bytes.size()), "MAPFERRY");
}

TEST(LayoutSizes, RoleLocksLieBehindTheLargestSection) {
    const auto largest = plan({.delivery = Delivery::kKeep,
                               .slot_count = std::uint64_t{1} << 20,
                               .slot_capacity_bytes = layout::kSlotCapacityMax});
    ASSERT_TRUE(largest);
    EXPECT_LT(largest->section_bytes, layout::kRoleLockBase);
    EXPECT_LT(layout::kRoleConsumer, layout::kRoleReaderBase);
}

TEST(LayoutGolden, Ident) {
    const auto geometry = plan({.delivery = Delivery::kKeep,
                                .slot_count = 100,
                                .slot_capacity_bytes = 262'144,
                                .reader_limit = 64});
    ASSERT_TRUE(geometry);
    const layout::Ident ident = make_ident(*geometry, {.epoch = 0x0123456789ABCDEF,
                                                       .created_unix_ns = 1'700'000'000'123'456'789,
                                                       .creator_pid = 4711,
                                                       .wake = layout::kWakeFutex,
                                                       .label = "golden-name"});
    EXPECT_TRUE(matches_golden(bytes_of_record(ident), "ident_v1.hex"));
}

TEST(LayoutGolden, BufferIdentAndLine) {
    const auto geometry = plan_buffer(0x12345);
    ASSERT_TRUE(geometry);
    struct {
        layout::Ident ident{};
        layout::BufferLine line{
            .word = 0x5151, .sleeping = 0x5252, .held = 0x5353, .reserved0 = 0, .reserved = {}};
    } buffer{.ident = make_ident(*geometry, {.epoch = 0x0123456789ABCDEF,
                                             .created_unix_ns = 1'700'000'000'123'456'789,
                                             .creator_pid = 4711,
                                             .wake = layout::kWakeFutex,
                                             .label = "golden-buffer"})};
    EXPECT_TRUE(matches_golden(bytes_of_record(buffer), "buffer_v1.hex"));
}

TEST(LayoutGolden, ControlLines) {
    struct {
        layout::WriterLine writer_line{.published = 0x0101,
                                       .state = 0x0202,
                                       .abort_cause = 0x0303,
                                       .reserved0 = 0x0404,
                                       .payloads_begun = 0x0505,
                                       .payloads_ended = 0x0606,
                                       .payload_bytes = 0x0707,
                                       .readers_lost = 0x0808,
                                       .readers_served = 0x0909};
        layout::ReadersBell readers_bell{.word = 0x1111, .sleeping = 0x1212, .reserved = {}};
        layout::WriterBell writer_bell{
            .word = 0x2121, .sleeping = 0x2222, .consumed = 0x2323, .reserved0 = 0, .reserved = {}};
        layout::Admission admission{.verdict = 0x3131, .first_sequence = 0x3232};
        layout::ReaderLine reader_line{.attachment = 0x4141,
                                       .cursor = 0x4242,
                                       .lease = 0x4343,
                                       .reserved0 = 0x4444,
                                       .pid = 0x4545,
                                       .detach_cause = 0x4646,
                                       .more_leases = {0x4747, 0x4848, 0x4949},
                                       .figures = {.frames_taken = 0x4A4A,
                                                   .frames_missed = 0x4B4B,
                                                   .latency_ns = 0x4C4C,
                                                   .latency_mean_ns = 0x4D4D,
                                                   .reserved = {}}};
    } lines;
    EXPECT_TRUE(matches_golden(bytes_of_record(lines), "control_v1.hex"));
}

TEST(LayoutGolden, SlotOfAPublishedMessage) {
    testing::RingRig rig(testing::small_keep(2));
    const Bytes bytes = testing::message_bytes(7);
    ASSERT_TRUE(testing::put_message(rig.writer, bytes,
                                     {.kind = layout::kKindFrame,
                                      .payload_offset = 0x5151,
                                      .payload_index = 0x5252,
                                      .timestamp_unix_ns = 1'700'000'000'123'456'789,
                                      .image = counted<layout::ImageRecord>(0xA0)}));
    EXPECT_TRUE(matches_golden(bytes_of_record(rig.section.view().slot(0)), "slot_v1.hex"));
}

TEST(LayoutGolden, SlotOfAHole) {
    testing::RingRig rig(testing::small_keep(4));
    ASSERT_TRUE(rig.writer.acquire(3));
    rig.writer.publish_hashed({.flags = layout::kSlotHoles,
                               .payload_offset = 0x5151,
                               .payload_index = 0x5252,
                               .holes = 1,
                               .more_slots = 2},
                              4096, xxh3_64(Bytes(4096)));
    EXPECT_TRUE(matches_golden(bytes_of_record(rig.section.view().slot(0)), "hole_slot_v1.hex"));
}

TEST(LayoutGolden, ManifestRecord) {
    const auto record = to_record(photo());
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_TRUE(matches_golden(bytes_of_record(*record), "manifest_v1.hex"));
}

TEST(LayoutGolden, EndRecord) {
    const layout::EndRecord record{.payload_bytes = 0x6161,
                                   .chunk_count = 0x6262,
                                   .digest_low64 = 0x0123456789ABCDEF,
                                   .digest_high64 = 0xFEDCBA9876543210,
                                   .flags = 0x6363,
                                   .reserved = {}};
    EXPECT_TRUE(matches_golden(bytes_of_record(record), "end_v1.hex"));
}

TEST(LayoutGolden, WholeSection) {
    testing::RingRig rig(testing::small_keep(3));
    const Bytes text = testing::bytes_of("hello, world");
    ASSERT_TRUE(
        testing::put_payload(rig.writer, {.is_text = true, .payload_bytes = text.size()}, text));
    rig.writer.set_state(layout::kStateEnded, 0);
    EXPECT_TRUE(matches_golden(rig.section.bytes(), "section_v1.hex"));
}

TEST(HexDump, PrintsAsHexdumpDoes) {
    Bytes bytes(55, std::byte{0});
    std::memcpy(bytes.data(), "MAPFERRY \x01\x7F~", 12);
    EXPECT_EQ(testing::hex_dump(bytes),
              "00000000  4d 41 50 46 45 52 52 59  20 01 7f 7e 00 00 00 00  |MAPFERRY ..~....|\n"
              "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
              "*\n"
              "00000030  00 00 00 00 00 00 00                              |.......|\n"
              "00000037\n");
}

}  // namespace
}  // namespace mapferry

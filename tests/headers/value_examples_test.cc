// SPDX-License-Identifier: Apache-2.0
// The examples of the headers that have values alone. The header of that name prints the code
// between two marks (tests/structure/checks/header_examples.sh), and the tests run it.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "headers/in_thread.h"
#include "mapferry/digest.h"
#include "mapferry/image.h"
#include "mapferry/output.h"
#include "mapferry/payload.h"
#include "mapferry/printable_text.h"
#include "mapferry/section_info.h"
#include "mapferry/version.h"
#include "mapferry/writer.h"
#include "mapferry/y4m.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace {

// [digest.h]
// Whether the payload is the file of which `xxh128sum` printed these digits.
bool is_file_of(const mapferry::PayloadSummary& summary, const std::string& digits) {
    return summary.digest_kind == mapferry::DigestKind::kBytes &&
           mapferry::to_hex(summary.digest) == digits;
}
// [end of digest.h]

// [output_options.h]
// Replaces the file at `path` by `bytes`, as whole after a power failure as before it.
mapferry::Result<void> replace(const std::string& path, std::span<const std::byte> bytes) {
    auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kReplace, {});
    if (!output) return std::unexpected(output.error());
    if (auto written = output->write(bytes); !written) return written;
    return output->commit({.permission_bits = 0600}, mapferry::Durability::kOnDisk);
}
// [end of output_options.h]

// [payload.h]
std::string label(const mapferry::PayloadInfo& info) {
    std::string text = mapferry::in_quotes(info.name);  // another process chose it
    if (info.payload_bytes) text += ", " + std::to_string(*info.payload_bytes) + " bytes";
    return info.is_text ? text + ", a text" : text;
}
// [end of payload.h]

// [pixel_format.h]
// The codes are those of Video4Linux and DRM, so a camera's needs no translation.
mapferry::ImageDescription of_camera(std::uint32_t pixelformat, std::uint32_t width,
                                     std::uint32_t height) {
    const std::string format = mapferry::pixel_format_name(pixelformat);
    auto image = mapferry::describe_raw_image(width, height, format);
    if (image) return *image;
    return {.width = width, .height = height, .fourcc = pixelformat};
}
// [end of pixel_format.h]

// [section_info.h]
// Whether a message of this size can pass in one piece.
bool fits_a_slot(const mapferry::SectionInfo& section, std::uint64_t message_bytes) {
    return section.delivery != mapferry::Delivery::kBuffer &&
           message_bytes <= section.slot_capacity_bytes;
}
// [end of section_info.h]

// [y4m.h]
mapferry::Result<std::string> video_of(const mapferry::ImageDescription& image,
                                       std::string_view pixels) {
    auto video = mapferry::make_y4m_header(
        {.image = image, .facts = {.frame_rate = {.numerator = 25, .denominator = 1}}});
    if (!video) return video;
    video->append(mapferry::kY4mFrameLine);
    video->append(pixels);
    return video;
}
// [end of y4m.h]

// [version.h]
static_assert(mapferry::kVersionMajor == 0, "written for mapferry 0");
std::string banner() {
    return "with mapferry " + std::string(mapferry::kVersion);
}
// [end of version.h]

// [workload.h]
// A kept section with exactly the room that these files need.
mapferry::Result<mapferry::Writer> keep(const std::string& name,
                                        std::span<const std::uint64_t> file_bytes) {
    return mapferry::Writer::create({.address = {.name = name},
                                     .delivery = mapferry::StreamDelivery::kKeep,
                                     .workload = {.known_bytes = file_bytes}});
}
// [end of workload.h]

}  // namespace

namespace mapferry::testing {
namespace {

TEST(ValueExamples, DigestOfTheBytesIsComparedWithAFiles) {
    const PayloadSummary summary{.digest_kind = DigestKind::kBytes,
                                 .digest = {.low64 = 0x89, .high64 = 0x0123}};
    EXPECT_TRUE(is_file_of(summary, "00000000000001230000000000000089"));
    EXPECT_FALSE(is_file_of(summary, "00000000000001230000000000000088"));
    EXPECT_FALSE(
        is_file_of({.digest = summary.digest}, "00000000000001230000000000000089"));
}

TEST(ValueExamples, OutputOptionsReplaceAFile) {
    const ScratchFolder folder;
    write_file(folder.file("a"), std::string("old"));
    EXPECT_TRUE(succeeded(replace(folder.file("a"), bytes_of("new"))));
    EXPECT_EQ(read_text(folder.file("a")), "new");
}

TEST(ValueExamples, PayloadHasALabel) {
    EXPECT_EQ(label({.name = "a\n.bmp", .payload_bytes = 3}), "\"a\\n.bmp\", 3 bytes");
    EXPECT_EQ(label({.is_text = true}), "\"\", a text");
}

TEST(ValueExamples, PixelFormatIsACameras) {
    EXPECT_EQ(of_camera(fourcc('N', 'V', '1', '2'), 4, 2).bits_per_pixel, 12u);
    EXPECT_EQ(of_camera(fourcc('N', 'E', 'W', '!'), 4, 2).fourcc,
              fourcc('N', 'E', 'W', '!'));
}

TEST(ValueExamples, MessageFitsASlot) {
    EXPECT_TRUE(fits_a_slot({.slot_capacity_bytes = 4096}, 4096));
    EXPECT_FALSE(fits_a_slot({.slot_capacity_bytes = 4096}, 4097));
    EXPECT_FALSE(
        fits_a_slot({.delivery = Delivery::kBuffer, .slot_capacity_bytes = 4096}, 1));
}

TEST(ValueExamples, VersionIsNamed) {
    EXPECT_EQ(banner(), "with mapferry 0.1.0");
}

TEST(ValueExamples, WorkloadGivesAKeptSectionItsRoom) {
    const UniqueSection section;
    const std::uint64_t sizes[] = {10};
    auto writer = keep(section.name(), sizes);
    ASSERT_TRUE(succeeded(writer));
    ASSERT_TRUE(succeeded(writer->begin({.payload_bytes = 10})));
    EXPECT_TRUE(succeeded(writer->write(bytes_of("0123456789"))));
    EXPECT_TRUE(succeeded(writer->end()));
    EXPECT_TRUE(succeeded(writer->close()));
    EXPECT_TRUE(section.exists());
    section.remove();
}

TEST(ValueExamples, VideoOfOneFrameHasItsTwoLines) {
    const auto image = mapferry::describe_raw_image(2, 2, "I420");
    EXPECT_EQ(video_of(*image, "YYYYUV").value_or(""),
              "YUV4MPEG2 W2 H2 F25:1 C420jpeg\nFRAME\nYYYYUV");
}

}  // namespace
}  // namespace mapferry::testing

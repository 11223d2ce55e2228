// SPDX-License-Identifier: Apache-2.0
// The image of a frame, where the frame before had the same record.
#include "frames/reader/known_image.h"

#include <gtest/gtest.h>

#include <vector>

namespace mapferry::testing {
namespace {

const std::optional<ImageDescription> kImage = describe_raw_image(8, 8, "GRAY8").value();

TEST(KnownImage, SameRecordGivesTheSameImage) {
    KnownImage known;
    for (int frame = 0; frame < 3; ++frame)
        EXPECT_EQ(known.of(to_record(kImage), {}, 64).value(), kImage);
}

TEST(KnownImage, NoImageIsNone) {
    KnownImage known;
    EXPECT_EQ(known.of({}, {}, 0).value(), std::nullopt);
    EXPECT_EQ(known.of(to_record(kImage), {}, 64).value(), kImage);
    EXPECT_EQ(known.of({}, {}, 64).value(), std::nullopt);
}

TEST(KnownImage, SameRecordInAShorterFrameIsRefused) {
    KnownImage known;
    ASSERT_TRUE(known.of(to_record(kImage), {}, 64));
    EXPECT_EQ(known.of(to_record(kImage), {}, 63).error().code, Code::kCorrupt);
    EXPECT_EQ(known.of(to_record(kImage), {}, 64).value(), kImage);
}

TEST(KnownImage, SameRecordWithOtherPlanesIsAnotherImage) {
    KnownImage known;
    const std::vector<ImagePlane> planes = {{.offset_bytes = 16, .row_stride_bytes = 8}};
    ASSERT_TRUE(known.of(to_record(kImage), {}, 80));
    const auto moved = known.of(to_record(kImage), planes, 80);
    ASSERT_TRUE(moved && *moved);
    EXPECT_EQ((*moved)->planes[0].offset_bytes, 16u);
    EXPECT_EQ(known.of(to_record(kImage), planes, 80).value(), *moved);
    EXPECT_EQ(known.of(to_record(kImage), {}, 80).value(), kImage);
}

TEST(KnownImage, DamagedRecordIsRefusedEachTime) {
    KnownImage known;
    layout::ImageRecord record = to_record(kImage);
    ASSERT_TRUE(known.of(record, {}, 64));
    record.width = 9;  // more than a row has
    for (int frame = 0; frame < 2; ++frame)
        EXPECT_EQ(known.of(record, {}, 64).error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace mapferry::testing

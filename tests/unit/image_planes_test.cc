// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "format/image_record.h"
#include "format/pixel_table.h"
#include "mapferry/image.h"
#include "mapferry/image_view.h"

namespace mapferry {
namespace {

constexpr std::uint64_t kFar = std::uint64_t{1} << 62;
constexpr std::uint32_t kLongest = 0xFFFF'FFFF;

ImageDescription planes_shape(std::uint32_t width, std::uint32_t height, const char* format) {
    return describe_raw_image(width, height, format).value();
}

// Gives the image the planes that it has by convention, but as explicit ones.
ImageDescription with_explicit_planes(ImageDescription image) {
    const ImagePlanes planes = planes_of(image).value();
    image.plane_count = planes.count;
    for (std::uint32_t i = 0; i < planes.count; ++i)
        image.planes[i] = {planes.planes[i].offset_bytes, planes.planes[i].row_stride_bytes};
    return image;
}

void expect_refused_planes(const ImageDescription& image, const std::string& reason) {
    const auto checked = check_image(image);
    ASSERT_FALSE(checked) << reason;
    EXPECT_EQ(checked.error().code, Code::kUsage);
    EXPECT_NE(checked.error().message.find(reason), std::string::npos) << checked.error().message;
    EXPECT_FALSE(planes_of(image));
}

struct Expected {
    const char* format;
    std::vector<PlaneShape> planes;  // of 5 x 3 pixels
    std::uint64_t bytes;
};

void expect_planes(const ImageDescription& image, const Expected& expected) {
    const auto planes = planes_of(image);
    ASSERT_TRUE(planes) << expected.format;
    ASSERT_EQ(planes->count, expected.planes.size()) << expected.format;
    for (std::size_t i = 0; i < expected.planes.size(); ++i)
        EXPECT_EQ(planes->planes[i], expected.planes[i]) << expected.format << " " << i;
    EXPECT_EQ(planes->image_bytes, expected.bytes) << expected.format;
}

// Offset, stride, bytes of a row, rows.
TEST(PlanesOf, OddSidesRoundUp) {
    const Expected rows[] = {
        {"GRAY8", {{0, 5, 5, 3}}, 15},
        {"GRAY10", {{0, 10, 10, 3}}, 30},
        {"GRAY10P", {{0, 10, 10, 3}}, 30},
        {"GRAY12P", {{0, 9, 9, 3}}, 27},
        {"GRAYF32", {{0, 20, 20, 3}}, 60},
        {"RGBF32", {{0, 60, 60, 3}}, 180},
        {"RGBAF32", {{0, 80, 80, 3}}, 240},
        {"YUYV", {{0, 12, 12, 3}}, 36},
        {"NV12", {{0, 5, 5, 3}, {15, 6, 6, 2}}, 27},
        {"NV21", {{0, 5, 5, 3}, {15, 6, 6, 2}}, 27},
        {"NV16", {{0, 5, 5, 3}, {15, 6, 6, 3}}, 33},
        {"NV24", {{0, 5, 5, 3}, {15, 10, 10, 3}}, 45},
        {"P010", {{0, 10, 10, 3}, {30, 12, 12, 2}}, 54},
        {"P016", {{0, 10, 10, 3}, {30, 12, 12, 2}}, 54},
        {"I420", {{0, 5, 5, 3}, {15, 3, 3, 2}, {21, 3, 3, 2}}, 27},
        {"YV12", {{0, 5, 5, 3}, {15, 3, 3, 2}, {21, 3, 3, 2}}, 27},
        {"I422", {{0, 5, 5, 3}, {15, 3, 3, 3}, {24, 3, 3, 3}}, 33},
        {"I444", {{0, 5, 5, 3}, {15, 5, 5, 3}, {30, 5, 5, 3}}, 45},
        {"S010", {{0, 10, 10, 3}, {30, 6, 6, 2}, {42, 6, 6, 2}}, 54},
        {"RGGB12", {{0, 10, 10, 3}}, 30},
        {"RGGB10P", {{0, 10, 10, 3}}, 30},
    };
    for (const Expected& row : rows)
        expect_planes(planes_shape(5, 3, row.format), row);
}

TEST(PlanesOf, PaddingOfTheFirstPlaneIsHalvedWithTheChroma) {
    ImageDescription image = planes_shape(5, 3, "I420");
    image.row_stride_bytes = 9;
    expect_planes(image, {"I420", {{0, 9, 5, 3}, {27, 5, 3, 2}, {37, 5, 3, 2}}, 47});
    image = planes_shape(6, 4, "P010");
    image.row_stride_bytes = 17;  // nine samples begin in a row
    expect_planes(image, {"P010", {{0, 17, 12, 4}, {68, 20, 12, 2}}, 108});
}

// The only property that readers rely on: every row of every plane is in the image.
TEST(PlanesOf, RowsOfEveryFormatLieInTheImage) {
    std::size_t seen = 0;
    for (const PixelFormat& format : pixel_formats()) {
        if (!format.is_describable()) continue;
        for (const std::uint32_t width : {1u, 2u, 3u, 7u, 64u, 641u})
            for (const std::uint32_t height : {1u, 2u, 3u, 5u, 48u}) {
                const auto image = describe_raw_image(width, height, format.name);
                ASSERT_TRUE(image) << format.name;
                const auto planes = planes_of(*image);
                ASSERT_TRUE(planes) << format.name;
                std::uint64_t end = 0;
                for (std::uint32_t i = 0; i < planes->count; ++i) {
                    const PlaneShape& plane = planes->planes[i];
                    EXPECT_EQ(plane.offset_bytes, end);
                    EXPECT_EQ(plane.row_stride_bytes, plane.row_bytes);
                    end += plane.row_stride_bytes * plane.rows;
                }
                EXPECT_EQ(planes->image_bytes, end) << format.name;
                EXPECT_GE(end * 8, std::uint64_t{width} * height * format.bits_per_pixel);
                ++seen;
            }
    }
    EXPECT_GT(seen, 80u * 30u);
}

TEST(PlanesOf, UnknownFormatIsOnePlaneOfItsBits) {
    const ImageDescription image{.width = 5,
                                 .height = 3,
                                 .row_stride_bytes = 16,
                                 .fourcc = fourcc('N', 'E', 'W', '!'),
                                 .bits_per_pixel = 24};
    expect_planes(image, {"NEW!", {{0, 16, 15, 3}}, 48});
}

TEST(PlanesOf, UnknownFormatHasOffsetsOnly) {
    ImageDescription image{.width = 500,
                           .height = 300,
                           .row_stride_bytes = 16,
                           .fourcc = fourcc('N', 'E', 'W', '!'),
                           .bits_per_pixel = 24,
                           .plane_count = 3};
    image.planes = {ImagePlane{0, 16}, ImagePlane{100, 1}, ImagePlane{50, 0}};
    expect_planes(image, {"NEW!", {{0, 16, 0, 0}, {100, 1, 0, 0}, {50, 0, 0, 0}}, 100});
    EXPECT_TRUE(check_image_fits(image, 100));
    EXPECT_FALSE(check_image_fits(image, 99));
    EXPECT_FALSE(ImageView::make(image, std::vector<std::byte>(1000)));
    image.planes[2].offset_bytes = ~std::uint64_t{0};
    expect_refused_planes(image, "plane 2's offset or stride");
}

TEST(PlanesOf, RefusesEncodedPixelsAndNoImage) {
    EXPECT_FALSE(planes_of({.width = 4, .height = 4, .fourcc = kFourccPng}));
    EXPECT_FALSE(planes_of({}));
}

// ---- explicit planes ---------------------------------------------------------------------------

TEST(ExplicitPlanes, MayBeThoseOfConvention) {
    for (const PixelFormat& format : pixel_formats()) {
        if (!format.is_describable()) continue;
        const ImageDescription image = describe_raw_image(7, 5, format.name).value();
        EXPECT_EQ(planes_of(with_explicit_planes(image)).value(), planes_of(image).value())
            << format.name;
    }
}

// As Intel's IMC4 has it: U and V share the stride of Y, and V begins in the middle of U's rows.
TEST(ExplicitPlanes, NeedNoPaddingAfterTheLastRowAndMayInterleave) {
    ImageDescription image = planes_shape(4, 4, "I420");
    image.row_stride_bytes = 8;
    image.plane_count = 3;
    image.planes = {ImagePlane{0, 8}, ImagePlane{32, 8}, ImagePlane{36, 8}};
    expect_planes(image, {"I420", {{0, 8, 4, 4}, {32, 8, 2, 2}, {36, 8, 2, 2}}, 46});
    std::vector<std::byte> bytes(46);
    bytes[36 + 8 + 1] = std::byte{7};
    const auto view = ImageView::make(image, bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->plane_row(2, 1)[1], std::byte{7});
    EXPECT_FALSE(ImageView::make(image, std::span(bytes).first(45)));
}

TEST(ExplicitPlanes, MayBeAPartOfALargerImage) {
    ImageDescription image = planes_shape(2, 2, "GRAY8");
    image.row_stride_bytes = 4;
    image.plane_count = 1;
    image.planes = {ImagePlane{9, 4}};
    std::vector<std::byte> bytes(15);
    bytes[9] = std::byte{1};
    bytes[14] = std::byte{2};
    const auto view = ImageView::make(image, bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->row(0)[0], std::byte{1});
    EXPECT_EQ(view->row(1)[1], std::byte{2});
    EXPECT_EQ(row_offset(image, 1), 13u);
}

TEST(ExplicitPlanes, RefusesOthersThanTheFormats) {
    ImageDescription image = with_explicit_planes(planes_shape(4, 4, "NV12"));
    image.plane_count = 3;
    expect_refused_planes(image, "plane_count is 3");
    image.plane_count = 5;
    expect_refused_planes(image, "plane_count is 5");
    image.fourcc = fourcc('N', 'E', 'W', '!');
    expect_refused_planes(image, "plane_count is 5");
    image = with_explicit_planes(planes_shape(4, 4, "NV12"));
    image.row_stride_bytes = 8;
    expect_refused_planes(image, "the first plane's stride is 4");
    image = with_explicit_planes(planes_shape(4, 4, "NV12"));
    image.planes[1].row_stride_bytes = 3;
    expect_refused_planes(image, "row_stride_bytes of plane 1 is 3");
    image = {.width = 4, .height = 4, .fourcc = kFourccPng, .plane_count = 1};
    expect_refused_planes(image, "plane_count is 1");
}

TEST(ExplicitPlanes, RefusesEndsPast63Bits) {
    const ImageDescription image = with_explicit_planes(planes_shape(4, 4, "NV12"));
    for (const std::uint64_t offset :
         {~std::uint64_t{0}, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 8}) {
        ImageDescription far = image;
        far.planes[1].offset_bytes = offset;
        expect_refused_planes(far, "too many bytes");
    }
    for (const std::uint64_t stride : {~std::uint64_t{0}, std::uint64_t{1} << 63}) {
        ImageDescription wide = image;
        wide.planes[1].row_stride_bytes = stride;
        expect_refused_planes(wide, "too many bytes");
    }
    ImageDescription last = image;
    last.planes[1].offset_bytes = (std::uint64_t{1} << 63) - 1 - 8;
    EXPECT_EQ(planes_of(last).value().image_bytes, (std::uint64_t{1} << 63) - 1);
}

// ---- hostile shapes ----------------------------------------------------------------------------

TEST(HostileShapes, LongestSidesAreSumsThatDoNotWrap) {
    for (const PixelFormat& format : pixel_formats()) {
        if (!format.is_describable()) continue;
        EXPECT_FALSE(describe_raw_image(kLongest, kLongest, format.name)) << format.name;
        const auto row = describe_raw_image(kLongest, 1, format.name);
        ASSERT_TRUE(row) << format.name;
        EXPECT_GE(planes_of(*row)->image_bytes,
                  std::uint64_t{kLongest} * format.bits_per_pixel / 8);
    }
}

TEST(HostileShapes, StridesThatOverflowAreRefusedInEveryPlane) {
    for (const char* format : {"GRAY8", "NV12", "NV24", "I420", "P016", "S416"}) {
        for (const std::uint64_t stride :
             {~std::uint64_t{0}, std::uint64_t{1} << 63, kFar, kFar - 1}) {
            ImageDescription image = planes_shape(8, 8, format);
            image.row_stride_bytes = stride;
            expect_refused_planes(image, "too many bytes");
        }
    }
    // One row of Y fits, and the chroma below it does not.
    ImageDescription image = planes_shape(1, 1, "NV24");
    image.row_stride_bytes = kFar;
    expect_refused_planes(image, "too many bytes");
    image = planes_shape(1, 1, "GRAY8");
    image.row_stride_bytes = kFar;
    EXPECT_EQ(planes_of(image).value().image_bytes, kFar);
}

// ---- views -------------------------------------------------------------------------------------

TEST(ImageViewPlanes, RowsOfBottomUpPlanesAreTurned) {
    ImageDescription image = planes_shape(2, 4, "NV12");
    image.orientation = Orientation::kBottomUp;
    std::vector<std::byte> bytes(12);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i);
    const auto view = ImageView::make(image, bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->row(0)[0], std::byte{6});
    EXPECT_EQ(view->plane_row(0, 3)[1], std::byte{1});
    EXPECT_EQ(view->plane_row(1, 0)[0], std::byte{10});
    EXPECT_EQ(view->plane_row(1, 1)[1], std::byte{9});
    EXPECT_EQ(view->bytes().size(), 12u);
}

TEST(ImageViewPlanes, RefusesChromaPastTheEnd) {
    const ImageDescription image = planes_shape(4, 4, "I420");
    EXPECT_TRUE(ImageView::make(image, std::vector<std::byte>(24)));
    EXPECT_FALSE(ImageView::make(image, std::vector<std::byte>(23)));
    EXPECT_EQ(Image::allocate(image).value().bytes().size(), 24u);
}

TEST(ImageFromRecord, TakesExplicitPlanes) {
    const ImageDescription image = with_explicit_planes(planes_shape(4, 4, "NV12"));
    const std::span planes = std::span(image.planes).first(image.plane_count);
    EXPECT_EQ(image_from_record(to_record(image), planes).value(), image);
    EXPECT_FALSE(image_from_record(to_record(image), planes.first(1)));
    const std::array<ImagePlane, 5> many{};
    EXPECT_EQ(image_from_record(to_record(image), many).error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
// The examples of the headers about pictures. The header of that name prints the code between two
// marks (tests/structure/checks/header_examples.sh), and the tests run it.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "headers/in_thread.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "mapferry/image_probe.h"
#include "mapferry/image_view.h"
#include "mapferry/picture_splitter.h"
#include "mapferry/source.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace {

// [image_view.h]
mapferry::Result<std::uint64_t> sum_of_pixels(const mapferry::ImageDescription& image,
                                              std::span<const std::byte> bytes) {
    auto view = mapferry::ImageView::make(image, bytes);
    if (!view) return std::unexpected(view.error());
    std::uint64_t sum = 0;
    for (std::uint32_t y = 0; y < view->height(); ++y)
        for (const std::byte sample : view->row(y))  // without padding; 0 is the top row
            sum += std::to_integer<unsigned>(sample);
    return sum;
}
// [end of image_view.h]

// [image_convert.h]
mapferry::Result<mapferry::Image> to_grey(const mapferry::ImageDescription& image,
                                          std::span<const std::byte> bytes) {
    auto view = mapferry::ImageView::make(image, bytes);
    if (!view) return std::unexpected(view.error());
    return mapferry::convert_image(*view, mapferry::kFourccGray8);
}
// [end of image_convert.h]

// [image_file.h]
mapferry::Result<void> copy_as(const std::string& from, const std::string& to) {
    auto image = mapferry::load_image(from);  // BMP, PNG, JPEG, PPM or PGM
    if (!image) return std::unexpected(image.error());
    return mapferry::save_image(image->view(), to, mapferry::Overwrite::kRefuse);
}
// [end of image_file.h]

// [image_probe.h]
mapferry::Result<mapferry::Source> open_picture(const std::string& path) {
    auto source = mapferry::Source::open_file(path);
    if (!source) return source;
    auto image = mapferry::probe_image(*source);
    if (!image) return std::unexpected(image.error());
    if (*image) source->set_image(**image);  // readers see it as PayloadInfo::image
    return source;
}
// [end of image_probe.h]

// [picture_splitter.h]
mapferry::Result<int> count_pictures(mapferry::Source& stream) {
    mapferry::PictureSplitter splitter(std::uint64_t{1} << 30);  // no picture is larger
    for (int pictures = 0;;) {
        auto room = splitter.room(1 << 20);
        if (!room) return std::unexpected(room.error());
        auto came = stream.read(*room);
        if (!came) return std::unexpected(came.error());
        splitter.add(*came);
        if (*came == 0) splitter.end();
        auto piece = splitter.next();
        for (; piece && *piece; piece = splitter.next())
            if (!(*piece)->picture.empty()) ++pictures;  // else other bytes
        if (!piece) return std::unexpected(piece.error());
        if (*came == 0) return pictures;
    }
}
// [end of picture_splitter.h]

}  // namespace

namespace mapferry::testing {
namespace {

class PictureExamples : public ::testing::Test {
  protected:
    const std::string picture_ =
        std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    const ScratchFolder folder_;
};

TEST_F(PictureExamples, PaddingIsNoPixel) {
    auto image = describe_raw_image(2, 2, "GRAY8");
    ASSERT_TRUE(succeeded(image));
    image->row_stride_bytes = 4;
    const Bytes bytes = {std::byte{1}, std::byte{2},   std::byte{100}, std::byte{100},
                         std::byte{3}, std::byte{255}, std::byte{100}, std::byte{100}};
    EXPECT_EQ(sum_of_pixels(*image, bytes), 261u);
    EXPECT_EQ(sum_of_pixels(*image, std::span(bytes).first(5)).error().code, Code::kUsage);
}

TEST_F(PictureExamples, WhiteBecomesWhite) {
    const auto image = describe_raw_image(2, 1, "BGR24");
    ASSERT_TRUE(succeeded(image));
    const Bytes bytes(6, std::byte{255});
    const auto grey = to_grey(*image, bytes);
    ASSERT_TRUE(succeeded(grey));
    EXPECT_EQ(to_string(grey->description()), "2x1 GRAY8");
    EXPECT_EQ(grey->bytes()[1], std::byte{255});
}

TEST_F(PictureExamples, BitmapBecomesAPng) {
    const std::string png = folder_.file("a.png");
    ASSERT_TRUE(succeeded(copy_as(picture_, png)));
    const auto source = open_picture(png);
    ASSERT_TRUE(succeeded(source));
    EXPECT_EQ(to_string(source->info().image.value()), "149x83 PNG");
    EXPECT_EQ(copy_as(picture_, png).error().code, Code::kCannotCreate);
}

TEST_F(PictureExamples, FileWithoutAPictureIsSentAsItIs) {
    write_file(folder_.file("a.txt"), std::string("text"));
    const auto source = open_picture(folder_.file("a.txt"));
    ASSERT_TRUE(succeeded(source));
    EXPECT_FALSE(source->info().image);
}

TEST_F(PictureExamples, PicturesOfAStreamAreCounted) {
    const std::string picture = read_text(picture_);
    Source stream = Source::from_text(picture + "no picture" + picture + picture);
    EXPECT_EQ(count_pictures(stream), 3);
}

}  // namespace
}  // namespace mapferry::testing

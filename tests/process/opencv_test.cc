// SPDX-License-Identifier: Apache-2.0
// Frames as matrices: no copy, a frame lives as long as a matrix of it, and the example that blurs.
#include <chrono>

#include <opencv2/imgproc.hpp>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/image_file.h"
#include "mapferry/opencv.h"
#include "process/programs.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

ImageDescription shape(std::uint32_t width, std::uint32_t height, const char* format) {
    return describe_raw_image(width, height, format).value();
}

class OpenCv : public ProgramTest {
  protected:
    [[nodiscard]] FrameWriter make_writer() const {
        return FrameWriter::create(
                   {.address = {.name = section_.name()}, .frame_limit_bytes = 1 << 20})
            .value();
    }
    [[nodiscard]] FrameReader open_reader() const {
        return FrameReader::open({.address = {.name = section_.name()}}).value();
    }
    // Publishes a frame whose bytes count up from `first`.
    static void publish(FrameWriter& writer, const ImageDescription& image, int first) {
        auto loan = writer.loan(image, 1s).value();
        for (std::byte& byte : loan.bytes())
            byte = std::byte(first++ & 0xFF);
        ASSERT_TRUE(writer.publish(std::move(loan)));
    }
    [[nodiscard]] static Frame take(FrameReader& reader) {
        return std::move(reader.next(1s).value().value());
    }
};

TEST_F(OpenCv, MatrixLiesInTheSection) {
    FrameWriter writer = make_writer();
    FrameReader reader = open_reader();
    ImageDescription image = shape(5, 4, "BGR24");
    image.row_stride_bytes = 20;
    publish(writer, image, 0);
    Frame frame = take(reader);
    const std::byte* const bytes = frame.bytes().data();
    const auto mat = to_mat(std::move(frame));
    ASSERT_TRUE(mat) << mat.error().message;
    EXPECT_EQ(static_cast<const void*>(mat->data), bytes);
    EXPECT_EQ(mat->type(), CV_8UC3);
    EXPECT_EQ(mat->size(), cv::Size(5, 4));
    EXPECT_EQ(mat->step[0], 20u);
    EXPECT_EQ(mat->at<cv::Vec3b>(2, 1), cv::Vec3b(43, 44, 45));
}

// A reader holds at most four frames, so the fifth shows whether one was released.
TEST_F(OpenCv, LeaseLastsAsLongAsAnyMatrix) {
    FrameWriter writer = make_writer();
    FrameReader reader = open_reader();
    const ImageDescription image = shape(8, 8, "GRAY8");
    std::vector<cv::Mat> held;
    for (int i = 0; i < 4; ++i) {
        publish(writer, image, i * 10);
        held.push_back(to_mat(take(reader)).value());
    }
    publish(writer, image, 40);
    EXPECT_EQ(reader.next(0ms).error().code, Code::kUsage);
    cv::Mat copy = held[1];
    cv::Mat part = held[1](cv::Rect(2, 2, 3, 3));
    held[1].release();
    copy = cv::Mat();
    EXPECT_EQ(part.at<std::uint8_t>(0, 0), 10 + 18);
    EXPECT_EQ(reader.next(0ms).error().code, Code::kUsage) << "a part still holds the frame";
    part.release();
    const auto fifth = to_mat(take(reader));
    ASSERT_TRUE(fifth);
    EXPECT_EQ(fifth->at<std::uint8_t>(0, 1), 41);
    EXPECT_EQ(held[0].at<std::uint8_t>(0, 0), 0);
    EXPECT_EQ(held[3].at<std::uint8_t>(0, 0), 30);
}

TEST_F(OpenCv, MatrixOutlivesReaderAndWriter) {
    cv::Mat mat;
    {
        FrameWriter writer = make_writer();
        FrameReader reader = open_reader();
        publish(writer, shape(8, 8, "GRAY8"), 7);
        mat = to_mat(take(reader)).value();
        ASSERT_TRUE(writer.close());
    }
    EXPECT_EQ(cv::sum(mat)[0], 64 * 7 + 63 * 32);
}

TEST_F(OpenCv, CloneIsWritable) {
    FrameWriter writer = make_writer();
    FrameReader reader = open_reader();
    publish(writer, shape(8, 8, "GRAY8"), 7);
    cv::Mat own = to_mat(take(reader)).value().clone();
    own.setTo(1);
    EXPECT_EQ(cv::sum(own)[0], 64);
    publish(writer, shape(8, 8, "GRAY8"), 7);
    cv::Mat result = to_mat(take(reader)).value();
    cv::Mat larger;
    cv::resize(result, larger, cv::Size(16, 16));
    result = larger;  // the frame is released here
    result.create(3, 3, CV_8UC1);
    result.setTo(2);
    EXPECT_EQ(cv::sum(result)[0], 18);
}

TEST_F(OpenCv, LoanIsFilledInPlace) {
    FrameWriter writer = make_writer();
    FrameReader reader = open_reader();
    cv::Mat source(6, 9, CV_8UC4);
    cv::randu(source, 0, 256);
    const auto image = describe_mat(source);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->fourcc, kFourccBgra32);
    auto loan = writer.loan(*image, 1s).value();
    auto target = mat_over(loan.bytes(), *image);
    ASSERT_TRUE(target);
    cv::flip(source, *target, 1);
    EXPECT_EQ(static_cast<void*>(target->data), loan.bytes().data());
    ASSERT_TRUE(writer.publish(std::move(loan)));
    cv::Mat turned;
    cv::flip(to_mat(take(reader)).value(), turned, 1);
    EXPECT_EQ(cv::norm(source, turned, cv::NORM_INF), 0);
}

TEST_F(OpenCv, EveryFormatHasItsType) {
    struct Row {
        const char* format;
        int type;
    };
    for (const Row& row : {Row{"BGR24", CV_8UC3}, Row{"RGB24", CV_8UC3}, Row{"BGRX32", CV_8UC4},
                           Row{"RGBA32", CV_8UC4}, Row{"GRAY8", CV_8UC1}, Row{"GRAY16", CV_16UC1},
                           Row{"YUYV", CV_8UC2}, Row{"RGB565", CV_8UC2}, Row{"UYVY", CV_8UC2},
                           Row{"GRAY12", CV_16UC1}, Row{"GRAYF32", CV_32FC1}, Row{"RGGB8", CV_8UC1},
                           Row{"BGGR10", CV_16UC1}, Row{"RGB48", CV_16UC3}, Row{"RGBA64", CV_16UC4},
                           Row{"RGBF32", CV_32FC3}, Row{"NV12", CV_8UC1}, Row{"I420", CV_8UC1}})
        EXPECT_EQ(mat_type(shape(4, 4, row.format)).value(), row.type) << row.format;
    for (const char* format : {"PAL8", "P010", "NV16", "RGGB10P", "X2RGB10", "S010"})
        EXPECT_FALSE(mat_type(shape(4, 4, format))) << format;
}

TEST_F(OpenCv, EveryFormatMakesAMatrixOfItsPixels) {
    for (const opencv_detail::MatFormat& format : opencv_detail::kMatFormats) {
        const std::string name = pixel_format_name(format.fourcc);
        auto image = Image::allocate(shape(6, 4, name.c_str())).value();
        const auto mat = mat_over(image.bytes(), image.description());
        ASSERT_TRUE(mat) << name;
        EXPECT_EQ(mat->total() * mat->elemSize(), image.bytes().size()) << name;
        EXPECT_EQ(mat->cols, 6) << name;
    }
}

TEST_F(OpenCv, MatricesDescribeThemselves) {
    for (const int type :
         {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_16UC3, CV_16UC4, CV_32FC1, CV_32FC3}) {
        const auto image = describe_mat(cv::Mat(2, 3, type));
        ASSERT_TRUE(image) << type;
        EXPECT_EQ(mat_type(*image).value(), type);
        EXPECT_EQ(image->width, 3u);
    }
    for (const int type : {CV_8UC2, CV_32FC4, CV_64FC1, CV_16SC1})
        EXPECT_FALSE(describe_mat(cv::Mat(2, 2, type))) << type;
    EXPECT_FALSE(describe_mat(cv::Mat()));
}

// cvtColor() reads Y, U and V where the planes have them: a colour in, the same colour out.
TEST_F(OpenCv, ConvertsMatricesOfPlanes) {
    struct Row {
        const char* format;
        int to_bgr;
        std::vector<int> chroma_bytes;  // what the bytes of the planes behind Y are
    };
    const int u = 90;  // red
    const int v = 240;
    for (const Row& row : {Row{"NV12", cv::COLOR_YUV2BGR_NV12, {u, v, u, v, u, v, u, v}},
                           Row{"NV21", cv::COLOR_YUV2BGR_NV21, {v, u, v, u, v, u, v, u}},
                           Row{"I420", cv::COLOR_YUV2BGR_I420, {u, u, u, u, v, v, v, v}},
                           Row{"YV12", cv::COLOR_YUV2BGR_YV12, {v, v, v, v, u, u, u, u}}}) {
        auto image = Image::allocate(shape(4, 4, row.format)).value();
        std::ranges::fill(image.bytes().first(16), std::byte{81});
        for (std::size_t i = 0; i < row.chroma_bytes.size(); ++i)
            image.bytes()[16 + i] = static_cast<std::byte>(row.chroma_bytes[i]);
        const auto mat = mat_over(image.bytes(), image.description());
        ASSERT_TRUE(mat) << row.format;
        EXPECT_EQ(mat->rows, 6);
        cv::Mat bgr;
        cv::cvtColor(*mat, bgr, row.to_bgr);
        const auto pixel = bgr.at<cv::Vec3b>(3, 3);
        EXPECT_GT(pixel[2], 250) << row.format;
        EXPECT_LT(pixel[0] + pixel[1], 8) << row.format;
    }
}

TEST_F(OpenCv, PlanesMustLieBelowEachOther) {
    ImageDescription padded = shape(4, 4, "NV12");
    padded.row_stride_bytes = 8;
    std::vector<std::byte> bytes(100);
    EXPECT_EQ(mat_over(bytes, padded).value().step[0], 8u);
    padded = shape(4, 4, "I420");
    padded.row_stride_bytes = 8;
    EXPECT_FALSE(mat_over(bytes, padded));
    EXPECT_FALSE(mat_over(bytes, shape(5, 4, "NV12")));
    EXPECT_FALSE(mat_over(bytes, shape(4, 3, "NV12")));
    ImageDescription apart = shape(4, 4, "NV12");
    apart.plane_count = 2;
    apart.planes = {ImagePlane{3, 4}, ImagePlane{19, 4}};
    EXPECT_EQ(mat_over(bytes, apart).value().data, static_cast<void*>(bytes.data() + 3));
    apart.planes[1].offset_bytes = 20;
    EXPECT_FALSE(mat_over(bytes, apart));
}

TEST_F(OpenCv, WhatIsNoMatrixIsRefusedAndGivenBack) {
    FrameWriter writer = make_writer();
    FrameReader reader = open_reader();
    ImageDescription bottom_up = shape(4, 4, "GRAY8");
    bottom_up.orientation = Orientation::kBottomUp;
    const Bytes bytes(16);
    const std::optional<ImageDescription> images[] = {
        std::nullopt, bottom_up, ImageDescription{.width = 4, .height = 4, .fourcc = kFourccPng}};
    for (int round = 0; round < 2; ++round) {
        for (const auto& image : images) {
            ASSERT_TRUE(writer.publish_copy(bytes, {.image = image}, 1s));
            EXPECT_EQ(to_mat(take(reader)).error().code, Code::kUsage);
        }
    }
}

TEST_F(OpenCv, ExampleDevelopsTheSensorsFramesWithAllThatCameWithThem) {
    ChildProcess develop(
        {.program = program_path("mapferry-example-develop"), .arguments = {section_.name()}});
    ChildProcess sensor(
        {.program = program_path("mapferry-example-sensor"), .arguments = {"30", section_.name()}});
    EXPECT_TRUE(ended_with(0, sensor));
    ASSERT_TRUE(ended_with(0, develop));
    const std::string output = develop.output();
    EXPECT_TRUE(contains(output, R"(stream: {"camera": "example", "black_level": 0)")) << output;
    // The last frame is 28, because the sensor lost frame 29: 2900 in red, half of it in green.
    const std::size_t last = output.find("frame 28, missed ");
    ASSERT_NE(last, std::string::npos) << output;
    EXPECT_TRUE(contains(output.substr(last),
                         R"({"exposure_us": 5000, "gain_db": 4}: blue 0, green 1450, red 2900)"))
        << output;
    EXPECT_FALSE(contains(output, "frame 29")) << output;
    // Frames 9 and 19 never were: whatever this reader missed by itself, it knows of them.
    std::uint64_t known = 0;
    for (std::size_t at = output.find(", missed "); at != std::string::npos;
         at = output.find(", missed ", at + 1))
        known += 1 + std::stoull(output.substr(at + std::string(", missed ").size()));
    const std::uint64_t first = std::stoull(output.substr(output.find("frame ") + 6));
    EXPECT_EQ(first + known, 29u) << output;
}

TEST_F(OpenCv, ExampleBlursAStreamIntoAnother) {
    auto picture = Image::allocate(shape(64, 48, "BGR24")).value();
    for (std::size_t i = 0; i < picture.bytes().size(); ++i)
        picture.bytes()[i] = std::byte(i % 192 < 96 ? 0 : 200);  // left black, right grey
    const std::string path = folder_.file("half.bmp");
    ASSERT_TRUE(save_image(picture.view(), path, Overwrite::kRefuse));
    const UniqueSection blurred;
    ChildProcess writer = start_writer(Words{"--frames", path, "--loop", "--count", "3"});
    ChildProcess blur({.program = program_path("mapferry-example-blur"),
                       .arguments = {section_.name(), blurred.name()}});
    ChildProcess reader(
        {.program = program_path("mapferry-reader"),
         .arguments = {"--name", blurred.name(), "--frames", "-o", out_ + "/%d.bmp"}});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, blur));
    EXPECT_TRUE(ended_with(0, writer));
    const auto result = load_image(out_ + "/3.bmp");
    ASSERT_TRUE(result) << result.error().message;
    const auto row = result->view().row(20);
    EXPECT_EQ(row[0], std::byte{0});
    EXPECT_EQ(row[191], std::byte{200});
    EXPECT_EQ(row[std::size_t{31} * 3], std::byte{89});  // four of nine columns are grey
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The example of opencv.h. The header prints the code between the marks
// (tests/structure/checks/header_examples.sh).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "headers/in_thread.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/opencv.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace {

// [opencv.h]
mapferry::Result<std::uint64_t> blur(mapferry::Frame frame, mapferry::FrameWriter& writer) {
    auto from = mapferry::to_mat(std::move(frame));  // read-only; holds the lease
    if (!from) return std::unexpected(from.error());
    auto image = mapferry::describe_mat(*from);
    if (!image) return std::unexpected(image.error());
    auto loan = writer.loan(*image, std::chrono::seconds(1));
    if (!loan) return std::unexpected(loan.error());
    auto to = mapferry::mat_over(loan->bytes(), *image);
    if (!to) return std::unexpected(to.error());
    cv::blur(*from, *to, cv::Size(9, 9));  // straight into the other section
    return writer.publish(std::move(*loan));
}
// [end of opencv.h]

}  // namespace

namespace mapferry::testing {
namespace {

struct BothSides {
    UniqueSection section = {};
    Result<FrameWriter> writer =
        FrameWriter::create({.address = section.address(), .frame_limit_bytes = 4096});
    Result<FrameReader> reader = FrameReader::open({.address = section.address()});
};

TEST(OpenCvExample, BlurOfOneShadeIsThatShade) {
    BothSides from;
    BothSides to;
    for (const BothSides* stream : {&from, &to})
        ASSERT_TRUE(succeeded(stream->writer) && succeeded(stream->reader));
    const auto image = describe_raw_image(20, 10, "GRAY8");
    ASSERT_TRUE(succeeded(image));
    const Bytes shade(200, std::byte{77});
    ASSERT_TRUE(succeeded(
        from.writer->publish_copy(shade, {.image = *image}, std::chrono::seconds(0))));
    auto frame = from.reader->try_next();
    ASSERT_TRUE(succeeded(frame) && *frame);
    EXPECT_EQ(blur(std::move(**frame), *to.writer), 0u);
    const auto blurred = to.reader->try_next();
    ASSERT_TRUE(succeeded(blurred) && *blurred);
    EXPECT_TRUE(std::ranges::equal((*blurred)->bytes(), shade));
    EXPECT_EQ((*blurred)->image(), *image);
    from.writer->abort(Code::kUsage);
    to.writer->abort(Code::kUsage);
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
#include "mapferry/y4m.h"

#include <gtest/gtest.h>

#include <string>

namespace mapferry {
namespace {

Y4mHeader parsed(const std::string& line) {
    const auto header = parse_y4m_header(line);
    EXPECT_TRUE(header) << line << ": " << (header ? "" : header.error().message);
    return header.value_or(Y4mHeader{});
}

Status refusal(const std::string& line) {
    const auto header = parse_y4m_header(line);
    EXPECT_FALSE(header) << line;
    return header ? Status{} : header.error();
}

// ---- the first line ----------------------------------------------------------------------------

TEST(Y4m, HeaderOfFfmpegIsRead) {
    const Y4mHeader stream = parsed(
        "YUV4MPEG2 W320 H240 F30000:1001 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2 "
        "XCOLORRANGE=LIMITED");
    EXPECT_EQ(to_string(stream.image), "320x240 I420");
    EXPECT_EQ(stream.image.color.chroma_site, ChromaSite::kLeft);
    EXPECT_EQ(stream.image.color.range, ColorRange::kLimited);
    EXPECT_EQ(stream.facts.frame_rate, (Ratio{.numerator = 30000, .denominator = 1001}));
    EXPECT_EQ(stream.facts.pixel_aspect, (Ratio{.numerator = 1, .denominator = 1}));
    EXPECT_EQ(stream.facts.scan, Scan::kProgressive);
}

TEST(Y4m, WhatAHeaderLeavesOutIsNotKnown) {
    const Y4mHeader stream = parsed("YUV4MPEG2 W7 H5");
    EXPECT_EQ(stream.facts, StreamFacts{});
    EXPECT_EQ(stream.image.fourcc, kFourccI420);
    EXPECT_EQ(stream.image.color.range, ColorRange::kUnknown);
    EXPECT_EQ(parsed("YUV4MPEG2 W7 H5 F0:0 I? A0:0").facts, StreamFacts{});
    EXPECT_EQ(parsed("YUV4MPEG2 W7 H5 F25:0").facts, StreamFacts{});
}

TEST(Y4m, EveryColorFormatHasItsPixelFormat) {
    for (const auto& [name, pixels] : {std::pair{"420jpeg", "I420"},
                                       {"420mpeg2", "I420"},
                                       {"420paldv", "I420"},
                                       {"420", "I420"},
                                       {"422", "I422"},
                                       {"444", "I444"},
                                       {"mono", "GRAY8"},
                                       {"mono10", "GRAY10"},
                                       {"mono12", "GRAY12"},
                                       {"mono16", "GRAY16"},
                                       {"420p10", "S010"},
                                       {"422p10", "S210"},
                                       {"444p10", "S410"},
                                       {"420p12", "S012"},
                                       {"422p12", "S212"},
                                       {"444p12", "S412"},
                                       {"420p16", "S016"},
                                       {"422p16", "S216"},
                                       {"444p16", "S416"}})
        EXPECT_EQ(to_string(parsed(std::string("YUV4MPEG2 W4 H2 C") + name).image),
                  std::string("4x2 ") + pixels);
}

TEST(Y4m, OldHeaderHasItsFormatBehindAnX) {
    EXPECT_EQ(parsed("YUV4MPEG2 W4 H2 XYSCSS=422").image.fourcc, kFourccI422);
    EXPECT_EQ(parsed("YUV4MPEG2 W4 H2 XYSCSS=420JPEG").image.fourcc, kFourccI420);
    EXPECT_EQ(parsed("YUV4MPEG2 W4 H2 XYSCSS=411 C444").image.fourcc, kFourccI444);
}

TEST(Y4m, UnknownParametersArePassedOver) {
    EXPECT_EQ(to_string(parsed("YUV4MPEG2  W4 Zzz XABC X H2 ").image), "4x2 I420");
}

TEST(Y4m, ColorFormatsWithoutAPixelFormatAreRefusedWithTheWayOut) {
    for (const char* const name : {"411", "444alpha", "420p9", "420p14", "mono9", "420JPEG", "4"}) {
        const Status status = refusal(std::string("YUV4MPEG2 W4 H2 C") + name);
        EXPECT_EQ(status.code, Code::kUsage) << name;
        EXPECT_NE(status.hint.find("-pix_fmt yuv420p"), std::string::npos);
    }
}

TEST(Y4m, HostileHeadersAreRefused) {
    for (const char* const line : {"",
                                   "YUV4MPEG2",
                                   "YUV4MPEG W4 H2",
                                   "YUV4MPEG2 ",
                                   "YUV4MPEG2 W4",
                                   "YUV4MPEG2 H2",
                                   "YUV4MPEG2 W0 H2",
                                   "YUV4MPEG2 W-4 H2",
                                   "YUV4MPEG2 W4x H2",
                                   "YUV4MPEG2 W H2",
                                   "YUV4MPEG2 W4294967296 H2",
                                   "YUV4MPEG2 W4 H2 F25",
                                   "YUV4MPEG2 W4 H2 F25:",
                                   "YUV4MPEG2 W4 H2 F:1",
                                   "YUV4MPEG2 W4 H2 F-25:1",
                                   "YUV4MPEG2 W4 H2 F25:1:1",
                                   "YUV4MPEG2 W4 H2 A1",
                                   "YUV4MPEG2 W4 H2 Ix",
                                   "YUV4MPEG2 W4 H2 I",
                                   "YUV4MPEG2 W4 H2 Ipp"})
        EXPECT_EQ(refusal(line).code, Code::kCorrupt) << line;
    EXPECT_EQ(refusal("YUV4MPEG2 W4294967295 H4294967295 C444p16").code, Code::kUsage);
}

TEST(Y4m, LineOfAFrameMayHaveParameters) {
    EXPECT_TRUE(is_y4m_frame_line("FRAME"));
    EXPECT_TRUE(is_y4m_frame_line("FRAME Ip XABC"));
    for (const char* const line : {"", "FRAM", "FRAMES", "frame", " FRAME"})
        EXPECT_FALSE(is_y4m_frame_line(line)) << line;
}

// ---- writing -----------------------------------------------------------------------------------

TEST(Y4m, WrittenHeaderIsReadAgain) {
    for (const char* const line :
         {"YUV4MPEG2 W320 H240 F30000:1001 Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED",
          "YUV4MPEG2 W7 H5 C420jpeg", "YUV4MPEG2 W7 H5 F25:1 It C422",
          "YUV4MPEG2 W7 H5 Ib A16:15 C420paldv XCOLORRANGE=FULL", "YUV4MPEG2 W7 H5 Im Cmono16",
          "YUV4MPEG2 W7 H5 C444p12"})
        EXPECT_EQ(make_y4m_header(parsed(line)).value_or(""), std::string(line) + "\n");
}

TEST(Y4m, FormatOfTheSamePlanesInAnotherOrderIsWrittenAs420) {
    const auto image = describe_raw_image(4, 2, "YV12");
    ASSERT_TRUE(image);
    EXPECT_EQ(make_y4m_header({.image = *image}).value_or(""), "YUV4MPEG2 W4 H2 C420jpeg\n");
}

TEST(Y4m, ImagesThatItLacksAreRefused) {
    for (const char* const format : {"BGR24", "NV12", "YUYV", "P010", "GRAY14"}) {
        const auto header = make_y4m_header({.image = describe_raw_image(4, 2, format).value()});
        ASSERT_FALSE(header) << format;
        EXPECT_EQ(header.error().code, Code::kUsage);
    }
}

}  // namespace
}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
// Conversions beside FFmpeg's, where ffmpeg is installed: within 1 of 255 for each format that both
// know. FFmpeg's usual flags interpolate U and V; those here repeat them and take their mean, as
// mapferry does.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "mapferry/image_convert.h"
#include "support/child_process.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

const std::string kScale =
    "scale=sws_dither=none:flags=accurate_rnd+full_chroma_int+full_chroma_inp";
const std::string kFromYuv = kScale + "+neighbor";
const std::string kToYuv = kScale + "+area";

// A format by both names, and what its samples may be.
struct Format {
    const char* name;
    const char* ffmpeg;
    unsigned mask = 0xFF;  // of a sample's word; 0: floating-point numbers
    bool is_yuv = false;
    unsigned shift = 0;  // that FFmpeg's format has and ours has not
};

// Their sides are even, and the last row and column can be left out. One is longer than a strip.
struct Size {
    std::uint32_t width;
    std::uint32_t height;
};
constexpr std::array kSizes = {Size{1026, 6}, Size{38, 30}};

std::size_t sample_bytes(const Format& format) {
    if (format.mask == 0) return 4;
    return format.mask > 0xFF ? 2 : 1;
}

// Noise, or a smooth picture. FFmpeg's numbers overflow for YUV that is far outside of RGB, so that
// noise of YUV leaves out a tenth at both ends.
double brightness(std::size_t i, std::uint32_t width, std::mt19937& noise, bool is_smooth,
                  bool is_yuv) {
    if (is_smooth) {
        const std::size_t row = i / width;
        return 0.5 + 0.4 * std::sin(static_cast<double>(i % width) / 40) *
                         std::cos(static_cast<double>(row) / 30);
    }
    const double value = static_cast<double>(noise() % 65'536) / 65'535;
    return is_yuv ? 0.1 + 0.8 * value : value;
}

Bytes make_picture(const Format& format, const ImageDescription& image, bool is_smooth) {
    Bytes bytes(static_cast<std::size_t>(planes_of(image).value().image_bytes));
    const std::size_t step = sample_bytes(format);
    std::mt19937 noise(1);
    for (std::size_t i = 0; i < bytes.size() / step; ++i) {
        const auto value =
            static_cast<float>(brightness(i, image.width, noise, is_smooth, format.is_yuv));
        const auto word = static_cast<std::uint16_t>(
            std::lround(value * static_cast<float>(format.mask)) & format.mask);
        if (format.mask == 0)
            std::memcpy(&bytes[i * step], &value, step);
        else
            std::memcpy(&bytes[i * step], &word, step);
    }
    return bytes;
}

Bytes as_ffmpeg_has_it(const Format& format, Bytes bytes) {
    if (format.shift == 0) return bytes;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        std::uint16_t word = 0;
        std::memcpy(&word, &bytes[i], 2);
        word = static_cast<std::uint16_t>(word << format.shift);
        std::memcpy(&bytes[i], &word, 2);
    }
    return bytes;
}

ImageDescription shape(const Size& size, const Format& format) {
    return describe_raw_image(size.width, size.height, format.name).value();
}

// The same bytes without the last column and the last row.
ImageDescription cropped(ImageDescription image) {
    const ImagePlanes planes = planes_of(image).value();
    image.plane_count = planes.count;
    for (std::uint32_t i = 0; i < planes.count; ++i)
        image.planes[i] = {planes.planes[i].offset_bytes, planes.planes[i].row_stride_bytes};
    --image.width;
    --image.height;
    return image;
}

int sample_at(const Bytes& bytes, std::size_t index, std::size_t step) {
    std::uint16_t sample = 0;
    std::memcpy(&sample, &bytes[index * step], step);
    return sample;
}

class FfmpegConvert : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::string(MAPFERRY_FFMPEG_PATH).empty()) GTEST_SKIP() << "ffmpeg is not installed";
    }

    // `bytes` are frames, and so is the result.
    [[nodiscard]] Bytes run_ffmpeg(const Size& size, const Format& from, const Bytes& bytes,
                                   const Format& to, const std::string& filter) const {
        const std::string input = folder_.file("in.raw");
        const std::string output = folder_.file("out.raw");
        write_file(input, as_ffmpeg_has_it(from, bytes));
        // One thread: each thread's part of a Bayer picture has edges of its own.
        ChildProcess ffmpeg(
            {.program = MAPFERRY_FFMPEG_PATH,
             .arguments = {"-nostdin",
                           "-loglevel",
                           "error",
                           "-y",
                           "-filter_threads",
                           "1",
                           "-f",
                           "rawvideo",
                           "-pixel_format",
                           from.ffmpeg,
                           "-video_size",
                           std::to_string(size.width) + "x" + std::to_string(size.height),
                           "-i",
                           input,
                           "-vf",
                           filter,
                           "-pix_fmt",
                           to.ffmpeg,
                           "-f",
                           "rawvideo",
                           output}});
        EXPECT_EQ(ffmpeg.wait(), exited(0)) << ffmpeg.command() << "\n" << ffmpeg.errors();
        return read_file(output);
    }

    // Two pixels of a Bayer picture's edges are left out: FFmpeg repeats pixels there, and mapferry
    // mirrors them.
    static void expect_near(const Bytes& ours, const ImageDescription& image, const Bytes& theirs,
                            const ImageDescription& whole, const Format& to, std::uint32_t margin) {
        const std::size_t step = sample_bytes(to);
        const int tolerance = step == 1 ? 1 : 257;
        const ImagePlanes planes = planes_of(image).value();
        const ImagePlanes whole_planes = planes_of(whole).value();
        for (std::uint32_t plane = 0; plane < planes.count; ++plane) {
            const PlaneShape& shape = planes.planes[plane];
            const PlaneShape& other = whole_planes.planes[plane];
            const auto samples = static_cast<std::size_t>(shape.row_bytes) / step;
            const std::size_t left_out = margin * (samples / image.width);
            for (std::uint32_t y = margin; y + margin < shape.rows; ++y) {
                for (std::size_t x = left_out; x + left_out < samples; ++x) {
                    const auto at =
                        static_cast<std::size_t>(shape.offset_bytes + y * shape.row_stride_bytes);
                    const auto there =
                        static_cast<std::size_t>(other.offset_bytes + y * other.row_stride_bytes);
                    const int a = sample_at(ours, at / step + x, step);
                    const int b = sample_at(theirs, there / step + x, step);
                    ASSERT_LE(std::abs(a - b), tolerance)
                        << a << " and " << b << ", plane " << plane << ", row " << y << ", sample "
                        << x;
                }
            }
        }
    }

    static void compare_frame(const Format& from, const Format& to, const ImageDescription& source,
                              const ImageDescription& target, const Bytes& bytes,
                              const Bytes& theirs) {
        const std::uint32_t margin = std::string(from.ffmpeg).starts_with("bayer") ? 2 : 0;
        Bytes ours(theirs.size());
        ASSERT_TRUE(convert_image_into(ImageView::make(source, bytes).value(), target, ours));
        expect_near(ours, target, theirs, target, to, margin);
        // Without its last column a picture has other means of U and V there.
        if (to.is_yuv) return;
        const auto part =
            convert_image(ImageView::make(cropped(source), bytes).value(), target.fourcc);
        ASSERT_TRUE(part);
        expect_near({part->bytes().begin(), part->bytes().end()}, part->description(), theirs,
                    target, to, margin);
    }

    void compare(const Size& size, const Format& from, const Format& to, const std::string& filter,
                 const ImageColor& color) const {
        ImageDescription source = shape(size, from);
        source.color = color;
        ImageDescription target = shape(size, to);
        target.color = color;
        const std::array frames = {make_picture(from, source, false),
                                   make_picture(from, source, true)};
        Bytes both = frames[0];
        both.insert(both.end(), frames[1].begin(), frames[1].end());
        const Bytes theirs = run_ffmpeg(size, from, both, to, filter);
        const auto frame_bytes = static_cast<std::size_t>(planes_of(target).value().image_bytes);
        ASSERT_EQ(theirs.size(), frame_bytes * frames.size());
        for (std::size_t i = 0; i < frames.size(); ++i) {
            SCOPED_TRACE(std::string(from.name) + " to " + to.name + ", frame " +
                         std::to_string(i) + ", " + filter);
            const auto frame = std::span(theirs).subspan(i * frame_bytes, frame_bytes);
            compare_frame(from, to, source, target, frames[i], {frame.begin(), frame.end()});
        }
    }

    void compare(const std::vector<Format>& from, const Format& to, const std::string& filter,
                 const ImageColor& color = {}) const {
        for (const Format& format : from)
            for (const Size& size : kSizes)
                compare(size, format, to, filter, color);
    }

    ScratchFolder folder_;
};

const Format kBgr24{"BGR24", "bgr24"};
const Format kRgb48{"RGB48", "rgb48le", 0xFFFF};
const Format kRgba64{"RGBA64", "rgba64le", 0xFFFF};
const Format kNv12{"NV12", "nv12", 0xFF, true};

Format yuv(const char* name, const char* ffmpeg, unsigned mask = 0xFF) {
    return {.name = name, .ffmpeg = ffmpeg, .mask = mask, .is_yuv = true};
}
Format bayer(const char* name, const char* ffmpeg, unsigned bits) {
    return {.name = name,
            .ffmpeg = ffmpeg,
            .mask = (1U << bits) - 1,
            .shift = bits > 8 ? 16 - bits : 0};
}

TEST_F(FfmpegConvert, RgbOf8Bits) {
    compare({{"RGB24", "rgb24"},
             {"BGRX32", "bgr0"},
             {"BGRA32", "bgra"},
             {"RGBX32", "rgb0"},
             {"RGBA32", "rgba"},
             {"XRGB32", "0rgb"},
             {"ARGB32", "argb"},
             {"XBGR32", "0bgr"},
             {"ABGR32", "abgr"},
             {"RGB565", "rgb565le"},
             {"RGB555", "rgb555le"},
             {"BGR565", "bgr565le"},
             {"BGR555", "bgr555le"},
             {"GRAY8", "gray"}},
            kBgr24, kScale);
    compare({{"BGR24", "bgr24"}, {"ABGR32", "abgr"}}, {"RGBA32", "rgba"}, kScale);
    compare({{"ABGR32", "abgr"}, {"RGBA32", "rgba"}}, {"BGRA32", "bgra"}, kScale);
    compare({kBgr24, {"RGBA32", "rgba"}}, {"GRAY8", "gray"}, kScale);
}

TEST_F(FfmpegConvert, RgbOf10To16Bits) {
    compare({{"BGR48", "bgr48le", 0xFFFF},
             {"GRAY16", "gray16le", 0xFFFF},
             {"X2RGB10", "x2rgb10le"},
             {"X2BGR10", "x2bgr10le"}},
            kRgb48, kScale);
    compare({{"BGRA64", "bgra64le", 0xFFFF}}, kRgba64, kScale);
    compare({{"X2RGB10", "x2rgb10le"}, {"X2BGR10", "x2bgr10le"}}, kBgr24, kScale);
    compare({kRgb48}, {"GRAY16", "gray16le", 0xFFFF}, kScale);
}

// FFmpeg's own scaler is 2 of 255 away for these.
TEST_F(FfmpegConvert, RgbOf16BitsBecomesRgbOf8) {
    ChildProcess filters({.program = MAPFERRY_FFMPEG_PATH, .arguments = {"-filters"}});
    EXPECT_EQ(filters.wait(), exited(0));
    if (!filters.output().contains(" zscale ")) GTEST_SKIP() << "ffmpeg has no zscale";
    compare({kRgb48, {"BGR48", "bgr48le", 0xFFFF}}, kBgr24,
            "format=gbrp16le,zscale=dither=none,format=gbrp");
    compare({kRgba64, {"BGRA64", "bgra64le", 0xFFFF}}, {"RGBA32", "rgba"},
            "format=gbrap16le,zscale=dither=none,format=gbrap");
}

TEST_F(FfmpegConvert, Grey) {
    const std::vector<Format> grey = {{"GRAY10", "gray10le", 0x3FF},
                                      {"GRAY12", "gray12le", 0xFFF},
                                      {"GRAY14", "gray14le", 0x3FFF},
                                      {"GRAY16", "gray16le", 0xFFFF}};
    compare(grey, {"GRAY8", "gray"}, kScale);
    compare(grey, {"GRAY16", "gray16le", 0xFFFF}, kScale);
    compare(grey, kBgr24, kScale);
    compare({{"GRAYF32", "grayf32le", 0}}, {"GRAY8", "gray"}, kScale);
}

TEST_F(FfmpegConvert, BayerBetweenItsEdges) {
    const std::vector<Format> patterns = {
        bayer("RGGB8", "bayer_rggb8", 8),      bayer("GRBG8", "bayer_grbg8", 8),
        bayer("GBRG8", "bayer_gbrg8", 8),      bayer("BGGR8", "bayer_bggr8", 8),
        bayer("RGGB10", "bayer_rggb16le", 10), bayer("GRBG10", "bayer_grbg16le", 10),
        bayer("GBRG10", "bayer_gbrg16le", 10), bayer("BGGR10", "bayer_bggr16le", 10),
        bayer("RGGB12", "bayer_rggb16le", 12), bayer("GRBG12", "bayer_grbg16le", 12),
        bayer("GBRG12", "bayer_gbrg16le", 12), bayer("BGGR12", "bayer_bggr16le", 12),
        bayer("RGGB16", "bayer_rggb16le", 16), bayer("GRBG16", "bayer_grbg16le", 16),
        bayer("GBRG16", "bayer_gbrg16le", 16), bayer("BGGR16", "bayer_bggr16le", 16)};
    compare(patterns, {"RGB24", "rgb24"}, kScale);
    compare({patterns[4], patterns[9], patterns[14]}, kRgb48, kScale);
}

TEST_F(FfmpegConvert, YuvOf8BitsBecomesRgb) {
    compare({kNv12, yuv("NV21", "nv21"), yuv("NV24", "nv24"), yuv("NV42", "nv42"),
             yuv("I420", "yuv420p"), yuv("I422", "yuv422p"), yuv("I444", "yuv444p"),
             yuv("YUYV", "yuyv422"), yuv("YVYU", "yvyu422"), yuv("UYVY", "uyvy422")},
            kBgr24, kFromYuv);
    compare({kNv12, yuv("YUYV", "yuyv422")}, {"GRAY8", "gray"}, kFromYuv);
}

TEST_F(FfmpegConvert, YuvOf10To16BitsBecomesRgb) {
    const std::vector<Format> formats = {
        yuv("P010", "p010le", 0xFFC0),      yuv("P012", "p016le", 0xFFF0),
        yuv("P016", "p016le", 0xFFFF),      yuv("S010", "yuv420p10le", 0x3FF),
        yuv("S210", "yuv422p10le", 0x3FF),  yuv("S410", "yuv444p10le", 0x3FF),
        yuv("S012", "yuv420p12le", 0xFFF),  yuv("S212", "yuv422p12le", 0xFFF),
        yuv("S412", "yuv444p12le", 0xFFF),  yuv("S016", "yuv420p16le", 0xFFFF),
        yuv("S216", "yuv422p16le", 0xFFFF), yuv("S416", "yuv444p16le", 0xFFFF)};
    compare(formats, kBgr24, kFromYuv);
    compare({formats[0], formats[3], formats[11]}, kRgb48, kFromYuv);
}

// ---- matrices ----------------------------------------------------------------------------------

struct Matrix {
    const char* name;
    std::uint8_t code;
};
struct Range {
    const char* name;
    ColorRange code;
};
constexpr std::array kMatrices = {Matrix{"bt601", 6}, Matrix{"bt709", 1}, Matrix{"bt2020", 9},
                                  Matrix{"fcc", 4}, Matrix{"smpte240m", 7}};
constexpr std::array kRanges = {Range{"tv", ColorRange::kLimited}, Range{"pc", ColorRange::kFull}};

TEST_F(FfmpegConvert, EveryMatrixAndRange) {
    for (const Matrix& matrix : kMatrices) {
        for (const Range& range : kRanges) {
            const ImageColor color{.matrix = matrix.code, .range = range.code};
            const auto options = [&](const std::string& scaler, const char* side) {
                return scaler + ":" + side + "_color_matrix=" + matrix.name + ":" + side +
                       "_range=" + range.name;
            };
            compare({kNv12, yuv("P010", "p010le", 0xFFC0)}, kBgr24, options(kFromYuv, "in"), color);
            compare({kBgr24}, yuv("I444", "yuv444p"), options(kToYuv, "out"), color);
        }
    }
}

TEST_F(FfmpegConvert, RgbBecomesYuv) {
    for (const Format& to :
         {kNv12, yuv("NV21", "nv21"), yuv("I420", "yuv420p"), yuv("I422", "yuv422p"),
          yuv("I444", "yuv444p"), yuv("YUYV", "yuyv422"), yuv("UYVY", "uyvy422")})
        compare({kBgr24, {"RGBA32", "rgba"}}, to, kToYuv);
    compare({{"GRAY8", "gray"}}, yuv("I420", "yuv420p"), kToYuv);
}

TEST_F(FfmpegConvert, YuvBecomesYuv) {
    compare({yuv("I420", "yuv420p"), yuv("I422", "yuv422p"), yuv("YUYV", "yuyv422"),
             yuv("P010", "p010le", 0xFFC0)},
            kNv12, kToYuv);
    compare({kNv12, yuv("NV21", "nv21")}, yuv("I420", "yuv420p"), kToYuv);
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The table of pixel formats against what is installed here of FFmpeg, GStreamer and the kernel's
// headers. A test that finds nothing to compare with is skipped.
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "format/pixel_table.h"
#include "mapferry/image.h"
#include "support/child_process.h"
#include "support/test_bytes.h"
#include "support/text_lines.h"

namespace mapferry::testing {
namespace {

// What a command line of the shell prints; empty where the program is missing.
std::string output_of(const std::string& command) {
    ChildProcess child({.program = "/bin/sh", .arguments = {"-c", command}});
    child.wait();
    return child.output();
}

std::uint64_t packed_bytes(const PixelFormat& format, std::uint32_t width, std::uint32_t height) {
    return planes_of(describe_raw_image(width, height, format.name).value()).value().image_bytes;
}

// ---- FFmpeg ------------------------------------------------------------------------------------

// A line of `ffmpeg -pix_fmts`: "IO... yuv420p 3 12 8-8-8".
struct FfmpegFormat {
    std::string flags;
    unsigned components = 0;
    unsigned bits = 0;  // without unused ones
    std::string depths;
};

std::map<std::string, FfmpegFormat> ffmpeg_formats() {
    std::map<std::string, FfmpegFormat> formats;
    for (const std::string& line : lines_of(output_of("ffmpeg -hide_banner -pix_fmts"))) {
        std::istringstream words(line);
        std::string name;
        FfmpegFormat format;
        if (words >> format.flags >> name >> format.components >> format.bits >> format.depths)
            formats[name] = format;
    }
    return formats;
}

// FFmpeg's bits of a pixel: of 10 significant bits in 16 it counts 10.
unsigned used_bits(const PixelFormat& format) {
    const SampleFormat& samples = format.samples;
    if (format.name == "RGB555" || format.name == "BGR555") return 15;
    if (samples.bits == 0) return format.bits_per_pixel;
    const bool is_bayer = format.foreign.ffmpeg.starts_with("bayer_");
    if (format.plane_count == 1 && format.planes[0].columns == 1 && !is_bayer)
        return 1u * samples.channels * samples.significant_bits;
    return format.bits_per_pixel * samples.significant_bits / samples.bits;
}

class ForeignFfmpeg : public ::testing::Test {
  protected:
    void SetUp() override {
        if (formats_.empty()) GTEST_SKIP() << "no ffmpeg";
    }
    std::map<std::string, FfmpegFormat> formats_ = ffmpeg_formats();
};

TEST_F(ForeignFfmpeg, HasTheComponentsAndBitsOfTheTable) {
    unsigned compared = 0;
    for (const PixelFormat& format : pixel_formats()) {
        const auto found = formats_.find(std::string(format.foreign.ffmpeg));
        if (found == formats_.end()) continue;
        EXPECT_EQ(found->second.components, format.samples.channels) << format.name;
        EXPECT_EQ(found->second.bits, used_bits(format)) << format.name;
        const bool is_plain = format.samples.bits != 0 && !found->first.starts_with("bayer_");
        EXPECT_TRUE(!is_plain ||
                    std::stoul(found->second.depths) == format.samples.significant_bits)
            << format.name;
        ++compared;
    }
    EXPECT_GE(compared, 50u);  // FFmpeg 5.1 lacks three of the table's
}

TEST_F(ForeignFfmpeg, NamesOfOtherFormatsAreNotFound) {
    for (const auto& [name, format] : formats_) {
        const auto found = find_pixel_format(name);
        const bool is_pal8 = name == "pal8";  // has the same indices, and a palette behind them
        EXPECT_TRUE(!found || is_pal8 || pixel_format_names(*found).ffmpeg == name) << name;
    }
}

TEST_F(ForeignFfmpeg, WritesAsManyBytesForOddSides) {
    unsigned compared = 0;
    for (const PixelFormat& format : pixel_formats()) {
        const auto found = formats_.find(std::string(format.foreign.ffmpeg));
        if (found == formats_.end() || found->second.flags[1] != 'O') continue;
        const std::string bytes = output_of(
            "ffmpeg -v error -f lavfi -i testsrc=s=7x5 -frames:v 1 -f rawvideo -pix_fmt " +
            found->first + " -");
        EXPECT_EQ(bytes.size(), packed_bytes(format, 7, 5)) << format.name;
        ++compared;
    }
    EXPECT_GE(compared, 40u);
}

// ---- GStreamer ---------------------------------------------------------------------------------

std::set<std::string> gstreamer_formats() {
    const std::string text = output_of("gst-inspect-1.0 videoconvert");
    const std::string mark = "(string)";
    std::set<std::string> formats;
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        at += mark.size();
        formats.insert(text.substr(at, text.find_first_of(", }\n", at) - at));
    }
    return formats;
}

class ForeignGstreamer : public ::testing::Test {
  protected:
    void SetUp() override {
        if (formats_.empty()) GTEST_SKIP() << "no GStreamer";
    }
    std::set<std::string> formats_ = gstreamer_formats();
};

TEST_F(ForeignGstreamer, HasTheNamesOfTheTable) {
    const std::set<std::string_view> newer = {"GRAY10_LE16", "BGR10x2_LE", "RGB10x2_LE"};
    for (const PixelFormat& format : pixel_formats()) {
        const std::string name(format.foreign.gstreamer);
        const bool is_bayer = !name.empty() && std::islower(name[0]) != 0;
        if (name.empty() || is_bayer || newer.contains(name)) continue;
        EXPECT_TRUE(formats_.contains(name)) << name;
    }
}

TEST_F(ForeignGstreamer, NamesOfOtherFormatsAreNotFound) {
    for (const std::string& name : formats_) {
        const auto found = find_pixel_format(name);
        EXPECT_TRUE(!found || pixel_format_names(*found).gstreamer == name) << name;
    }
}

// Its rows are multiples of four bytes, and its heights even.
TEST_F(ForeignGstreamer, WritesAsManyBytes) {
    if (output_of("gst-inspect-1.0 videotestsrc").empty()) GTEST_SKIP() << "no videotestsrc";
    unsigned compared = 0;
    for (const PixelFormat& format : pixel_formats()) {
        const std::string name(format.foreign.gstreamer);
        if (!formats_.contains(name)) continue;
        const std::string bytes = output_of(
            "gst-launch-1.0 -q videotestsrc num-buffers=1 ! video/x-raw,width=16,height=6"
            ",format=" +
            name + " ! fdsink fd=1");
        EXPECT_EQ(bytes.size(), packed_bytes(format, 16, 6)) << format.name;
        ++compared;
    }
    EXPECT_GE(compared, 40u);
}

// ---- headers of the kernel ---------------------------------------------------------------------

// "NV12" -> "NV12": the macros `begin`... and their four characters, without blanks at the end.
std::map<std::string, std::string> codes_in(const std::string& path, const std::string& begin) {
    std::map<std::string, std::string> codes;
    for (const std::string& line : lines_of(output_of("cat " + path + " 2>/dev/null"))) {
        std::istringstream words(line);
        std::string define;
        std::string macro;
        words >> define >> macro;
        if (define != "#define" || !macro.starts_with(begin)) continue;
        std::string code;
        for (std::size_t at = line.find('\''); at != std::string::npos && code.size() < 4;
             at = line.find('\'', at + 3))
            code += line.substr(at + 1, 1);
        if (code.size() != 4 || line.contains("_be(")) continue;
        while (code.ends_with(' '))
            code.pop_back();
        codes[macro.substr(begin.size())] = code;
    }
    return codes;
}

std::uint32_t number_of(std::string code) {
    code.resize(4, ' ');
    return fourcc(code[0], code[1], code[2], code[3]);
}

// Both sides have a name for the order of the bytes, but not the same.
struct Macro {
    const char* name;
    const char* macro;
};

void expect_codes(const std::map<std::string, std::string>& codes, const Macro& row,
                  std::string_view PixelFormatNames::* member) {
    const auto found = codes.find(row.macro);
    if (found == codes.end()) return;  // an older header
    const PixelFormatNames names = pixel_format_names(find_pixel_format(row.name).value());
    EXPECT_EQ(names.*member, found->second) << row.macro;
}

constexpr Macro kV4l2Macros[] = {
    {"BGR24", "BGR24"},         {"RGB24", "RGB24"},      {"BGRX32", "XBGR32"},
    {"BGRA32", "ABGR32"},       {"RGBX32", "RGBX32"},    {"RGBA32", "RGBA32"},
    {"XRGB32", "XRGB32"},       {"ARGB32", "ARGB32"},    {"XBGR32", "BGRX32"},
    {"ABGR32", "BGRA32"},       {"RGB48", "RGB48"},      {"BGR48", "BGR48"},
    {"RGB565", "RGB565"},       {"RGB555", "XRGB555"},   {"BGR555", "XBGR555"},
    {"A2RGB10", "ARGB2101010"}, {"GRAY8", "GREY"},       {"GRAY10", "Y10"},
    {"GRAY12", "Y12"},          {"GRAY14", "Y14"},       {"GRAY16", "Y16"},
    {"GRAY10P", "Y10P"},        {"GRAY12P", "Y12P"},     {"YUYV", "YUYV"},
    {"YVYU", "YVYU"},           {"UYVY", "UYVY"},        {"VYUY", "VYUY"},
    {"NV12", "NV12"},           {"NV21", "NV21"},        {"NV16", "NV16"},
    {"NV61", "NV61"},           {"NV24", "NV24"},        {"NV42", "NV42"},
    {"P010", "P010"},           {"P012", "P012"},        {"I420", "YUV420"},
    {"YV12", "YVU420"},         {"I422", "YUV422P"},     {"RGGB8", "SRGGB8"},
    {"GRBG8", "SGRBG8"},        {"GBRG8", "SGBRG8"},     {"BGGR8", "SBGGR8"},
    {"RGGB10", "SRGGB10"},      {"GRBG10", "SGRBG10"},   {"GBRG10", "SGBRG10"},
    {"BGGR10", "SBGGR10"},      {"RGGB12", "SRGGB12"},   {"GRBG12", "SGRBG12"},
    {"GBRG12", "SGBRG12"},      {"BGGR12", "SBGGR12"},   {"RGGB16", "SRGGB16"},
    {"GRBG16", "SGRBG16"},      {"GBRG16", "SGBRG16"},   {"BGGR16", "SBGGR16"},
    {"RGGB10P", "SRGGB10P"},    {"GRBG10P", "SGRBG10P"}, {"GBRG10P", "SGBRG10P"},
    {"BGGR10P", "SBGGR10P"},    {"RGGB12P", "SRGGB12P"}, {"GRBG12P", "SGRBG12P"},
    {"GBRG12P", "SGBRG12P"},    {"BGGR12P", "SBGGR12P"}, {"PAL8", "PAL8"},
};

// DRM's names have the order of the bits in a word, from the highest.
constexpr Macro kDrmMacros[] = {
    {"BGR24", "RGB888"},        {"RGB24", "BGR888"},
    {"BGRX32", "XRGB8888"},     {"BGRA32", "ARGB8888"},
    {"RGBX32", "XBGR8888"},     {"RGBA32", "ABGR8888"},
    {"XRGB32", "BGRX8888"},     {"ARGB32", "BGRA8888"},
    {"XBGR32", "RGBX8888"},     {"ABGR32", "RGBA8888"},
    {"RGB48", "BGR161616"},     {"BGR48", "RGB161616"},
    {"RGBA64", "ABGR16161616"}, {"BGRA64", "ARGB16161616"},
    {"RGBX64", "XBGR16161616"}, {"BGRX64", "XRGB16161616"},
    {"RGBF32", "BGR323232F"},   {"RGBAF32", "ABGR32323232F"},
    {"GRAYF32", "R32F"},        {"RGB565", "RGB565"},
    {"BGR565", "BGR565"},       {"RGB555", "XRGB1555"},
    {"BGR555", "XBGR1555"},     {"X2RGB10", "XRGB2101010"},
    {"X2BGR10", "XBGR2101010"}, {"A2RGB10", "ARGB2101010"},
    {"A2BGR10", "ABGR2101010"}, {"GRAY8", "R8"},
    {"GRAY10", "R10"},          {"GRAY12", "R12"},
    {"GRAY16", "R16"},          {"YUYV", "YUYV"},
    {"YVYU", "YVYU"},           {"UYVY", "UYVY"},
    {"VYUY", "VYUY"},           {"NV12", "NV12"},
    {"NV21", "NV21"},           {"NV16", "NV16"},
    {"NV61", "NV61"},           {"NV24", "NV24"},
    {"NV42", "NV42"},           {"P010", "P010"},
    {"P012", "P012"},           {"P016", "P016"},
    {"I420", "YUV420"},         {"YV12", "YVU420"},
    {"I422", "YUV422"},         {"I444", "YUV444"},
    {"S010", "S010"},           {"S210", "S210"},
    {"S410", "S410"},           {"S012", "S012"},
    {"S212", "S212"},           {"S412", "S412"},
    {"S016", "S016"},           {"S216", "S216"},
    {"S416", "S416"},
};

TEST(ForeignHeaders, Video4LinuxHasTheCodesOfTheTable) {
    const auto codes = codes_in("/usr/include/linux/videodev2.h", "V4L2_PIX_FMT_");
    if (codes.empty()) GTEST_SKIP() << "no linux/videodev2.h";
    std::set<std::string_view> named;
    for (const Macro& row : kV4l2Macros) {
        expect_codes(codes, row, &PixelFormatNames::v4l2);
        named.insert(row.name);
    }
    for (const PixelFormat& format : pixel_formats())
        EXPECT_EQ(named.contains(format.name), !format.foreign.v4l2.empty()) << format.name;
    for (const auto& [macro, code] : codes) {
        const auto found = find_pixel_format(code);
        const bool is_gstreamers = code == "Y444";  // Video4Linux: a word of 4-4-4 bits
        EXPECT_TRUE(!found || is_gstreamers || *found == number_of(code)) << macro;
    }
}

TEST(ForeignHeaders, DrmHasTheCodesOfTheTable) {
    const auto codes = codes_in("/usr/include/libdrm/drm_fourcc.h", "DRM_FORMAT_");
    if (codes.empty()) GTEST_SKIP() << "no libdrm/drm_fourcc.h";
    std::set<std::string_view> named;
    for (const Macro& row : kDrmMacros) {
        expect_codes(codes, row, &PixelFormatNames::drm);
        named.insert(row.name);
    }
    for (const PixelFormat& format : pixel_formats())
        EXPECT_EQ(named.contains(format.name), !format.foreign.drm.empty()) << format.name;
    // The same four characters mean something else in Video4Linux, or are a name of PFNC.
    const std::set<std::string> others = {"BA12", "RGB8", "BGR8"};
    for (const auto& [macro, code] : codes) {
        const auto found = find_pixel_format(code);
        EXPECT_TRUE(!found || others.contains(code) || pixel_format_names(*found).drm == code)
            << macro;
    }
}

}  // namespace
}  // namespace mapferry::testing

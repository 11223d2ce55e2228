// SPDX-License-Identifier: Apache-2.0
#include "mapferry/pixel_format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "format/pixel_table.h"
#include "mapferry/image.h"
#include "support/test_bytes.h"
#include "support/text_lines.h"

namespace mapferry {
namespace {

std::string with_letters(std::string_view text, int (*change)(int)) {
    std::string changed;
    std::ranges::transform(text, std::back_inserter(changed), [change](unsigned char letter) {
        return static_cast<char>(change(letter));
    });
    return changed;
}

std::vector<std::string_view> names_of(const PixelFormat& format) {
    const PixelFormatNames names = pixel_format_names(format.fourcc);
    std::vector<std::string_view> all = {names.name, names.ffmpeg, names.gstreamer,
                                         names.pfnc, names.v4l2,   names.drm};
    std::erase(all, "");
    return all;
}

// The names that pixel_format.h calls ambiguous.
bool is_ambiguous(std::string_view name) {
    const std::set<std::string_view> names = {"RGB16", "BGR16", "RG16", "RGBP"};
    return names.contains(name);
}

std::string padded(std::string_view code) {
    std::string text(code);
    text.resize(4, ' ');
    return text;
}

std::uint32_t code_of(const std::string& text) {
    return fourcc(text[0], text[1], text[2], text[3]);
}

TEST(PixelTable, CodesAndNamesAreUnique) {
    std::set<std::uint32_t> codes;
    std::set<std::string_view> names;
    for (const PixelFormat& format : pixel_formats()) {
        EXPECT_TRUE(codes.insert(format.fourcc).second) << format.name;
        EXPECT_TRUE(names.insert(format.name).second) << format.name;
    }
    EXPECT_EQ(codes.size(), pixel_formats().size());
}

TEST(PixelTable, CodesAreVideo4LinuxsThenDrmsThenOurs) {
    const std::set<std::string_view> ours = {"BGRF32", "PAL4",      "PAL2",
                                             "PAL1",   "BITFIELDS", "BMP64"};
    for (const PixelFormat& format : pixel_formats()) {
        if (format.pixels == Pixels::kEncoded) continue;
        const PixelFormatNames names = pixel_format_names(format.fourcc);
        EXPECT_EQ(names.v4l2.empty() && names.drm.empty(), ours.contains(format.name))
            << format.name;
        const std::string_view code = names.v4l2.empty() ? names.drm : names.v4l2;
        EXPECT_TRUE(code.empty() || code_of(padded(code)) == format.fourcc) << format.name;
    }
}

TEST(PixelTable, BitsOfPlanesAddUp) {
    struct Row {
        const char* name;
        std::uint32_t bits;
    };
    for (const Row& row :
         {Row{"NV12", 12}, Row{"I420", 12}, Row{"I422", 16}, Row{"NV16", 16}, Row{"I444", 24},
          Row{"P010", 24}, Row{"S416", 48}, Row{"YUYV", 16}, Row{"RGGB10P", 10}, Row{"GRAY12P", 12},
          Row{"RGBAF32", 128}, Row{"PAL1", 1}, Row{"BITFIELDS", 0}}) {
        const PixelFormat* format = find_format(find_pixel_format(row.name).value());
        EXPECT_EQ(format->bits_per_pixel, row.bits) << row.name;
    }
}

TEST(FindPixelFormat, KnowsEveryNameInItsOwnCase) {
    for (const PixelFormat& format : pixel_formats())
        for (const std::string_view name : names_of(format)) {
            const auto found = find_pixel_format(name);
            EXPECT_EQ(found, is_ambiguous(name) ? std::nullopt : std::optional(format.fourcc))
                << name;
        }
}

// Another case finds the same format or none, as "PGAA", which is "pgAA" and "pGAA".
TEST(FindPixelFormat, NeverFindsAnotherFormatInAnotherCase) {
    std::set<std::string> refused;
    for (const PixelFormat& format : pixel_formats())
        for (const std::string_view name : names_of(format))
            for (const auto change : {::tolower, ::toupper}) {
                const std::string changed = with_letters(name, change);
                const auto found = find_pixel_format(changed);
                EXPECT_EQ(found.value_or(format.fourcc), format.fourcc) << changed;
                if (!found) refused.insert(changed);
            }
    EXPECT_EQ(refused,
              (std::set<std::string>{"PGAA", "pgaa", "PGCC", "pgcc", "RG16", "rg16", "RGB16",
                                     "rgb16", "BGR16", "bgr16", "RGBP", "rgbp", "rgb8", "bgr8"}));
}

TEST(FindPixelFormat, TakesBlanksHyphensAndNamesWithoutByteOrder) {
    EXPECT_EQ(find_pixel_format("Y16 "), kFourccGray16);
    EXPECT_EQ(find_pixel_format("gray16-le"), kFourccGray16);
    EXPECT_EQ(find_pixel_format("gray16"), kFourccGray16);
    EXPECT_EQ(find_pixel_format("p010-10le"), kFourccP010);
    EXPECT_EQ(find_pixel_format("x2rgb10"), kFourccX2rgb10);
    EXPECT_EQ(find_pixel_format("yuv420p10"), kFourccS010);
    EXPECT_EQ(find_pixel_format("iyuv"), kFourccI420);
    EXPECT_EQ(find_pixel_format("YCbCr422_8"), kFourccYuyv);
}

TEST(FindPixelFormat, FindsNothingForOthers) {
    for (const char* name : {"", " ", "le", "gray16be", "yuv", "NV12M", "rgb8", "BGR24 x", "F"})
        EXPECT_FALSE(find_pixel_format(name)) << name;
    EXPECT_FALSE(find_pixel_format(std::string_view("BGR24\0", 6)));
}

TEST(PixelFormatNames, OfUnknownCodeAreEmpty) {
    const PixelFormatNames names = pixel_format_names(fourcc('N', 'E', 'W', '!'));
    EXPECT_TRUE(names.name.empty() && names.ffmpeg.empty() && names.drm.empty());
}

TEST(DescribeRawImage, TakesNamesOfOtherProjects) {
    for (const char* name : {"NV12", "nv12", "YCbCr420_8_YY_CbCr_Semiplanar"}) {
        const auto image = describe_raw_image(640, 480, name);
        ASSERT_TRUE(image) << name;
        EXPECT_EQ(image->fourcc, kFourccNv12);
        EXPECT_EQ(image->bits_per_pixel, 12u);
        EXPECT_EQ(image->row_stride_bytes, 640u);
        EXPECT_EQ(image->plane_count, 0u);
    }
}

TEST(DescribeRawImage, RefusesOthersWithAWayOut) {
    for (const char* name : {"PNG", "PAL1", "BITFIELDS", "RGB16", "nonsense"}) {
        const auto image = describe_raw_image(640, 480, name);
        ASSERT_FALSE(image) << name;
        EXPECT_EQ(image.error().code, Code::kUsage);
        EXPECT_NE(image.error().hint.find("NV12"), std::string::npos);
    }
}

// ---- docs/pixel_formats.md ---------------------------------------------------------------------

// "gray" -> " gray |", "R  F" -> " `R  F` |".
std::string cell(std::string_view text) {
    if (text.empty()) return " |";
    const bool has_blanks = text.contains(' ');
    return (has_blanks ? " `" : " ") + std::string(text) + (has_blanks ? "` |" : " |");
}

// The cells of a line of the page, without the one that people write.
struct PageLine {
    std::string begin;  // fourcc, name, bits
    std::string end;    // names of other projects
};

PageLine line_of(const PixelFormat& format) {
    std::string code;
    for (int shift = 0; shift < 32; shift += 8)
        code += static_cast<char>(format.fourcc >> shift & 0xFF);
    const std::uint32_t bits = format.bits_per_pixel;
    const auto& [ffmpeg, gstreamer, pfnc, v4l2, drm] = format.foreign;
    return {"| `" + code + "` |" + cell(format.name) + cell(bits ? std::to_string(bits) : "any"),
            " |" + cell(ffmpeg) + cell(gstreamer) + cell(pfnc) + cell(v4l2) + cell(drm)};
}

TEST(PixelFormatPage, HasEveryFormatOnceAndNoOther) {
    std::size_t seen = 0;
    std::set<std::string> begins;
    for (const std::string& line :
         testing::lines_of(testing::read_text(MAPFERRY_PIXEL_FORMATS_PAGE_PATH))) {
        if (!line.starts_with("| `")) continue;
        ++seen;
        const auto formats = pixel_formats();
        const auto found = std::ranges::find_if(formats, [&line](const PixelFormat& format) {
            return line.starts_with(line_of(format).begin);
        });
        ASSERT_NE(found, formats.end()) << line;
        EXPECT_TRUE(line.ends_with(line_of(*found).end)) << line << "\n" << line_of(*found).end;
        EXPECT_TRUE(begins.insert(line_of(*found).begin).second) << line;
    }
    EXPECT_EQ(seen, pixel_formats().size());
}

}  // namespace
}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
#include "format/pixel_table.h"

#include <algorithm>

namespace mapferry::inline v1 {

namespace {

using Planes = std::array<PlaneFormat, kImagePlanesMax>;

constexpr std::uint32_t count_of(const Planes& planes) {
    std::uint32_t count = 1;
    while (count < planes.size() && planes[count].bits != 0)
        ++count;
    return count;
}

// Of 4:2:0: 8 bits of Y, and a quarter of U and V.
constexpr std::uint32_t bits_of(const Planes& planes) {
    std::uint32_t bits = 0;
    for (const PlaneFormat& plane : planes)
        bits += 16u * plane.bits / plane.columns / plane.rows;
    return bits / 16;
}

constexpr PixelFormat raw(std::uint32_t fourcc, std::string_view name, SampleFormat samples,
                          const Planes& planes, const ForeignNames& foreign = {}) {
    return {.fourcc = fourcc,
            .name = name,
            .bits_per_pixel = bits_of(planes),
            .samples = samples,
            .plane_count = count_of(planes),
            .planes = planes,
            .foreign = foreign};
}

constexpr PixelFormat encoded(std::uint32_t fourcc, std::string_view name,
                              std::uint32_t bits_per_pixel) {
    return {.fourcc = fourcc,
            .name = name,
            .pixels = Pixels::kEncoded,
            .bits_per_pixel = bits_per_pixel};
}

// ---- samples -----------------------------------------------------------------------------------

constexpr SampleFormat kGrey8{1, 8, 8};
constexpr SampleFormat kRgb8{3, 8, 8};  // and YUV, and Bayer patterns
constexpr SampleFormat kRgba8{4, 8, 8};
constexpr SampleFormat kRgb10{3, 16, 10};
constexpr SampleFormat kRgb12{3, 16, 12};
constexpr SampleFormat kRgb16{3, 16, 16};
constexpr SampleFormat kRgba16{4, 16, 16};
constexpr SampleFormat kRgbPacked10{3, 10, 10, SampleValue::kPacked};
constexpr SampleFormat kRgbPacked12{3, 12, 12, SampleValue::kPacked};
constexpr SampleFormat kWords{3, 0, 0, SampleValue::kPacked};
constexpr SampleFormat kWordsWithAlpha{4, 0, 0, SampleValue::kPacked};
constexpr SampleFormat kIndices{1, 0, 0, SampleValue::kIndex};

constexpr SampleFormat grey(std::uint8_t bits, SampleValue value = SampleValue::kLow) {
    return {1, value == SampleValue::kPacked ? bits : std::uint8_t{16}, bits, value};
}
constexpr SampleFormat floats(std::uint8_t channels) {
    return {channels, 32, 32, SampleValue::kFloat};
}
constexpr SampleFormat high(std::uint8_t bits) {
    return {3, 16, bits, SampleValue::kHigh};
}

// ---- planes ------------------------------------------------------------------------------------

constexpr Planes one(std::uint8_t bits_per_pixel) {
    return {PlaneFormat{.bits = bits_per_pixel}};
}
constexpr Planes groups(std::uint8_t pixels, std::uint8_t bits) {
    return {PlaneFormat{.columns = pixels, .bits = bits}};
}
constexpr Planes kRaw10 = groups(4, 40);
constexpr Planes kRaw12 = groups(2, 24);
constexpr Planes kPairs = groups(2, 32);

struct Chroma {
    std::uint8_t columns;
    std::uint8_t rows;
};
constexpr Chroma k420{2, 2};
constexpr Chroma k422{2, 1};
constexpr Chroma k444{1, 1};

constexpr Planes two(Chroma chroma, std::uint8_t bits) {
    return {PlaneFormat{.bits = bits},
            PlaneFormat{chroma.columns, chroma.rows, static_cast<std::uint8_t>(2 * bits)}};
}
constexpr Planes three(Chroma chroma, std::uint8_t bits) {
    const PlaneFormat plane{chroma.columns, chroma.rows, bits};
    return {PlaneFormat{.bits = bits}, plane, plane};
}

// ---- the table ---------------------------------------------------------------------------------

// The names are in the order of ForeignNames.
constexpr std::array kPixelFormats = {
    raw(kFourccBgr24, "BGR24", kRgb8, one(24), {"bgr24", "BGR", "BGR8", "BGR3", "RG24"}),
    raw(kFourccRgb24, "RGB24", kRgb8, one(24), {"rgb24", "RGB", "RGB8", "RGB3", "BG24"}),
    raw(kFourccBgrx32, "BGRX32", kRgb8, one(32), {"bgr0", "BGRx", "", "XR24", "XR24"}),
    raw(kFourccBgra32, "BGRA32", kRgba8, one(32), {"bgra", "BGRA", "BGRa8", "AR24", "AR24"}),
    raw(kFourccRgbx32, "RGBX32", kRgb8, one(32), {"rgb0", "RGBx", "", "XB24", "XB24"}),
    raw(kFourccRgba32, "RGBA32", kRgba8, one(32), {"rgba", "RGBA", "RGBa8", "AB24", "AB24"}),
    raw(kFourccXrgb32, "XRGB32", kRgb8, one(32), {"0rgb", "xRGB", "", "BX24", "BX24"}),
    raw(kFourccArgb32, "ARGB32", kRgba8, one(32), {"argb", "ARGB", "", "BA24", "BA24"}),
    raw(kFourccXbgr32, "XBGR32", kRgb8, one(32), {"0bgr", "xBGR", "", "RX24", "RX24"}),
    raw(kFourccAbgr32, "ABGR32", kRgba8, one(32), {"abgr", "ABGR", "", "RA24", "RA24"}),
    raw(kFourccGray8, "GRAY8", kGrey8, one(8), {"gray", "GRAY8", "Mono8", "GREY", "R8"}),
    raw(kFourccGray10, "GRAY10", grey(10), one(16),
        {"gray10le", "GRAY10_LE16", "Mono10", "Y10", "R10"}),
    raw(kFourccGray12, "GRAY12", grey(12), one(16), {"gray12le", "", "Mono12", "Y12", "R12"}),
    raw(kFourccGray14, "GRAY14", grey(14), one(16), {"gray14le", "", "Mono14", "Y14"}),
    raw(kFourccGray16, "GRAY16", grey(16), one(16),
        {"gray16le", "GRAY16_LE", "Mono16", "Y16", "R16"}),
    raw(kFourccGrayf32, "GRAYF32", floats(1), one(32), {"grayf32le", "", "", "", "R  F"}),
    raw(kFourccGray10p, "GRAY10P", grey(10, SampleValue::kPacked), kRaw10, {"", "", "", "Y10P"}),
    raw(kFourccGray12p, "GRAY12P", grey(12, SampleValue::kPacked), kRaw12, {"", "", "", "Y12P"}),
    raw(kFourccRgb48, "RGB48", kRgb16, one(48), {"rgb48le", "", "RGB16", "RGB6", "BG48"}),
    raw(kFourccBgr48, "BGR48", kRgb16, one(48), {"bgr48le", "", "BGR16", "BGR6", "RG48"}),
    raw(kFourccRgba64, "RGBA64", kRgba16, one(64), {"rgba64le", "RGBA64_LE", "RGBa16", "", "AB48"}),
    raw(kFourccBgra64, "BGRA64", kRgba16, one(64), {"bgra64le", "BGRA64_LE", "BGRa16", "", "AR48"}),
    raw(kFourccRgbx64, "RGBX64", kRgb16, one(64), {"", "", "", "", "XB48"}),
    raw(kFourccBgrx64, "BGRX64", kRgb16, one(64), {"", "", "", "", "XR48"}),
    raw(kFourccRgbf32, "RGBF32", floats(3), one(96), {"rgbf32le", "", "", "", "BGRF"}),
    raw(kFourccBgrf32, "BGRF32", floats(3), one(96)),
    raw(kFourccRgbaf32, "RGBAF32", floats(4), one(128), {"rgbaf32le", "", "", "", "AB8F"}),
    raw(kFourccRgb565, "RGB565", kWords, one(16), {"rgb565le", "RGB16", "", "RGBP", "RG16"}),
    raw(kFourccBgr565, "BGR565", kWords, one(16), {"bgr565le", "BGR16", "", "", "BG16"}),
    raw(kFourccRgb555, "RGB555", kWords, one(16), {"rgb555le", "RGB15", "", "XR15", "XR15"}),
    raw(kFourccBgr555, "BGR555", kWords, one(16), {"bgr555le", "BGR15", "", "XB15", "XB15"}),
    raw(kFourccX2rgb10, "X2RGB10", kRgbPacked10, one(32),
        {"x2rgb10le", "BGR10x2_LE", "", "", "XR30"}),
    raw(kFourccX2bgr10, "X2BGR10", kRgbPacked10, one(32),
        {"x2bgr10le", "RGB10x2_LE", "", "", "XB30"}),
    raw(kFourccA2rgb10, "A2RGB10", kWordsWithAlpha, one(32),
        {"", "BGR10A2_LE", "", "AR30", "AR30"}),
    raw(kFourccA2bgr10, "A2BGR10", kWordsWithAlpha, one(32), {"", "RGB10A2_LE", "", "", "AB30"}),
    raw(kFourccYuyv, "YUYV", kRgb8, kPairs, {"yuyv422", "YUY2", "YUV422_8", "YUYV", "YUYV"}),
    raw(kFourccYvyu, "YVYU", kRgb8, kPairs, {"yvyu422", "YVYU", "", "YVYU", "YVYU"}),
    raw(kFourccUyvy, "UYVY", kRgb8, kPairs, {"uyvy422", "UYVY", "YUV422_8_UYVY", "UYVY", "UYVY"}),
    raw(kFourccVyuy, "VYUY", kRgb8, kPairs, {"", "VYUY", "", "VYUY", "VYUY"}),
    raw(kFourccNv12, "NV12", kRgb8, two(k420, 8),
        {"nv12", "NV12", "YCbCr420_8_YY_CbCr_Semiplanar", "NV12", "NV12"}),
    raw(kFourccNv21, "NV21", kRgb8, two(k420, 8),
        {"nv21", "NV21", "YCbCr420_8_YY_CrCb_Semiplanar", "NV21", "NV21"}),
    raw(kFourccNv16, "NV16", kRgb8, two(k422, 8),
        {"nv16", "NV16", "YCbCr422_8_YY_CbCr_Semiplanar", "NV16", "NV16"}),
    raw(kFourccNv61, "NV61", kRgb8, two(k422, 8),
        {"", "NV61", "YCbCr422_8_YY_CrCb_Semiplanar", "NV61", "NV61"}),
    raw(kFourccNv24, "NV24", kRgb8, two(k444, 8), {"nv24", "NV24", "", "NV24", "NV24"}),
    raw(kFourccNv42, "NV42", kRgb8, two(k444, 8), {"nv42", "", "", "NV42", "NV42"}),
    raw(kFourccP010, "P010", high(10), two(k420, 16), {"p010le", "P010_10LE", "", "P010", "P010"}),
    raw(kFourccP012, "P012", high(12), two(k420, 16), {"p012le", "P012_LE", "", "P012", "P012"}),
    raw(kFourccP016, "P016", high(16), two(k420, 16), {"p016le", "P016_LE", "", "", "P016"}),
    raw(kFourccI420, "I420", kRgb8, three(k420, 8), {"yuv420p", "I420", "", "YU12", "YU12"}),
    raw(kFourccYv12, "YV12", kRgb8, three(k420, 8), {"", "YV12", "", "YV12", "YV12"}),
    raw(kFourccI422, "I422", kRgb8, three(k422, 8), {"yuv422p", "Y42B", "", "422P", "YU16"}),
    raw(kFourccI444, "I444", kRgb8, three(k444, 8), {"yuv444p", "Y444", "", "", "YU24"}),
    raw(kFourccS010, "S010", kRgb10, three(k420, 16), {"yuv420p10le", "I420_10LE", "", "", "S010"}),
    raw(kFourccS210, "S210", kRgb10, three(k422, 16), {"yuv422p10le", "I422_10LE", "", "", "S210"}),
    raw(kFourccS410, "S410", kRgb10, three(k444, 16), {"yuv444p10le", "Y444_10LE", "", "", "S410"}),
    raw(kFourccS012, "S012", kRgb12, three(k420, 16), {"yuv420p12le", "I420_12LE", "", "", "S012"}),
    raw(kFourccS212, "S212", kRgb12, three(k422, 16), {"yuv422p12le", "I422_12LE", "", "", "S212"}),
    raw(kFourccS412, "S412", kRgb12, three(k444, 16), {"yuv444p12le", "Y444_12LE", "", "", "S412"}),
    raw(kFourccS016, "S016", kRgb16, three(k420, 16), {"yuv420p16le", "", "", "", "S016"}),
    raw(kFourccS216, "S216", kRgb16, three(k422, 16), {"yuv422p16le", "", "", "", "S216"}),
    raw(kFourccS416, "S416", kRgb16, three(k444, 16), {"yuv444p16le", "Y444_16LE", "", "", "S416"}),
    raw(kFourccRggb8, "RGGB8", kRgb8, one(8), {"bayer_rggb8", "rggb", "BayerRG8", "RGGB"}),
    raw(kFourccGrbg8, "GRBG8", kRgb8, one(8), {"bayer_grbg8", "grbg", "BayerGR8", "GRBG"}),
    raw(kFourccGbrg8, "GBRG8", kRgb8, one(8), {"bayer_gbrg8", "gbrg", "BayerGB8", "GBRG"}),
    raw(kFourccBggr8, "BGGR8", kRgb8, one(8), {"bayer_bggr8", "bggr", "BayerBG8", "BA81"}),
    raw(kFourccRggb10, "RGGB10", kRgb10, one(16), {"", "rggb10le", "BayerRG10", "RG10"}),
    raw(kFourccGrbg10, "GRBG10", kRgb10, one(16), {"", "grbg10le", "BayerGR10", "BA10"}),
    raw(kFourccGbrg10, "GBRG10", kRgb10, one(16), {"", "gbrg10le", "BayerGB10", "GB10"}),
    raw(kFourccBggr10, "BGGR10", kRgb10, one(16), {"", "bggr10le", "BayerBG10", "BG10"}),
    raw(kFourccRggb12, "RGGB12", kRgb12, one(16), {"", "rggb12le", "BayerRG12", "RG12"}),
    raw(kFourccGrbg12, "GRBG12", kRgb12, one(16), {"", "grbg12le", "BayerGR12", "BA12"}),
    raw(kFourccGbrg12, "GBRG12", kRgb12, one(16), {"", "gbrg12le", "BayerGB12", "GB12"}),
    raw(kFourccBggr12, "BGGR12", kRgb12, one(16), {"", "bggr12le", "BayerBG12", "BG12"}),
    raw(kFourccRggb16, "RGGB16", kRgb16, one(16),
        {"bayer_rggb16le", "rggb16le", "BayerRG16", "RG16"}),
    raw(kFourccGrbg16, "GRBG16", kRgb16, one(16),
        {"bayer_grbg16le", "grbg16le", "BayerGR16", "GR16"}),
    raw(kFourccGbrg16, "GBRG16", kRgb16, one(16),
        {"bayer_gbrg16le", "gbrg16le", "BayerGB16", "GB16"}),
    raw(kFourccBggr16, "BGGR16", kRgb16, one(16),
        {"bayer_bggr16le", "bggr16le", "BayerBG16", "BYR2"}),
    raw(kFourccRggb10p, "RGGB10P", kRgbPacked10, kRaw10, {"", "", "", "pRAA"}),
    raw(kFourccGrbg10p, "GRBG10P", kRgbPacked10, kRaw10, {"", "", "", "pgAA"}),
    raw(kFourccGbrg10p, "GBRG10P", kRgbPacked10, kRaw10, {"", "", "", "pGAA"}),
    raw(kFourccBggr10p, "BGGR10P", kRgbPacked10, kRaw10, {"", "", "", "pBAA"}),
    raw(kFourccRggb12p, "RGGB12P", kRgbPacked12, kRaw12, {"", "", "", "pRCC"}),
    raw(kFourccGrbg12p, "GRBG12P", kRgbPacked12, kRaw12, {"", "", "", "pgCC"}),
    raw(kFourccGbrg12p, "GBRG12P", kRgbPacked12, kRaw12, {"", "", "", "pGCC"}),
    raw(kFourccBggr12p, "BGGR12P", kRgbPacked12, kRaw12, {"", "", "", "pBCC"}),
    raw(kFourccPal8, "PAL8", kIndices, one(8), {"", "", "", "PAL8"}),
    raw(kFourccPal4, "PAL4", kIndices, one(4)),
    raw(kFourccPal2, "PAL2", kIndices, one(2)),
    raw(kFourccPal1, "PAL1", kIndices, one(1)),
    raw(kFourccBitfields, "BITFIELDS", kIndices, one(0)),
    raw(kFourccBmp64, "BMP64", kIndices, one(0)),
    encoded(kFourccRle8, "RLE8", 8),
    encoded(kFourccRle4, "RLE4", 4),
    encoded(kFourccRle24, "RLE24", 24),
    encoded(kFourccHuffman, "HUFFMAN", 1),
    encoded(kFourccBmp, "BMP", 0),
    encoded(kFourccPng, "PNG", 0),
    encoded(kFourccJpeg, "JPEG", 0),
    encoded(kFourccGif, "GIF", 0),
    encoded(kFourccPnm, "PNM", 0),
};

}  // namespace

std::span<const PixelFormat> pixel_formats() {
    return kPixelFormats;
}

const PixelFormat* find_format(std::uint32_t fourcc) {
    const auto found = std::ranges::find(kPixelFormats, fourcc, &PixelFormat::fourcc);
    return found == kPixelFormats.end() ? nullptr : &*found;
}

}  // namespace mapferry::inline v1

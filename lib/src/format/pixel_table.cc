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
                          const Planes& planes) {
    return {.fourcc = fourcc,
            .name = name,
            .bits_per_pixel = bits_of(planes),
            .samples = samples,
            .plane_count = count_of(planes),
            .planes = planes};
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

constexpr std::array kPixelFormats = {
    raw(kFourccBgr24, "BGR24", kRgb8, one(24)),
    raw(kFourccRgb24, "RGB24", kRgb8, one(24)),
    raw(kFourccBgrx32, "BGRX32", kRgb8, one(32)),
    raw(kFourccBgra32, "BGRA32", kRgba8, one(32)),
    raw(kFourccRgbx32, "RGBX32", kRgb8, one(32)),
    raw(kFourccRgba32, "RGBA32", kRgba8, one(32)),
    raw(kFourccXrgb32, "XRGB32", kRgb8, one(32)),
    raw(kFourccArgb32, "ARGB32", kRgba8, one(32)),
    raw(kFourccXbgr32, "XBGR32", kRgb8, one(32)),
    raw(kFourccAbgr32, "ABGR32", kRgba8, one(32)),
    raw(kFourccGray8, "GRAY8", kGrey8, one(8)),
    raw(kFourccGray10, "GRAY10", grey(10), one(16)),
    raw(kFourccGray12, "GRAY12", grey(12), one(16)),
    raw(kFourccGray14, "GRAY14", grey(14), one(16)),
    raw(kFourccGray16, "GRAY16", grey(16), one(16)),
    raw(kFourccGrayf32, "GRAYF32", floats(1), one(32)),
    raw(kFourccGray10p, "GRAY10P", grey(10, SampleValue::kPacked), kRaw10),
    raw(kFourccGray12p, "GRAY12P", grey(12, SampleValue::kPacked), kRaw12),
    raw(kFourccRgb48, "RGB48", kRgb16, one(48)),
    raw(kFourccBgr48, "BGR48", kRgb16, one(48)),
    raw(kFourccRgba64, "RGBA64", kRgba16, one(64)),
    raw(kFourccBgra64, "BGRA64", kRgba16, one(64)),
    raw(kFourccRgbx64, "RGBX64", kRgb16, one(64)),
    raw(kFourccBgrx64, "BGRX64", kRgb16, one(64)),
    raw(kFourccRgbf32, "RGBF32", floats(3), one(96)),
    raw(kFourccBgrf32, "BGRF32", floats(3), one(96)),
    raw(kFourccRgbaf32, "RGBAF32", floats(4), one(128)),
    raw(kFourccRgb565, "RGB565", kWords, one(16)),
    raw(kFourccRgb555, "RGB555", kWords, one(16)),
    raw(kFourccX2rgb10, "X2RGB10", kRgbPacked10, one(32)),
    raw(kFourccX2bgr10, "X2BGR10", kRgbPacked10, one(32)),
    raw(kFourccA2rgb10, "A2RGB10", {4, 0, 0, SampleValue::kPacked}, one(32)),
    raw(kFourccA2bgr10, "A2BGR10", {4, 0, 0, SampleValue::kPacked}, one(32)),
    raw(kFourccYuyv, "YUYV", kRgb8, kPairs),
    raw(kFourccYvyu, "YVYU", kRgb8, kPairs),
    raw(kFourccUyvy, "UYVY", kRgb8, kPairs),
    raw(kFourccVyuy, "VYUY", kRgb8, kPairs),
    raw(kFourccNv12, "NV12", kRgb8, two(k420, 8)),
    raw(kFourccNv21, "NV21", kRgb8, two(k420, 8)),
    raw(kFourccNv16, "NV16", kRgb8, two(k422, 8)),
    raw(kFourccNv61, "NV61", kRgb8, two(k422, 8)),
    raw(kFourccNv24, "NV24", kRgb8, two(k444, 8)),
    raw(kFourccNv42, "NV42", kRgb8, two(k444, 8)),
    raw(kFourccP010, "P010", high(10), two(k420, 16)),
    raw(kFourccP012, "P012", high(12), two(k420, 16)),
    raw(kFourccP016, "P016", high(16), two(k420, 16)),
    raw(kFourccI420, "I420", kRgb8, three(k420, 8)),
    raw(kFourccYv12, "YV12", kRgb8, three(k420, 8)),
    raw(kFourccI422, "I422", kRgb8, three(k422, 8)),
    raw(kFourccI444, "I444", kRgb8, three(k444, 8)),
    raw(kFourccS010, "S010", kRgb10, three(k420, 16)),
    raw(kFourccS210, "S210", kRgb10, three(k422, 16)),
    raw(kFourccS410, "S410", kRgb10, three(k444, 16)),
    raw(kFourccS012, "S012", kRgb12, three(k420, 16)),
    raw(kFourccS212, "S212", kRgb12, three(k422, 16)),
    raw(kFourccS412, "S412", kRgb12, three(k444, 16)),
    raw(kFourccS016, "S016", kRgb16, three(k420, 16)),
    raw(kFourccS216, "S216", kRgb16, three(k422, 16)),
    raw(kFourccS416, "S416", kRgb16, three(k444, 16)),
    raw(kFourccRggb8, "RGGB8", kRgb8, one(8)),
    raw(kFourccGrbg8, "GRBG8", kRgb8, one(8)),
    raw(kFourccGbrg8, "GBRG8", kRgb8, one(8)),
    raw(kFourccBggr8, "BGGR8", kRgb8, one(8)),
    raw(kFourccRggb10, "RGGB10", kRgb10, one(16)),
    raw(kFourccGrbg10, "GRBG10", kRgb10, one(16)),
    raw(kFourccGbrg10, "GBRG10", kRgb10, one(16)),
    raw(kFourccBggr10, "BGGR10", kRgb10, one(16)),
    raw(kFourccRggb12, "RGGB12", kRgb12, one(16)),
    raw(kFourccGrbg12, "GRBG12", kRgb12, one(16)),
    raw(kFourccGbrg12, "GBRG12", kRgb12, one(16)),
    raw(kFourccBggr12, "BGGR12", kRgb12, one(16)),
    raw(kFourccRggb16, "RGGB16", kRgb16, one(16)),
    raw(kFourccGrbg16, "GRBG16", kRgb16, one(16)),
    raw(kFourccGbrg16, "GBRG16", kRgb16, one(16)),
    raw(kFourccBggr16, "BGGR16", kRgb16, one(16)),
    raw(kFourccRggb10p, "RGGB10P", kRgbPacked10, kRaw10),
    raw(kFourccGrbg10p, "GRBG10P", kRgbPacked10, kRaw10),
    raw(kFourccGbrg10p, "GBRG10P", kRgbPacked10, kRaw10),
    raw(kFourccBggr10p, "BGGR10P", kRgbPacked10, kRaw10),
    raw(kFourccRggb12p, "RGGB12P", kRgbPacked12, kRaw12),
    raw(kFourccGrbg12p, "GRBG12P", kRgbPacked12, kRaw12),
    raw(kFourccGbrg12p, "GBRG12P", kRgbPacked12, kRaw12),
    raw(kFourccBggr12p, "BGGR12P", kRgbPacked12, kRaw12),
    raw(kFourccPal8, "PAL8", kIndices, one(8)),
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

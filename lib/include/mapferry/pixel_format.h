// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pixel formats and their codes.
///
///     // The codes are those of Video4Linux and DRM, so a camera's needs no translation.
///     mapferry::ImageDescription of_camera(std::uint32_t pixelformat, std::uint32_t width,
///                                          std::uint32_t height) {
///         const std::string format = mapferry::pixel_format_name(pixelformat);
///         auto image = mapferry::describe_raw_image(width, height, format);
///         if (image) return *image;
///         return {.width = width, .height = height, .fourcc = pixelformat};
///     }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mapferry::inline v1 {

/// Four characters as one little-endian number: fourcc('B','G','R','3').
[[nodiscard]] constexpr std::uint32_t fourcc(char a, char b, char c, char d) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(a)) |
           static_cast<std::uint32_t>(static_cast<unsigned char>(b)) << 8 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(d)) << 24;
}

/// The codes of raw formats are those of Video4Linux (linux/videodev2.h, formats in one buffer), or
/// those of DRM (drm_fourcc.h) where Video4Linux has none. A name gives the order in memory, a byte
/// each if nothing else is said. Larger values are little-endian.
///
/// Red, green and blue, 8 bits each.
inline constexpr std::uint32_t kFourccBgr24 = fourcc('B', 'G', 'R', '3');   ///< B, G, R
inline constexpr std::uint32_t kFourccRgb24 = fourcc('R', 'G', 'B', '3');   ///< R, G, B
inline constexpr std::uint32_t kFourccBgrx32 = fourcc('X', 'R', '2', '4');  ///< B, G, R, unused
inline constexpr std::uint32_t kFourccBgra32 = fourcc('A', 'R', '2', '4');  ///< B, G, R, alpha
inline constexpr std::uint32_t kFourccRgbx32 = fourcc('X', 'B', '2', '4');  ///< R, G, B, unused
inline constexpr std::uint32_t kFourccRgba32 = fourcc('A', 'B', '2', '4');  ///< R, G, B, alpha
inline constexpr std::uint32_t kFourccXrgb32 = fourcc('B', 'X', '2', '4');  ///< unused, R, G, B
inline constexpr std::uint32_t kFourccArgb32 = fourcc('B', 'A', '2', '4');  ///< alpha, R, G, B
inline constexpr std::uint32_t kFourccXbgr32 = fourcc('R', 'X', '2', '4');  ///< unused, B, G, R
inline constexpr std::uint32_t kFourccAbgr32 = fourcc('R', 'A', '2', '4');  ///< alpha, B, G, R

/// 16 bits each.
inline constexpr std::uint32_t kFourccRgb48 = fourcc('R', 'G', 'B', '6');   ///< R, G, B
inline constexpr std::uint32_t kFourccBgr48 = fourcc('B', 'G', 'R', '6');   ///< B, G, R
inline constexpr std::uint32_t kFourccRgba64 = fourcc('A', 'B', '4', '8');  ///< R, G, B, alpha
inline constexpr std::uint32_t kFourccBgra64 = fourcc('A', 'R', '4', '8');  ///< B, G, R, alpha
inline constexpr std::uint32_t kFourccRgbx64 = fourcc('X', 'B', '4', '8');  ///< R, G, B, unused
inline constexpr std::uint32_t kFourccBgrx64 = fourcc('X', 'R', '4', '8');  ///< B, G, R, unused

/// Floating-point numbers of 32 bits each (IEEE 754). The code of BGR is mapferry's own: it is that
/// of RGB with the letters turned around, as DRM has it for other pairs.
inline constexpr std::uint32_t kFourccRgbf32 = fourcc('B', 'G', 'R', 'F');   ///< R, G, B
inline constexpr std::uint32_t kFourccBgrf32 = fourcc('R', 'G', 'B', 'F');   ///< B, G, R
inline constexpr std::uint32_t kFourccRgbaf32 = fourcc('A', 'B', '8', 'F');  ///< R, G, B, alpha

/// A word for each pixel. The name has its bits from the highest to the lowest.
inline constexpr std::uint32_t kFourccRgb565 = fourcc('R', 'G', 'B', 'P');   ///< 16 bits
inline constexpr std::uint32_t kFourccBgr565 = fourcc('B', 'G', '1', '6');   ///< 16 bits
inline constexpr std::uint32_t kFourccRgb555 = fourcc('X', 'R', '1', '5');   ///< 16, highest unused
inline constexpr std::uint32_t kFourccBgr555 = fourcc('X', 'B', '1', '5');   ///< 16, highest unused
inline constexpr std::uint32_t kFourccX2rgb10 = fourcc('X', 'R', '3', '0');  ///< 32 bits
inline constexpr std::uint32_t kFourccX2bgr10 = fourcc('X', 'B', '3', '0');
inline constexpr std::uint32_t kFourccA2rgb10 = fourcc('A', 'R', '3', '0');
inline constexpr std::uint32_t kFourccA2bgr10 = fourcc('A', 'B', '3', '0');

/// Grey. 10, 12 and 14 bits are in the low bits of 16.
inline constexpr std::uint32_t kFourccGray8 = fourcc('G', 'R', 'E', 'Y');
inline constexpr std::uint32_t kFourccGray10 = fourcc('Y', '1', '0', ' ');
inline constexpr std::uint32_t kFourccGray12 = fourcc('Y', '1', '2', ' ');
inline constexpr std::uint32_t kFourccGray14 = fourcc('Y', '1', '4', ' ');
inline constexpr std::uint32_t kFourccGray16 = fourcc('Y', '1', '6', ' ');
inline constexpr std::uint32_t kFourccGrayf32 = fourcc('R', ' ', ' ', 'F');  ///< IEEE 754
inline constexpr std::uint32_t kFourccGray10p = fourcc('Y', '1', '0', 'P');  ///< packed as RAW10
inline constexpr std::uint32_t kFourccGray12p = fourcc('Y', '1', '2', 'P');  ///< packed as RAW12

/// Bayer patterns: what a sensor with a colour filter sees, one sample a pixel. The name has the
/// colours of the top left four pixels, row after row. 10 and 12 bits are in the low bits of 16.
inline constexpr std::uint32_t kFourccRggb8 = fourcc('R', 'G', 'G', 'B');
inline constexpr std::uint32_t kFourccGrbg8 = fourcc('G', 'R', 'B', 'G');
inline constexpr std::uint32_t kFourccGbrg8 = fourcc('G', 'B', 'R', 'G');
inline constexpr std::uint32_t kFourccBggr8 = fourcc('B', 'A', '8', '1');
inline constexpr std::uint32_t kFourccRggb10 = fourcc('R', 'G', '1', '0');
inline constexpr std::uint32_t kFourccGrbg10 = fourcc('B', 'A', '1', '0');
inline constexpr std::uint32_t kFourccGbrg10 = fourcc('G', 'B', '1', '0');
inline constexpr std::uint32_t kFourccBggr10 = fourcc('B', 'G', '1', '0');
inline constexpr std::uint32_t kFourccRggb12 = fourcc('R', 'G', '1', '2');
inline constexpr std::uint32_t kFourccGrbg12 = fourcc('B', 'A', '1', '2');
inline constexpr std::uint32_t kFourccGbrg12 = fourcc('G', 'B', '1', '2');
inline constexpr std::uint32_t kFourccBggr12 = fourcc('B', 'G', '1', '2');
inline constexpr std::uint32_t kFourccRggb16 = fourcc('R', 'G', '1', '6');
inline constexpr std::uint32_t kFourccGrbg16 = fourcc('G', 'R', '1', '6');
inline constexpr std::uint32_t kFourccGbrg16 = fourcc('G', 'B', '1', '6');
inline constexpr std::uint32_t kFourccBggr16 = fourcc('B', 'Y', 'R', '2');

/// The same in MIPI's packing. RAW10: four bytes have the high bits of four pixels, and a fifth
/// has their low bits. RAW12: two bytes, and a third for both. A row ends with a whole group.
inline constexpr std::uint32_t kFourccRggb10p = fourcc('p', 'R', 'A', 'A');
inline constexpr std::uint32_t kFourccGrbg10p = fourcc('p', 'g', 'A', 'A');
inline constexpr std::uint32_t kFourccGbrg10p = fourcc('p', 'G', 'A', 'A');
inline constexpr std::uint32_t kFourccBggr10p = fourcc('p', 'B', 'A', 'A');
inline constexpr std::uint32_t kFourccRggb12p = fourcc('p', 'R', 'C', 'C');
inline constexpr std::uint32_t kFourccGrbg12p = fourcc('p', 'g', 'C', 'C');
inline constexpr std::uint32_t kFourccGbrg12p = fourcc('p', 'G', 'C', 'C');
inline constexpr std::uint32_t kFourccBggr12p = fourcc('p', 'B', 'C', 'C');

/// YUV, 4:2:2, in one plane: two pixels share U and V. A row has whole pairs.
inline constexpr std::uint32_t kFourccYuyv = fourcc('Y', 'U', 'Y', 'V');
inline constexpr std::uint32_t kFourccYvyu = fourcc('Y', 'V', 'Y', 'U');
inline constexpr std::uint32_t kFourccUyvy = fourcc('U', 'Y', 'V', 'Y');
inline constexpr std::uint32_t kFourccVyuy = fourcc('V', 'Y', 'U', 'Y');

/// YUV, a plane of Y and one of pairs.
inline constexpr std::uint32_t kFourccNv12 = fourcc('N', 'V', '1', '2');  ///< 4:2:0, U and V
inline constexpr std::uint32_t kFourccNv21 = fourcc('N', 'V', '2', '1');  ///< 4:2:0, V and U
inline constexpr std::uint32_t kFourccNv16 = fourcc('N', 'V', '1', '6');  ///< 4:2:2, U and V
inline constexpr std::uint32_t kFourccNv61 = fourcc('N', 'V', '6', '1');  ///< 4:2:2, V and U
inline constexpr std::uint32_t kFourccNv24 = fourcc('N', 'V', '2', '4');  ///< 4:4:4, U and V
inline constexpr std::uint32_t kFourccNv42 = fourcc('N', 'V', '4', '2');  ///< 4:4:4, V and U
/// 4:2:0, U and V; 10 and 12 bits are in the HIGH bits of 16.
inline constexpr std::uint32_t kFourccP010 = fourcc('P', '0', '1', '0');
inline constexpr std::uint32_t kFourccP012 = fourcc('P', '0', '1', '2');
inline constexpr std::uint32_t kFourccP016 = fourcc('P', '0', '1', '6');

/// YUV, a plane each: Y, U, V. YV12: Y, V, U.
inline constexpr std::uint32_t kFourccI420 = fourcc('Y', 'U', '1', '2');
inline constexpr std::uint32_t kFourccYv12 = fourcc('Y', 'V', '1', '2');
inline constexpr std::uint32_t kFourccI422 = fourcc('4', '2', '2', 'P');
inline constexpr std::uint32_t kFourccI444 = fourcc('Y', 'U', '2', '4');
/// S0..: 4:2:0, S2..: 4:2:2, S4..: 4:4:4. 10 and 12 bits are in the low bits of 16.
inline constexpr std::uint32_t kFourccS010 = fourcc('S', '0', '1', '0');
inline constexpr std::uint32_t kFourccS210 = fourcc('S', '2', '1', '0');
inline constexpr std::uint32_t kFourccS410 = fourcc('S', '4', '1', '0');
inline constexpr std::uint32_t kFourccS012 = fourcc('S', '0', '1', '2');
inline constexpr std::uint32_t kFourccS212 = fourcc('S', '2', '1', '2');
inline constexpr std::uint32_t kFourccS412 = fourcc('S', '4', '1', '2');
inline constexpr std::uint32_t kFourccS016 = fourcc('S', '0', '1', '6');
inline constexpr std::uint32_t kFourccS216 = fourcc('S', '2', '1', '6');
inline constexpr std::uint32_t kFourccS416 = fourcc('S', '4', '1', '6');

/// What bitmap files have. These codes are mapferry's own, except for PAL8.
inline constexpr std::uint32_t kFourccPal8 = fourcc('P', 'A', 'L', '8');  ///< 8 bit palette index
inline constexpr std::uint32_t kFourccPal4 = fourcc('P', 'A', 'L', '4');  ///< 4 bit palette index
inline constexpr std::uint32_t kFourccPal2 = fourcc('P', 'A', 'L', '2');  ///< 2 bit palette index
inline constexpr std::uint32_t kFourccPal1 = fourcc('P', 'A', 'L', '1');  ///< 1 bit palette index
inline constexpr std::uint32_t kFourccBitfields =
    fourcc('B', 'M', 'S', 'K');                                            ///< BMP with odd masks
inline constexpr std::uint32_t kFourccBmp64 = fourcc('B', 'M', '6', '4');  ///< BMP, 64 bits, linear
inline constexpr std::uint32_t kFourccRle8 = fourcc('R', 'L', 'E', '8');   ///< BMP run lengths
inline constexpr std::uint32_t kFourccRle4 = fourcc('R', 'L', 'E', '4');
inline constexpr std::uint32_t kFourccRle24 = fourcc('R', 'L', '2', '4');    ///< of OS/2
inline constexpr std::uint32_t kFourccHuffman = fourcc('H', 'U', 'F', '1');  ///< of OS/2, 1 bit

/// Encoded: the payload is a whole file.
inline constexpr std::uint32_t kFourccBmp = fourcc('B', 'M', 'P', ' ');
inline constexpr std::uint32_t kFourccPng = fourcc('P', 'N', 'G', ' ');
inline constexpr std::uint32_t kFourccJpeg = fourcc('J', 'P', 'E', 'G');
inline constexpr std::uint32_t kFourccGif = fourcc('G', 'I', 'F', ' ');
inline constexpr std::uint32_t kFourccPnm = fourcc('P', 'N', 'M', ' ');  ///< PPM or PGM

/// "BGR24", "PNG", "RLE8"; for an unknown code its four characters, escaped.
[[nodiscard]] std::string pixel_format_name(std::uint32_t fourcc);

/// What programs call a format; empty where they have no name for it. The texts are literals.
struct PixelFormatNames {
    std::string_view name;       ///< mapferry's
    std::string_view ffmpeg;     ///< `ffmpeg -pix_fmts`
    std::string_view gstreamer;  ///< of video/x-raw; in lower case of video/x-bayer
    std::string_view pfnc;       ///< of GenICam's cameras
    std::string_view v4l2;       ///< the four characters, without blanks at the end
    std::string_view drm;
};
/// All are empty for a code that is not in this header.
[[nodiscard]] PixelFormatNames pixel_format_names(std::uint32_t fourcc);

/// Returns the format of any of these names: "NV12", "yuv420p", "GRAY16_LE", "BayerRG8", "XR24".
/// FFmpeg's names may do without "le", and GStreamer's may have hyphens ("gray16-le"). A name in
/// its own case goes before one in another case. Nothing for a name that is unknown, or ambiguous:
///   RGB16, BGR16   PFNC: 48 bits; GStreamer: 5-6-5
///   RG16           Video4Linux: RGGB16; DRM: RGB565
///   RGBP           Video4Linux: RGB565; GStreamer: planes of red, green and blue
///   rgb8, bgr8     FFmpeg: 3-3-2; the names of PFNC are RGB8 and BGR8
/// Y444 is GStreamer's I444, not Video4Linux's word of 4-4-4 bits.
[[nodiscard]] std::optional<std::uint32_t> find_pixel_format(std::string_view name);

}  // namespace mapferry::inline v1

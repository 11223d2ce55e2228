// SPDX-License-Identifier: Apache-2.0
/// \file
/// The description of an image: its shape and pixel format, but not the pixels.
///
///     mapferry::Result<mapferry::ImageDescription> describe_camera() {
///         auto image = mapferry::describe_raw_image(1918, 1080, "BGR24");
///         if (!image) return image;
///         image->row_stride_bytes = 5760;  // this camera's rows have six bytes of padding
///         auto sound = mapferry::check_image(*image);
///         if (!sound) return std::unexpected(sound.error());
///         return image;
///     }
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Four characters as one little-endian number: fourcc('B','G','R','3').
[[nodiscard]] constexpr std::uint32_t fourcc(char a, char b, char c, char d) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(a)) |
           static_cast<std::uint32_t>(static_cast<unsigned char>(b)) << 8 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16 |
           static_cast<std::uint32_t>(static_cast<unsigned char>(d)) << 24;
}

/// Pixel formats. The codes of raw formats are those of Video4Linux (kernel documentation, "Image
/// Formats"). A name gives the order of the bytes in memory. Values of 16 bits are little-endian.
/// The code of RGBA64 is that of DRM, because Video4Linux has none.
inline constexpr std::uint32_t kFourccBgr24 = fourcc('B', 'G', 'R', '3');   ///< B, G, R
inline constexpr std::uint32_t kFourccRgb24 = fourcc('R', 'G', 'B', '3');   ///< R, G, B
inline constexpr std::uint32_t kFourccBgrx32 = fourcc('X', 'R', '2', '4');  ///< B, G, R, unused
inline constexpr std::uint32_t kFourccBgra32 = fourcc('A', 'R', '2', '4');  ///< B, G, R, alpha
inline constexpr std::uint32_t kFourccRgbx32 = fourcc('X', 'B', '2', '4');  ///< R, G, B, unused
inline constexpr std::uint32_t kFourccRgba32 = fourcc('A', 'B', '2', '4');  ///< R, G, B, alpha
inline constexpr std::uint32_t kFourccRgb48 =
    fourcc('R', 'G', 'B', '6');  ///< R, G, B, 16 bits each
inline constexpr std::uint32_t kFourccRgba64 =
    fourcc('A', 'B', '4', '8');  ///< R, G, B, alpha, 16 bits
inline constexpr std::uint32_t kFourccGray16 = fourcc('Y', '1', '6', ' ');  ///< 16 bit grey
inline constexpr std::uint32_t kFourccYuyv = fourcc('Y', 'U', 'Y', 'V');    ///< 4:2:2, Y U Y V
inline constexpr std::uint32_t kFourccRgb565 = fourcc('R', 'G', 'B', 'P');  ///< 16 bit, 5-6-5
inline constexpr std::uint32_t kFourccRgb555 = fourcc('X', 'R', '1', '5');  ///< 16 bit, x-5-5-5
inline constexpr std::uint32_t kFourccGray8 = fourcc('G', 'R', 'E', 'Y');   ///< 8 bit grey
inline constexpr std::uint32_t kFourccPal8 = fourcc('P', 'A', 'L', '8');    ///< 8 bit palette index
inline constexpr std::uint32_t kFourccPal4 = fourcc('P', 'A', 'L', '4');    ///< 4 bit palette index
inline constexpr std::uint32_t kFourccPal2 = fourcc('P', 'A', 'L', '2');    ///< 2 bit palette index
inline constexpr std::uint32_t kFourccPal1 = fourcc('P', 'A', 'L', '1');    ///< 1 bit palette index
inline constexpr std::uint32_t kFourccBitfields =
    fourcc('B', 'M', 'S', 'K');                                            ///< BMP with odd masks
inline constexpr std::uint32_t kFourccBmp64 = fourcc('B', 'M', '6', '4');  ///< BMP, 64 bits, linear
inline constexpr std::uint32_t kFourccRle8 = fourcc('R', 'L', 'E', '8');   ///< BMP run lengths
inline constexpr std::uint32_t kFourccRle4 = fourcc('R', 'L', 'E', '4');
inline constexpr std::uint32_t kFourccRle24 = fourcc('R', 'L', '2', '4');    ///< of OS/2
inline constexpr std::uint32_t kFourccHuffman = fourcc('H', 'U', 'F', '1');  ///< of OS/2, 1 bit
inline constexpr std::uint32_t kFourccBmp = fourcc('B', 'M', 'P', ' ');  ///< a whole bitmap file
inline constexpr std::uint32_t kFourccPng = fourcc('P', 'N', 'G', ' ');  ///< encoded files
inline constexpr std::uint32_t kFourccJpeg = fourcc('J', 'P', 'E', 'G');
inline constexpr std::uint32_t kFourccGif = fourcc('G', 'I', 'F', ' ');
inline constexpr std::uint32_t kFourccPnm = fourcc('P', 'N', 'M', ' ');  ///< PPM or PGM

/// Which row of the picture is stored first.
enum class Orientation : std::uint32_t {
    kUnknown = 0,
    kTopDown = 1,
    kBottomUp = 2,
};

/// Which values of a sample are black and white (H.273, VideoFullRangeFlag).
enum class ColorRange : std::uint8_t {
    kUnknown = 0,
    kLimited = 1,  ///< 16 to 235, chroma 16 to 240, scaled to the sample's bits
    kFull = 2,     ///< all values
};

/// Where the chroma samples of 4:2:0 and 4:2:2 are, seen from the luma samples.
enum class ChromaSite : std::uint8_t {
    kUnknown = 0,
    kLeft = 1,     ///< above a luma sample, between two rows: MPEG-2, H.264
    kCenter = 2,   ///< between four luma samples: MPEG-1, JPEG
    kTopLeft = 3,  ///< on a luma sample: UHD, BT.2020
    kTop = 4,
    kBottomLeft = 5,
    kBottom = 6,
};

/// How numbers become colours: code points of ITU-T H.273, where 2 is "unspecified".
struct ImageColor {
    std::uint8_t primaries = 2;
    std::uint8_t transfer = 2;
    std::uint8_t matrix = 2;
    ColorRange range = ColorRange::kUnknown;
    ChromaSite chroma_site = ChromaSite::kUnknown;

    friend bool operator==(const ImageColor&, const ImageColor&) = default;
};

/// Where a plane of an image is in the image's bytes.
struct ImagePlane {
    std::uint64_t offset_bytes = 0;
    std::uint64_t row_stride_bytes = 0;

    friend bool operator==(const ImagePlane&, const ImagePlane&) = default;
};
inline constexpr std::uint32_t kImagePlanesMax = 4;

/// The shape of an image. For a picture file it describes the picture inside; the payload is always
/// the file's bytes, unchanged.
struct ImageDescription {
    std::uint32_t width = 0;             ///< pixels
    std::uint32_t height = 0;            ///< pixels
    std::uint64_t row_stride_bytes = 0;  ///< of the first plane; 0 when the pixels are encoded
    std::uint32_t fourcc = 0;
    std::uint32_t bits_per_pixel = 0;  ///< memory of a pixel, all planes together
    Orientation orientation = Orientation::kUnknown;
    ImageColor color = {};
    /// 0: the planes follow each other without gaps, as Video4Linux places them in one buffer.
    std::uint32_t plane_count = 0;
    /// The first plane_count of them. The first stride is row_stride_bytes.
    std::array<ImagePlane, kImagePlanesMax> planes = {};

    friend bool operator==(const ImageDescription&, const ImageDescription&) = default;
};

/// "BGR24", "PNG", "RLE8"; for an unknown code its four characters, escaped.
[[nodiscard]] std::string pixel_format_name(std::uint32_t fourcc);

/// Returns the description of raw, packed, top-down pixels. `format_name` is one that
/// pixel_format_name() returns. kUsage: a side is zero, the format is unknown or encoded (the hint
/// lists the known ones), or the image has too many bytes.
[[nodiscard]] Result<ImageDescription> describe_raw_image(std::uint32_t width, std::uint32_t height,
                                                          std::string_view format_name);

/// "3840x2160 BGR24"
[[nodiscard]] std::string to_string(const ImageDescription& image);

/// kUsage: the description contradicts itself, so that every reader would refuse it: a side is
/// zero, the stride is less than a row's bytes, or a product needs more than 63 bits. A description
/// of zeros only means "no image" and is accepted.
[[nodiscard]] Result<void> check_image(const ImageDescription& image);

}  // namespace mapferry::inline v1

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
#include <string>
#include <string_view>

#include "mapferry/pixel_format.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

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

/// Returns the description of raw, top-down pixels whose rows and planes have no padding.
/// `format_name` is any that find_pixel_format() knows. kUsage: a side is zero, the format is
/// unknown, encoded, or has pixels of less than a byte; or the image has too many bytes.
[[nodiscard]] Result<ImageDescription> describe_raw_image(std::uint32_t width, std::uint32_t height,
                                                          std::string_view format_name);

/// "3840x2160 BGR24"
[[nodiscard]] std::string to_string(const ImageDescription& image);

/// kUsage: the description contradicts itself, so that every reader would refuse it: a side is
/// zero, a stride is less than a row's bytes, the planes are not as many as the format has, or a
/// product needs more than 63 bits. A description of zeros only means "no image" and is accepted.
/// Planes may overlap: a reader sees some bytes twice, and no byte outside of the image.
[[nodiscard]] Result<void> check_image(const ImageDescription& image);

/// A plane's place and size. The first row in memory begins at the offset.
struct PlaneShape {
    std::uint64_t offset_bytes = 0;
    std::uint64_t row_stride_bytes = 0;
    std::uint64_t row_bytes = 0;  ///< without padding
    std::uint32_t rows = 0;

    friend bool operator==(const PlaneShape&, const PlaneShape&) = default;
};

struct ImagePlanes {
    std::uint32_t count = 0;
    std::array<PlaneShape, kImagePlanesMax> planes = {};  ///< the first `count` are meant
    /// To the end of the last row of any plane. Explicit planes may do without the padding after
    /// this row; all others include it.
    std::uint64_t image_bytes = 0;

    friend bool operator==(const ImagePlanes&, const ImagePlanes&) = default;
};

/// Returns the explicit planes, or those that the format has by convention: each follows without a
/// gap; its stride has as many units as the first plane's, divided by the subsampling; odd sides
/// and strides round up. The planes of an unknown format have no rows (0) if there are several;
/// image_bytes then reaches to the last of their offsets only. kUsage: the pixels are encoded, or
/// check_image() refuses the description.
[[nodiscard]] Result<ImagePlanes> planes_of(const ImageDescription& image);

}  // namespace mapferry::inline v1

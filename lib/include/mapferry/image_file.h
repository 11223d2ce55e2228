// SPDX-License-Identifier: Apache-2.0
/// \file
/// Decodes and encodes picture files. For the user's own files: the writing process decodes. Never
/// decode bytes that came out of a section.
///
///     mapferry::Result<void> copy_as(const std::string& from, const std::string& to) {
///         auto image = mapferry::load_image(from);  // BMP, PNG, JPEG, PPM or PGM
///         if (!image) return std::unexpected(image.error());
///         return mapferry::save_image(image->view(), to, mapferry::Overwrite::kRefuse);
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapferry/image_convert.h"
#include "mapferry/image_view.h"
#include "mapferry/output.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Limits for a picture that is decoded.
struct ImageLimits {
    std::uint32_t side_max = 32'768;                         ///< pixels
    std::uint64_t file_bytes_max = std::uint64_t{1} << 30;   ///< of the file
    std::uint64_t pixel_bytes_max = std::uint64_t{1} << 30;  ///< of the decoded picture
};

/// Whether decode_image() decodes files for which probe_image() returns this code. False for GIF:
/// such a file is sent as it is.
[[nodiscard]] bool has_decoder(std::uint32_t fourcc);

/// How the pixels of a decoded picture are turned. EXIF records how the camera was held.
enum class Turning : std::uint8_t {
    kByExif,  ///< the pixels are turned upright
    kNone,    ///< they stay as they are stored
};

/// How a picture file becomes pixels.
struct DecodeOptions {
    ImageLimits limits = {};
    Turning turning = Turning::kByExif;
};

/// Pixels in private memory, with their description.
struct DecodedPicture {
    Image image;
    /// What the file lacked, or what decoding lost: "it has no end marker".
    std::vector<std::string> warnings = {};
};

/// Decodes BMP, PNG, JPEG, PPM and PGM into packed top-down pixels. The result is GRAY8 for grey
/// pictures, BGRA32 for pictures with an alpha channel or a transparent colour, and otherwise
/// BGR24. Pictures of 16 bits a sample become GRAY16, RGBA64 and RGB48. Of an animation only the
/// first picture is decoded. kUsage: a picture of a kind that is not decoded; kCorrupt: no picture,
/// or a damaged one; kIo: it is over a limit; kOutOfMemory.
[[nodiscard]] Result<DecodedPicture> decode_picture(std::span<const std::byte> file,
                                                    const DecodeOptions& options = {});

/// As decode_picture(), but turned by EXIF and without the warnings.
[[nodiscard]] Result<Image> decode_image(std::span<const std::byte> file,
                                         const ImageLimits& limits = {});

/// As decode_image(), for a file; its path is in UTF-8 (Linux: any bytes). Errors also: kNotFound,
/// kPermission.
[[nodiscard]] Result<Image> load_image(const std::string& path, const ImageLimits& limits = {});

/// The kinds of picture files that can be written.
enum class PictureFormat : std::uint8_t {
    kBmp,   ///< 24 bits, with alpha 32 bits
    kPng,   ///< 8 or 16 bits a sample, grey or colour, with alpha if the pixels have it
    kJpeg,  ///< grey or colour, lossy
    kPnm,   ///< PPM; grey pixels become a PGM; 8 or 16 bits a sample
};

/// Returns the format for the extension of `path`, in upper or lower case: .bmp, .png, .jpg, .jpeg,
/// .ppm, .pgm or .pnm. Empty for others.
[[nodiscard]] std::optional<PictureFormat> picture_format_of(std::string_view path);

/// Returns in words what pixels of this kind lose in the format: "10 bits a sample become 8".
/// Empty: nothing, except for the losses of every JPEG.
[[nodiscard]] std::string encoding_loss(std::uint32_t fourcc, PictureFormat format);

/// How pixels become a picture file.
struct EncodeOptions {
    int jpeg_quality = 95;        ///< 1 to 100
    ConvertOptions convert = {};  ///< to the pixels that the file has
};

/// Returns the bytes of a picture file. kUsage: can_convert_from() is false for the pixels, or a
/// JPEG would have more than 65535 pixels a side; kIo: the picture is too large for the format
/// (2 GiB); kOutOfMemory.
[[nodiscard]] Result<std::vector<std::byte>> encode_image(const ImageView& image,
                                                          PictureFormat format,
                                                          const EncodeOptions& options = {});

/// Stores a picture file at `path` (UTF-8; Linux: any bytes), in the format of its extension. With
/// kRefuse and kReplace the file appears at once and whole. kUsage: unknown extension; other errors
/// as encode_image() and Output.
[[nodiscard]] Result<void> save_image(const ImageView& image, const std::string& path,
                                      Overwrite overwrite, const EncodeOptions& options = {});

}  // namespace mapferry::inline v1

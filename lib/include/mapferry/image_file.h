// SPDX-License-Identifier: Apache-2.0
/// \file
/// Picture files: into raw pixels and back. For one's own files: decoding is for the writing
/// process, never for bytes out of a section.
///
///     mapferry::Result<void> copy_as(const std::string& from, const std::string& to) {
///         auto image = mapferry::load_image(from);  // BMP, PNG, JPEG, PPM or PGM
///         if (!image) return mapferry::pass(image.error());
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

#include "mapferry/image_view.h"
#include "mapferry/output.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// What a picture may cost.
struct ImageLimits {
    std::uint32_t side_max = 32'768;                         ///< pixels
    std::uint64_t file_bytes_max = std::uint64_t{1} << 30;   ///< of the file
    std::uint64_t pixel_bytes_max = std::uint64_t{1} << 30;  ///< of the decoded picture
};

/// Whether decode_image() decodes what probe_image() calls by this code. False for GIF: such a file
/// travels as the bytes that it is.
[[nodiscard]] bool has_decoder(std::uint32_t fourcc);

/// EXIF says how the camera was held.
enum class Turning : std::uint8_t {
    kByExif,  ///< the pixels are turned upright
    kNone,    ///< they stay as they are stored
};

struct DecodeOptions {
    ImageLimits limits = {};
    Turning turning = Turning::kByExif;
};

struct DecodedPicture {
    Image image;
    /// What the picture lacked or lost on the way: "it has no end marker".
    std::vector<std::string> warnings = {};
};

/// BMP, PNG, JPEG, PPM and PGM into packed top-down pixels: BGR24, with an alpha channel or a
/// transparent colour BGRA32, grey ones GRAY8; those of 16 bits a sample RGB48, RGBA64 and GRAY16.
/// Of an animation only the first picture is decoded. kUsage: a picture, but of a kind that is not
/// decoded; kCorrupt: none, or damaged; kIo: past a limit; kOutOfMemory.
[[nodiscard]] Result<DecodedPicture> decode_picture(std::span<const std::byte> file,
                                                    const DecodeOptions& options = {});

/// The same without the words, turned by EXIF.
[[nodiscard]] Result<Image> decode_image(std::span<const std::byte> file,
                                         const ImageLimits& limits = {});

/// The same of a file. Also kNotFound and kPermission.
[[nodiscard]] Result<Image> load_image(const std::string& path, const ImageLimits& limits = {});

enum class PictureFormat : std::uint8_t {
    kBmp,   ///< 24 bits, with alpha 32 bits
    kPng,   ///< 8 or 16 bits a sample, grey or colour, with alpha where there is one
    kJpeg,  ///< grey or colour, lossy
    kPnm,   ///< PPM; grey pixels become a PGM; 8 or 16 bits a sample
};

/// By the extension, in either case: .bmp, .png, .jpg and .jpeg, .ppm, .pgm and .pnm. Empty for
/// others.
[[nodiscard]] std::optional<PictureFormat> picture_format_of(std::string_view path);

/// What a picture of such pixels loses in the format, in words: "16 bits a sample become 8". Empty:
/// nothing, but for what JPEG always loses.
[[nodiscard]] std::string encoding_loss(std::uint32_t fourcc, PictureFormat format);

struct EncodeOptions {
    int jpeg_quality = 95;  ///< 1 to 100
};

/// The bytes of a picture file. From everything that convert() takes; kUsage for other formats;
/// kIo: no memory, or too large for the format (2 GiB).
[[nodiscard]] Result<std::vector<std::byte>> encode_image(const ImageView& image,
                                                          PictureFormat format,
                                                          const EncodeOptions& options = {});

/// Under `path`, in the format of its extension, at once and whole. kUsage: unknown extension; and
/// Output's errors.
[[nodiscard]] Result<void> save_image(const ImageView& image, const std::string& path,
                                      Overwrite overwrite, const EncodeOptions& options = {});

}  // namespace mapferry::inline v1

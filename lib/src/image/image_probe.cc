// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <vector>

#include "base/exception_boundary.h"
#include "base/try.h"
#include "format/layout.h"
#include "image/bmp_header.h"
#include "image/image_bytes.h"
#include "image/jpeg_segments.h"
#include "image/pnm_file.h"
#include "mapferry/image.h"
#include "mapferry/image_probe.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

struct Sides {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

std::optional<ImageDescription> describe_encoded(const Sides& sides, std::uint32_t fourcc,
                                                 std::uint32_t bits_per_pixel,
                                                 Orientation orientation) {
    constexpr std::uint32_t kSideMax = std::uint32_t{1} << 24;  // the decoder's
    if (sides.width == 0 || sides.height == 0) return std::nullopt;
    if (sides.width > kSideMax || sides.height > kSideMax) return std::nullopt;
    return ImageDescription{.width = sides.width,
                            .height = sides.height,
                            .row_stride_bytes = 0,
                            .fourcc = fourcc,
                            .bits_per_pixel = bits_per_pixel,
                            .orientation = orientation};
}

// ---- PNG: W3C "Portable Network Graphics", section 11.2.1, IHDR --------------------------------

// Which numbers of bits a colour type has, one bit of this for each.
constexpr std::array<std::uint32_t, 7> kDepthsOfColorType = {
    1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 16,
    0,
    1 << 8 | 1 << 16,
    1 << 1 | 1 << 2 | 1 << 4 | 1 << 8,
    1 << 8 | 1 << 16,
    0,
    1 << 8 | 1 << 16};
constexpr std::array<std::uint32_t, 7> kSamplesOfColorType = {1, 0, 3, 1, 2, 0, 4};

std::optional<ImageDescription> probe_png(Bytes beginning) {
    constexpr std::size_t kHeaderEnd = 33;  // signature, and IHDR with its checksum
    constexpr std::size_t kWidthAt = 16;
    constexpr std::size_t kBitDepthAt = 24;
    constexpr std::size_t kColorTypeAt = 25;
    // Apple's variant has a chunk before IHDR and can't be read by other programs.
    if (beginning.size() < kHeaderEnd || !begins_with(beginning.subspan(12), "IHDR"))
        return std::nullopt;
    const std::uint32_t color_type = byte_at(beginning, kColorTypeAt);
    const std::uint32_t depth = byte_at(beginning, kBitDepthAt);
    if (color_type >= kSamplesOfColorType.size() || depth > 16) return std::nullopt;
    if ((kDepthsOfColorType[color_type] >> depth & 1) == 0) return std::nullopt;
    const auto side_at = [beginning](std::size_t at) {
        return byte_at(beginning, at) << 24 | byte_at(beginning, at + 1) << 16 |
               byte_at(beginning, at + 2) << 8 | byte_at(beginning, at + 3);
    };
    return describe_encoded({.width = side_at(kWidthAt), .height = side_at(kWidthAt + 4)},
                            kFourccPng, kSamplesOfColorType[color_type] * depth,
                            Orientation::kTopDown);
}

// ---- GIF: CompuServe "GIF89a Specification" ----------------------------------------------------

std::optional<ImageDescription> probe_gif(Bytes beginning) {
    constexpr std::size_t kScreenDescriptorEnd = 13;
    constexpr std::uint32_t kIndexBits = 8;  // at most; each frame may have its own palette
    if (beginning.size() < kScreenDescriptorEnd) return std::nullopt;
    return describe_encoded({.width = byte_at(beginning, 6) | byte_at(beginning, 7) << 8,
                             .height = byte_at(beginning, 8) | byte_at(beginning, 9) << 8},
                            kFourccGif, kIndexBits, Orientation::kTopDown);
}

// ---- JPEG: ITU-T T.81, annex B -----------------------------------------------------------------

std::optional<ImageDescription> probe_jpeg(Bytes beginning) {
    const auto frame = find_jpeg_frame(beginning);
    if (!frame) return std::nullopt;
    // EXIF may require that the picture is turned; decode_picture() looks at that.
    return describe_encoded({.width = frame->width, .height = frame->height}, kFourccJpeg,
                            frame->bits_per_sample * frame->components, Orientation::kUnknown);
}

// ---- bitmaps, PPM and PGM -----------------------------------------------------------------------

std::optional<ImageDescription> probe_bmp(Bytes beginning, std::uint64_t file_bytes) {
    const auto image = parse_bmp_header(beginning, file_bytes);
    if (!image) return std::nullopt;
    return *image;
}

std::optional<ImageDescription> probe_pnm(Bytes beginning, std::uint64_t file_bytes) {
    const auto header = read_pnm_header(beginning);
    if (!header) return std::nullopt;
    const std::uint64_t row_bytes = std::uint64_t{header->width} * header->bytes_per_pixel();
    const std::uint64_t limit = std::min<std::uint64_t>(file_bytes, INT64_MAX);
    if (header->pixel_offset > limit || header->height > (limit - header->pixel_offset) / row_bytes)
        return std::nullopt;
    return ImageDescription{.width = header->width,
                            .height = header->height,
                            .row_stride_bytes = 0,
                            .fourcc = kFourccPnm,
                            .bits_per_pixel = 8 * header->bytes_per_pixel(),
                            .orientation = Orientation::kTopDown};
}

}  // namespace

std::optional<ImageDescription> probe_image(std::span<const std::byte> beginning,
                                            std::uint64_t file_bytes) {
    if (beginning.size() > file_bytes)
        beginning = beginning.first(static_cast<std::size_t>(file_bytes));
    if (begins_with(beginning, "BM")) return probe_bmp(beginning, file_bytes);
    if (begins_with(beginning, "\x89PNG\r\n\x1A\n")) return probe_png(beginning);
    if (begins_with(beginning, "\xFF\xD8\xFF")) return probe_jpeg(beginning);
    if (begins_with(beginning, "GIF87a") || begins_with(beginning, "GIF89a"))
        return probe_gif(beginning);
    if (begins_with(beginning, "P5") || begins_with(beginning, "P6"))
        return probe_pnm(beginning, file_bytes);
    return std::nullopt;
}

Result<std::optional<ImageDescription>> probe_image(Source& source) {
    return guarded([&]() -> Result<std::optional<ImageDescription>> {
        if (source.may_block()) return std::nullopt;
        const std::uint64_t file_bytes =
            source.info().payload_bytes.value_or(layout::kUnknownBytes);
        // At most the file's size: clearing and faulting 64 KiB costs more than a whole small file.
        std::vector<std::byte> beginning(
            static_cast<std::size_t>(std::min<std::uint64_t>(file_bytes, kImageProbeBytes)));
        TRY_ASSIGN(auto count, source.peek(beginning));
        return probe_image(std::span(beginning).first(count), file_bytes);
    });
}

}  // namespace mapferry::inline v1

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "bmp_header.h"
#include "mapferry/image.h"
#include "pnm_file.h"
#include "stb_codec.h"

namespace mapferry {

namespace {

using Bytes = std::span<const std::byte>;

bool begins_with(Bytes bytes, std::string_view magic) {
    if (bytes.size() < magic.size()) return false;
    const auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
    return std::ranges::equal(bytes.first(magic.size()), magic, same);
}

std::uint32_t number_at(Bytes bytes, std::size_t position) {
    return std::to_integer<std::uint32_t>(bytes[position]);
}

std::optional<ImageDescription> describe_encoded(Bytes header, std::uint32_t fourcc,
                                                 std::uint32_t bits_per_pixel,
                                                 Orientation orientation) {
    const auto shape = stb_shape(header);
    if (!shape) return std::nullopt;
    return ImageDescription{.width = shape->width,
                            .height = shape->height,
                            .row_stride_bytes = 0,
                            .fourcc = fourcc,
                            .bits_per_pixel = bits_per_pixel,
                            .orientation = orientation};
}

// ---- PNG: W3C "Portable Network Graphics", section 11.2.1, IHDR --------------------------------

std::optional<ImageDescription> probe_png(Bytes beginning) {
    constexpr std::size_t kHeaderEnd = 33;  // signature, and IHDR with its checksum
    constexpr std::size_t kBitDepthAt = 24;
    constexpr std::size_t kColorTypeAt = 25;
    // Apple's variant has a chunk before IHDR and is readable for nobody else.
    if (beginning.size() < kHeaderEnd || !begins_with(beginning.subspan(12), "IHDR"))
        return std::nullopt;
    constexpr std::array<std::uint32_t, 7> kSamplesOfColorType = {1, 0, 3, 1, 2, 0, 4};
    const std::uint32_t color_type = number_at(beginning, kColorTypeAt);
    if (color_type >= kSamplesOfColorType.size()) return std::nullopt;
    const std::uint32_t bits = kSamplesOfColorType[color_type] * number_at(beginning, kBitDepthAt);
    return describe_encoded(beginning, kFourccPng, bits, Orientation::kTopDown);
}

// ---- GIF: CompuServe "GIF89a Specification" ----------------------------------------------------

std::optional<ImageDescription> probe_gif(Bytes beginning) {
    constexpr std::size_t kScreenDescriptorEnd = 13;
    constexpr std::uint32_t kIndexBits = 8;  // at most; each frame may have its own palette
    if (beginning.size() < kScreenDescriptorEnd) return std::nullopt;
    return describe_encoded(beginning, kFourccGif, kIndexBits, Orientation::kTopDown);
}

// ---- JPEG: ITU-T T.81, annex B -----------------------------------------------------------------

bool is_frame_header(std::uint32_t marker) {
    const bool table_or_reserved = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    return marker >= 0xC0 && marker <= 0xCF && !table_or_reserved;
}

// Tables, comments and application data, which may come before the frame header: DHT, DAC, DQT,
// DRI, APP0 to APP15, COM.
bool may_be_skipped(std::uint32_t marker) {
    return marker == 0xC4 || marker == 0xCC || marker == 0xDB || marker == 0xDD ||
           (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
}

// The frame header with its marker, of at most 2 + 65535 bytes; empty when it isn't there.
Bytes find_frame_header(Bytes jpeg) {
    Bytes rest = jpeg.subspan(2);
    while (rest.size() >= 4 && number_at(rest, 0) == 0xFF) {
        const std::uint32_t marker = number_at(rest, 1);
        if (marker == 0xFF) {  // any number of them may fill up before a marker
            rest = rest.subspan(1);
            continue;
        }
        const std::size_t segment_bytes = 2 + (number_at(rest, 2) << 8 | number_at(rest, 3));
        if (segment_bytes < 4 || segment_bytes > rest.size()) return {};
        if (is_frame_header(marker)) return rest.first(segment_bytes);
        if (!may_be_skipped(marker)) return {};
        rest = rest.subspan(segment_bytes);
    }
    return {};
}

// stb_image is shown a JPEG of nothing but the frame header, see stb_codec.h.
std::optional<ImageDescription> probe_jpeg(Bytes beginning) {
    constexpr std::size_t kFrameHeaderMin = 10;  // marker, length and the fields of the whole frame
    constexpr std::size_t kFrameHeaderMax = 22;  // with four components
    constexpr std::size_t kPrecisionAt = 4;
    constexpr std::size_t kComponentsAt = 9;
    const Bytes frame = find_frame_header(beginning);
    if (frame.size() < kFrameHeaderMin || frame.size() > kFrameHeaderMax) return std::nullopt;
    std::array<std::byte, 2 + kFrameHeaderMax> lean = {std::byte{0xFF}, std::byte{0xD8}};
    std::ranges::copy(frame, lean.begin() + 2);
    const std::uint32_t bits = number_at(frame, kPrecisionAt) * number_at(frame, kComponentsAt);
    // EXIF may say that the picture is to be turned; that is nothing we look at.
    return describe_encoded(Bytes(lean).first(2 + frame.size()), kFourccJpeg, bits,
                            Orientation::kUnknown);
}

// ---- PPM and PGM
// ---------------------------------------------------------------------------------

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
    if (begins_with(beginning, "BM")) return parse_bmp_header(beginning, file_bytes);
    if (begins_with(beginning, "\x89PNG\r\n\x1A\n")) return probe_png(beginning);
    if (begins_with(beginning, "\xFF\xD8\xFF")) return probe_jpeg(beginning);
    if (begins_with(beginning, "GIF87a") || begins_with(beginning, "GIF89a"))
        return probe_gif(beginning);
    if (begins_with(beginning, "P5") || begins_with(beginning, "P6"))
        return probe_pnm(beginning, file_bytes);
    return std::nullopt;
}

}  // namespace mapferry

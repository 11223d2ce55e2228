// SPDX-License-Identifier: Apache-2.0
#include "mapferry/image.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"
#include "format/manifest.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

static_assert(std::to_underlying(Orientation::kTopDown) == layout::kOrientationTopDown &&
              std::to_underlying(Orientation::kBottomUp) == layout::kOrientationBottomUp);

enum class Pixels : std::uint8_t { kRaw, kEncoded };

// What a pixel format's code determines about the rest of the description.
struct PixelFormat {
    std::uint32_t fourcc;
    std::string_view name;
    Pixels pixels;
    std::uint32_t bits_per_pixel;  // 0 = not fixed by the code
};

constexpr std::array kPixelFormats = {
    PixelFormat{kFourccBgr24, "BGR24", Pixels::kRaw, 24},
    PixelFormat{kFourccRgb24, "RGB24", Pixels::kRaw, 24},
    PixelFormat{kFourccBgrx32, "BGRX32", Pixels::kRaw, 32},
    PixelFormat{kFourccBgra32, "BGRA32", Pixels::kRaw, 32},
    PixelFormat{kFourccRgbx32, "RGBX32", Pixels::kRaw, 32},
    PixelFormat{kFourccRgba32, "RGBA32", Pixels::kRaw, 32},
    PixelFormat{kFourccRgb48, "RGB48", Pixels::kRaw, 48},
    PixelFormat{kFourccRgba64, "RGBA64", Pixels::kRaw, 64},
    PixelFormat{kFourccGray16, "GRAY16", Pixels::kRaw, 16},
    PixelFormat{kFourccYuyv, "YUYV", Pixels::kRaw, 16},
    PixelFormat{kFourccRgb565, "RGB565", Pixels::kRaw, 16},
    PixelFormat{kFourccRgb555, "RGB555", Pixels::kRaw, 16},
    PixelFormat{kFourccGray8, "GRAY8", Pixels::kRaw, 8},
    PixelFormat{kFourccPal8, "PAL8", Pixels::kRaw, 8},
    PixelFormat{kFourccPal4, "PAL4", Pixels::kRaw, 4},
    PixelFormat{kFourccPal2, "PAL2", Pixels::kRaw, 2},
    PixelFormat{kFourccPal1, "PAL1", Pixels::kRaw, 1},
    PixelFormat{kFourccBitfields, "BITFIELDS", Pixels::kRaw, 0},
    PixelFormat{kFourccBmp64, "BMP64", Pixels::kRaw, 0},
    PixelFormat{kFourccRle8, "RLE8", Pixels::kEncoded, 8},
    PixelFormat{kFourccRle4, "RLE4", Pixels::kEncoded, 4},
    PixelFormat{kFourccRle24, "RLE24", Pixels::kEncoded, 24},
    PixelFormat{kFourccHuffman, "HUFFMAN", Pixels::kEncoded, 1},
    PixelFormat{kFourccBmp, "BMP", Pixels::kEncoded, 0},
    PixelFormat{kFourccPng, "PNG", Pixels::kEncoded, 0},
    PixelFormat{kFourccJpeg, "JPEG", Pixels::kEncoded, 0},
    PixelFormat{kFourccGif, "GIF", Pixels::kEncoded, 0},
    PixelFormat{kFourccPnm, "PNM", Pixels::kEncoded, 0},
};

const PixelFormat* find_format(std::uint32_t fourcc) {
    const auto found = std::ranges::find(kPixelFormats, fourcc, &PixelFormat::fourcc);
    return found == kPixelFormats.end() ? nullptr : &*found;
}

// The code comes from another process, so none of its bytes is trusted.
void append_character(std::string& text, unsigned byte) {
    const bool printable = byte >= 0x20 && byte < 0x7F && byte != '\\';
    if (printable) {
        text += static_cast<char>(byte);
        return;
    }
    text += "\\x";
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
}

// ---- what a record must satisfy ----------------------------------------------------------------

std::unexpected<Status> contradiction(const char* field, std::uint64_t value, const char* why) {
    return fail(Code::kCorrupt, "the image description is damaged: " + std::string(field) + " is " +
                                    std::to_string(value) + ", " + why);
}

bool is_no_image(const layout::ImageRecord& record) {
    return record.width == 0 && record.height == 0 && record.row_stride_bytes == 0 &&
           record.fourcc == 0 && record.bits_per_pixel == 0 && record.orientation == 0 &&
           record.color == 0;
}

// ---- colour ------------------------------------------------------------------------------------

std::uint32_t color_bits(const ImageColor& color) {
    const auto code = [](std::uint8_t value) { return value ^ layout::kColorUnspecified; };
    return code(color.primaries) | code(color.transfer) << layout::kColorTransferShift |
           code(color.matrix) << layout::kColorMatrixShift |
           static_cast<std::uint32_t>(color.range) << layout::kColorRangeShift |
           static_cast<std::uint32_t>(color.chroma_site) << layout::kColorSiteShift;
}

ImageColor color_of(std::uint32_t bits) {
    const auto code = [&](std::uint32_t shift) {
        return static_cast<std::uint8_t>((bits >> shift & 0xFF) ^ layout::kColorUnspecified);
    };
    return {.primaries = code(0),
            .transfer = code(layout::kColorTransferShift),
            .matrix = code(layout::kColorMatrixShift),
            .range = static_cast<ColorRange>(bits >> layout::kColorRangeShift & 3),
            .chroma_site = static_cast<ChromaSite>(bits >> layout::kColorSiteShift & 7)};
}

Result<void> check_fields(const layout::ImageRecord& record) {
    if (record.width == 0) return contradiction("width", 0, "not a pixel wide");
    if (record.height == 0) return contradiction("height", 0, "not a pixel high");
    if (record.fourcc == 0) return contradiction("fourcc", 0, "no pixel format");
    if (record.orientation > layout::kOrientationBottomUp)
        return contradiction("orientation", record.orientation, "of at most 2");
    if ((record.color >> layout::kColorRangeShift & 3) > std::to_underlying(ColorRange::kFull))
        return contradiction("color", record.color, "with a range of 3");
    if ((record.color >> layout::kColorSiteShift & 7) > std::to_underlying(ChromaSite::kBottom))
        return contradiction("color", record.color, "with a chroma site of 7");
    return {};
}

// A reader computes addresses from width and pixel format. If the stride were checked against other
// bits than the format's, its rows could reach past the payload.
Result<void> check_format(const layout::ImageRecord& record) {
    const PixelFormat* format = find_format(record.fourcc);
    if (format == nullptr) return {};
    if (format->bits_per_pixel != 0 && format->bits_per_pixel != record.bits_per_pixel)
        return contradiction("bits_per_pixel", record.bits_per_pixel, "not that of the format");
    if (format->pixels == Pixels::kEncoded && record.row_stride_bytes != 0)
        return contradiction("row_stride_bytes", record.row_stride_bytes, "of encoded pixels");
    if (format->pixels == Pixels::kRaw && record.row_stride_bytes == 0)
        return contradiction("row_stride_bytes", 0, "of raw pixels");
    if (format->pixels == Pixels::kRaw && record.bits_per_pixel == 0)
        return contradiction("bits_per_pixel", 0, "of raw pixels");
    return {};
}

Result<void> check_extent(const layout::ImageRecord& record) {
    // The product of two numbers under 2^32 fits.
    const std::uint64_t row_bits = std::uint64_t{record.width} * record.bits_per_pixel;
    const std::uint64_t row_bytes = divide_up(row_bits, 8);
    if (record.row_stride_bytes != 0 && record.row_stride_bytes < row_bytes)
        return contradiction("row_stride_bytes", record.row_stride_bytes, "less than a row has");
    const auto all_bytes =
        checked_multiply(std::max(row_bytes, record.row_stride_bytes), record.height);
    if (!all_bytes || *all_bytes > std::numeric_limits<std::int64_t>::max())
        return contradiction("height", record.height, "too many bytes");
    return {};
}

}  // namespace

std::string pixel_format_name(std::uint32_t fourcc) {
    if (const PixelFormat* format = find_format(fourcc)) return std::string(format->name);
    std::string text;
    for (int shift = 0; shift < 32; shift += 8)
        append_character(text, fourcc >> shift & 0xFF);
    return text;
}

Result<ImageDescription> describe_raw_image(std::uint32_t width, std::uint32_t height,
                                            std::string_view format_name) {
    return guarded([&]() -> Result<ImageDescription> {
        const auto found = std::ranges::find(kPixelFormats, format_name, &PixelFormat::name);
        if (found == kPixelFormats.end() || found->pixels == Pixels::kEncoded ||
            found->bits_per_pixel % 8 != 0 || found->bits_per_pixel == 0) {
            std::string known;
            for (const PixelFormat& format : kPixelFormats) {
                if (format.pixels == Pixels::kEncoded || format.bits_per_pixel == 0) continue;
                if (format.bits_per_pixel % 8 == 0)
                    known += (known.empty() ? "" : ", ") + std::string(format.name);
            }
            return fail(Code::kUsage, in_quotes(format_name) + " is no format of raw pixels",
                        "write one of " + known);
        }
        const ImageDescription image{
            .width = width,
            .height = height,
            .row_stride_bytes = std::uint64_t{width} * (found->bits_per_pixel / 8),
            .fourcc = found->fourcc,
            .bits_per_pixel = found->bits_per_pixel,
            .orientation = Orientation::kTopDown};
        TRY(check_image(image));
        return image;
    });
}

std::string to_string(const ImageDescription& image) {
    return std::to_string(image.width) + "x" + std::to_string(image.height) + " " +
           pixel_format_name(image.fourcc);
}

Result<void> check_image(const ImageDescription& image) {
    return guarded([&]() -> Result<void> {
        if (auto known = image_from_record(to_record(image)); !known)
            return blame(Code::kUsage, known.error());
        return {};
    });
}

Result<void> check_image_fits(const ImageDescription& image, std::uint64_t bytes) {
    const auto needed = checked_multiply(image.row_stride_bytes, image.height);
    if (needed && *needed <= bytes) return {};
    return fail(Code::kUsage, "an image of " + std::to_string(image.height) + " rows of " +
                                  std::to_string(image.row_stride_bytes) +
                                  " bytes is larger than its frame of " + std::to_string(bytes));
}

layout::ImageRecord to_record(const std::optional<ImageDescription>& image) {
    if (!image) return {};
    return {.width = image->width,
            .height = image->height,
            .row_stride_bytes = image->row_stride_bytes,
            .fourcc = image->fourcc,
            .bits_per_pixel = image->bits_per_pixel,
            .orientation = static_cast<std::uint32_t>(image->orientation),
            .color = color_bits(image->color)};
}

Result<std::optional<ImageDescription>> image_from_record(const layout::ImageRecord& record) {
    if (is_no_image(record)) return std::nullopt;
    for (const auto check : {check_fields, check_format, check_extent})
        if (auto checked = check(record); !checked)
            return std::unexpected(std::move(checked.error()));
    return ImageDescription{.width = record.width,
                            .height = record.height,
                            .row_stride_bytes = record.row_stride_bytes,
                            .fourcc = record.fourcc,
                            .bits_per_pixel = record.bits_per_pixel,
                            .orientation = static_cast<Orientation>(record.orientation),
                            .color = color_of(record.color)};
}

}  // namespace mapferry::inline v1

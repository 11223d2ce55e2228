// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "image/bmp_header.h"
#include "image/bmp_pixels.h"
#include "image/exif.h"
#include "image/image_bytes.h"
#include "image/jpeg_segments.h"
#include "image/png_file.h"
#include "image/pnm_file.h"
#include "image/stb_decoder.h"
#include "mapferry/detail/units.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "mapferry/image_probe.h"
#include "mapferry/printable_text.h"
#include "mapferry/source.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

std::unexpected<Status> past_limit(const ImageDescription& image, const std::string& limit) {
    return fail(Code::kIo, "a picture of " + to_string(image) + " is past the limit of " + limit);
}

Result<void> check_sides(const ImageDescription& image, const ImageLimits& limits) {
    if (image.width <= limits.side_max && image.height <= limits.side_max) return {};
    return past_limit(image, std::to_string(limits.side_max) + " pixels a side");
}

Result<void> check_bytes(const ImageDescription& image, std::uint64_t bytes_per_pixel,
                         const ImageLimits& limits) {
    // Two numbers under 2^32, and the sides were checked against side_max.
    const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
    if (pixels <= limits.pixel_bytes_max / bytes_per_pixel) return {};
    return past_limit(image, format_bytes(limits.pixel_bytes_max));
}

// ---- PNG and JPEG ------------------------------------------------------------------------------

// The memory that stb may need at once: the file's compressed bytes in one piece, growing buffers
// that double, 8 bytes a pixel for 16 bits a sample, the coefficients of a progressive JPEG.
std::size_t stb_memory_limit(const ImageDescription& image, Bytes file) {
    const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
    const std::uint64_t bytes = (std::uint64_t{4} << 20) + 2 * file.size() + 48 * pixels;
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(bytes, std::numeric_limits<std::size_t>::max() / 2));
}

// stb's formats in memory, and the equal ones of this library.
struct StbFormats {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t to_pixel_bytes = 0;
};

// By the number of channels; grey with alpha is spread out to colours first.
StbFormats formats_of(const StbPixels& pixels) {
    constexpr std::array kNarrow = {
        StbFormats{kFourccGray8, kFourccGray8, 1}, StbFormats{kFourccRgba32, kFourccBgra32, 4},
        StbFormats{kFourccRgb24, kFourccBgr24, 3}, StbFormats{kFourccRgba32, kFourccBgra32, 4}};
    constexpr std::array kWide = {
        StbFormats{kFourccGray16, kFourccGray16, 2}, StbFormats{kFourccRgba64, kFourccRgba64, 8},
        StbFormats{kFourccRgb48, kFourccRgb48, 6}, StbFormats{kFourccRgba64, kFourccRgba64, 8}};
    return (pixels.bytes_per_sample == 2 ? kWide : kNarrow).at(pixels.channels - 1);
}

Result<Image> spread_grey(const StbPixels& pixels, const ImageDescription& rgba) {
    auto image = Image::allocate(rgba);
    if (!image) return image;
    const std::size_t sample = pixels.bytes_per_sample;
    std::byte* target = image->bytes().data();
    for (std::size_t at = 0; at < pixels.bytes.size(); at += 2 * sample) {
        const std::byte* const grey = pixels.bytes.data() + at;
        for (const std::byte* const from : {grey, grey, grey, grey + sample}) {
            std::memcpy(target, from, sample);
            target += sample;
        }
    }
    return image;
}

Result<Image> take_pixels(const StbPixels& pixels, const ImageLimits& limits) {
    const StbFormats formats = formats_of(pixels);
    const std::uint32_t pixel_bytes =
        (pixels.channels == 2 ? 4 : pixels.channels) * pixels.bytes_per_sample;
    const ImageDescription description{
        .width = pixels.width,
        .height = pixels.height,
        .row_stride_bytes = std::uint64_t{pixels.width} * pixel_bytes,
        .fourcc = formats.from,
        .bits_per_pixel = 8 * pixel_bytes,
        .orientation = Orientation::kTopDown};
    TRY(check_bytes(description, formats.to_pixel_bytes, limits));
    if (pixels.channels == 2) {
        auto rgba = spread_grey(pixels, description);
        return rgba ? convert_image(rgba->view(), formats.to) : std::unexpected(rgba.error());
    }
    TRY_ASSIGN(const auto view, ImageView::make(description, pixels.bytes));
    return convert_image(view, formats.to);
}

Result<Image> decode_by_stb(Bytes file, const ImageDescription& image, const ImageLimits& limits) {
    Result<Image> decoded = fail(Code::kCorrupt, "the picture is damaged");
    auto done = stb_decode(file, stb_memory_limit(image, file),
                           [&](const StbPixels& pixels) -> Result<void> {
                               decoded = take_pixels(pixels, limits);
                               return {};
                           });
    if (!done) return std::unexpected(done.error());
    return decoded;
}

Result<DecodedPicture> turned(Result<Image> image, Bytes exif, const DecodeOptions& options) {
    if (image && options.turning == Turning::kByExif)
        image = turn_image(std::move(*image), read_exif_turn(exif));
    if (!image) return std::unexpected(image.error());
    return DecodedPicture{.image = std::move(*image)};
}

std::unexpected<Status> not_decoded(const std::string& what) {
    return fail(Code::kUsage, what + " is not decoded");
}

Result<DecodedPicture> decode_png(Bytes file, const ImageDescription& image,
                                  const DecodeOptions& options) {
    TRY_ASSIGN(const auto facts, check_png(file));
    auto picture = turned(decode_by_stb(file, image, options.limits), facts.exif, options);
    if (picture && facts.is_animated)
        picture->warnings.emplace_back("it is animated; only its first picture is decoded");
    return picture;
}

// The pixels of a file without an end do not depend on the padding in place of the end, unless they
// are cut as well.
Result<Image> decode_endless_jpeg(Bytes file, const JpegFacts& facts, const ImageDescription& image,
                                  const ImageLimits& limits) {
    auto first = decode_by_stb(complete_jpeg(file, facts, std::byte{0}), image, limits);
    if (!first) return first;
    const auto other = decode_by_stb(complete_jpeg(file, facts, std::byte{0xAA}), image, limits);
    if (!other || !std::ranges::equal(std::as_const(*first).bytes(), other->bytes()))
        return fail(Code::kCorrupt, "the picture is damaged: it ends in the middle of its pixels");
    return first;
}

Result<DecodedPicture> decode_jpeg(Bytes file, const ImageDescription& image,
                                   const DecodeOptions& options) {
    TRY_ASSIGN(const auto facts, check_jpeg_segments(file));
    const std::string kind = undecoded_jpeg(facts);
    if (!kind.empty()) return not_decoded(kind);
    if (!facts.has_end) {
        auto picture =
            turned(decode_endless_jpeg(file, facts, image, options.limits), facts.exif, options);
        if (picture) picture->warnings.emplace_back("it has no end marker");
        return picture;
    }
    if (facts.has_huffman_tables)
        return turned(decode_by_stb(file, image, options.limits), facts.exif, options);
    const auto completed = complete_jpeg(file, facts, std::byte{0});
    return turned(decode_by_stb(completed, image, options.limits), facts.exif, options);
}

// ---- all kinds ---------------------------------------------------------------------------------

// For PNG and JPEG it is known only when they are decoded.
std::uint64_t least_pixel_bytes(const ImageDescription& image) {
    switch (image.fourcc) {
        case kFourccPng:
        case kFourccJpeg:
            return 1;
        case kFourccPnm:
            return image.bits_per_pixel / 8;
        case kFourccBgra32:
        case kFourccBitfields:
        case kFourccRle8:
        case kFourccRle4:
        case kFourccRle24:
            return 4;
        case kFourccBmp64:
            return 8;
        default:
            return 3;
    }
}

// The error for bytes that probe_image() does not describe.
std::unexpected<Status> no_picture(Bytes file) {
    if (file.empty()) return fail(Code::kCorrupt, "it is empty");
    if (begins_with(file, "BM")) TRY(parse_bmp_header(file, file.size()));
    if (begins_with(file, "\xFF\xD8\xFF")) TRY(check_jpeg_segments(file));
    if (begins_with(file, "\x89PNG"))
        return fail(Code::kCorrupt, "the picture is damaged: its IHDR chunk makes no sense");
    if (begins_with(file, "P5") || begins_with(file, "P6")) {
        const bool cut = read_pnm_header(file).has_value();
        return fail(Code::kCorrupt, cut ? "the picture is damaged: it is cut short"
                                        : "the picture is damaged: its header makes no sense");
    }
    return fail(Code::kCorrupt, "it is no picture of a known kind");
}

Result<DecodedPicture> decode_known(Bytes file, const ImageDescription& image,
                                    const DecodeOptions& options);

// Decodes a JPEG or PNG that a bitmap's header introduces.
Result<DecodedPicture> decode_inside(Bytes file, const DecodeOptions& options) {
    const auto header = read_bmp_header(file);
    if (!header) return no_picture(file);
    const Bytes inside = file.subspan(static_cast<std::size_t>(bmp_pixel_offset(*header)));
    const auto image = probe_image(inside, inside.size());
    if (!image || (image->fourcc != kFourccJpeg && image->fourcc != kFourccPng))
        return fail(Code::kCorrupt, "the bitmap is damaged: what it holds is no JPEG and no PNG");
    return decode_known(inside, *image, options);
}

Result<DecodedPicture> decode_known(Bytes file, const ImageDescription& image,
                                    const DecodeOptions& options) {
    if (!has_decoder(image.fourcc)) return not_decoded(pixel_format_name(image.fourcc));
    TRY(check_sides(image, options.limits));
    TRY(check_bytes(image, least_pixel_bytes(image), options.limits));
    const bool encoded = image.fourcc == kFourccPng || image.fourcc == kFourccJpeg;
    std::vector<std::string> warnings;
    Result<Image> decoded = fail(Code::kUsage, "");
    if (begins_with(file, "BM")) {
        if (encoded) return decode_inside(file, options);
        decoded = decode_bmp(file, image, warnings);
    } else if (encoded) {
        return image.fourcc == kFourccPng ? decode_png(file, image, options)
                                          : decode_jpeg(file, image, options);
    } else {
        decoded = decode_pnm(file);
    }
    if (!decoded) return std::unexpected(decoded.error());
    return DecodedPicture{.image = std::move(*decoded), .warnings = std::move(warnings)};
}

Result<std::vector<std::byte>> read_file(const std::string& path, const ImageLimits& limits) {
    constexpr std::size_t kStepBytes = std::size_t{1} << 20;
    TRY_ASSIGN(auto source, Source::open_file(path));
    std::vector<std::byte> file;
    std::size_t filled = 0;
    while (true) {
        if (filled > limits.file_bytes_max)
            return fail(Code::kIo, in_quotes(path) + " is past the limit of " +
                                       format_bytes(limits.file_bytes_max) + " for picture files");
        if (filled == file.size()) file.resize(std::max(2 * filled, kStepBytes));
        auto got = source.read(std::span(file).subspan(filled));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
        filled += *got;
    }
    file.resize(filled);
    return file;
}

}  // namespace

bool has_decoder(std::uint32_t fourcc) {
    return fourcc != kFourccGif;
}

Result<DecodedPicture> decode_picture(Bytes file, const DecodeOptions& options) {
    return guarded([&]() -> Result<DecodedPicture> {
        const ImageLimits& limits = options.limits;
        if (file.size() > limits.file_bytes_max)
            return fail(Code::kIo, "a picture file of " + format_bytes(file.size()) +
                                       " is past the limit of " +
                                       format_bytes(limits.file_bytes_max));
        const auto image = probe_image(file, file.size());
        return image ? decode_known(file, *image, options) : no_picture(file);
    });
}

Result<Image> decode_image(Bytes file, const ImageLimits& limits) {
    return guarded([&]() -> Result<Image> {
        TRY_ASSIGN(auto picture, decode_picture(file, {.limits = limits}));
        return std::move(picture.image);
    });
}

Result<Image> load_image(const std::string& path, const ImageLimits& limits) {
    return guarded([&]() -> Result<Image> {
        TRY_ASSIGN(auto file, read_file(path, limits));
        auto image = decode_image(file, limits);
        if (image) return image;
        Status status = image.error();
        status.message = in_quotes(path) + ": " + status.message;
        return std::unexpected(std::move(status));
    });
}

}  // namespace mapferry::inline v1

#include <algorithm>
#include <limits>
#include <string>

#include "bmp_pixels.h"
#include "jpeg_segments.h"
#include "mapferry/file_name.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "mapferry/source.h"
#include "mapferry/units.h"
#include "pnm_file.h"
#include "stb_codec.h"
#include "surface.h"

namespace mapferry {

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

// ---- PNG and JPEG
// --------------------------------------------------------------------------------

// What stb may need at once: the file's compressed bytes in one piece, growing buffers that double,
// 8 bytes a pixel while they have 16 bits a sample, the coefficients of a progressive JPEG.
std::size_t stb_memory_limit(const ImageDescription& image, Bytes file) {
    const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
    const std::uint64_t bytes = (std::uint64_t{4} << 20) + 2 * file.size() + 48 * pixels;
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(bytes, std::numeric_limits<std::size_t>::max() / 2));
}

// stb's formats in memory, and ours for the same.
struct StbFormats {
    std::uint32_t from = kFourccGray8;
    std::uint32_t to = kFourccGray8;
};

StbFormats formats_of(const StbPixels& pixels) {
    if (pixels.channels == 3) return {kFourccRgb24, kFourccBgr24};
    if (pixels.channels == 4) return {kFourccRgba32, kFourccBgra32};
    if (pixels.bytes_per_sample == 2) return {kFourccGray16, kFourccGray16};
    return {};
}

Result<Image> take_pixels(const StbPixels& pixels, const ImageLimits& limits) {
    const std::uint32_t pixel_bytes = pixels.channels * pixels.bytes_per_sample;
    const StbFormats formats = formats_of(pixels);
    const ImageDescription description{
        .width = pixels.width,
        .height = pixels.height,
        .row_stride_bytes = std::uint64_t{pixels.width} * pixel_bytes,
        .fourcc = formats.from,
        .bits_per_pixel = 8 * pixel_bytes,
        .orientation = Orientation::kTopDown};
    if (auto few = check_bytes(description, pixel_bytes, limits); !few) return pass(few.error());
    const auto view = ImageView::make(description, pixels.bytes);
    if (!view) return pass(view.error());
    return convert(*view, formats.to);
}

Result<Image> decode_by_stb(Bytes file, const ImageDescription& image, const ImageLimits& limits) {
    Result<Image> decoded = fail(Code::kCorrupt, "the picture is damaged");
    auto done = stb_decode(file, stb_memory_limit(image, file),
                           [&](const StbPixels& pixels) -> Result<void> {
                               decoded = take_pixels(pixels, limits);
                               return {};
                           });
    if (!done) return pass(done.error());
    return decoded;
}

// ---- all kinds
// -----------------------------------------------------------------------------------

// Of PNG and JPEG it is known only when they are decoded.
std::uint64_t least_pixel_bytes(const ImageDescription& image) {
    if (image.fourcc == kFourccPng || image.fourcc == kFourccJpeg) return 1;
    return image.fourcc == kFourccBgra32 || image.fourcc == kFourccBitfields ? 4 : 3;
}

bool begins_like_bmp(Bytes file) {
    return file.size() >= 2 && file[0] == std::byte{'B'} && file[1] == std::byte{'M'};
}

std::unexpected<Status> not_decoded(const std::string& what) {
    return fail(Code::kUsage, what + " is not decoded");
}

Result<std::vector<std::byte>> read_file(const std::string& path, const ImageLimits& limits) {
    constexpr std::size_t kStepBytes = std::size_t{1} << 20;
    auto source = Source::open_file(path);
    if (!source) return pass(source.error());
    std::vector<std::byte> file;
    std::size_t filled = 0;
    while (true) {
        if (filled > limits.file_bytes_max)
            return fail(Code::kIo, in_quotes(path) + " is past the limit of " +
                                       format_bytes(limits.file_bytes_max) + " for picture files");
        if (filled == file.size()) file.resize(std::max(2 * filled, kStepBytes));
        auto got = source->read(std::span(file).subspan(filled));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return pass(got.error());
        if (*got == 0) break;
        filled += *got;
    }
    file.resize(filled);
    return file;
}

}  // namespace

bool has_decoder(std::uint32_t fourcc) {
    return fourcc != kFourccRle8 && fourcc != kFourccRle4 && fourcc != kFourccGif;
}

Result<Image> decode_image(Bytes file, const ImageLimits& limits) try {
    if (file.size() > limits.file_bytes_max)
        return fail(Code::kIo, "a picture file of " + format_bytes(file.size()) +
                                   " is past the limit of " + format_bytes(limits.file_bytes_max));
    const auto image = probe_image(file, file.size());
    if (!image) return fail(Code::kCorrupt, "no picture of a known kind, or one that is cut short");
    if (!has_decoder(image->fourcc)) return not_decoded(pixel_format_name(image->fourcc));
    if (auto small = check_sides(*image, limits); !small) return pass(small.error());
    const bool bmp = begins_like_bmp(file);
    if (auto few = check_bytes(*image, least_pixel_bytes(*image), limits); !few)
        return pass(few.error());
    if (bmp && image->row_stride_bytes == 0)
        return not_decoded("a bitmap with " + pixel_format_name(image->fourcc) + " inside");
    if (bmp) return decode_bmp(file, *image);
    if (image->fourcc == kFourccPnm) return decode_pnm(file);
    if (image->fourcc == kFourccJpeg)
        if (auto right = check_jpeg_segments(file); !right) return pass(right.error());
    return decode_by_stb(file, *image, limits);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Image> load_image(const std::string& path, const ImageLimits& limits) try {
    auto file = read_file(path, limits);
    if (!file) return pass(file.error());
    auto image = decode_image(*file, limits);
    if (image) return image;
    Status status = image.error();
    status.message = in_quotes(path) + ": " + status.message;
    return pass(std::move(status));
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry

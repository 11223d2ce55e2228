// The only unit that sees stb. Its global settings are never touched, so threads don't meet in it.
#include "stb_codec.h"

#include <algorithm>
#include <limits>
#include <string>

#include "checked_math.h"
#include "stb_memory.h"

namespace mapferry {

namespace {

// stb's assertions can be reached by damaged files: they end the call and not the process. What it
// had allocated is freed by StbMemory.
struct StbFault {};

void stb_assert(bool holds) {
    if (!holds) throw StbFault();
}

}  // namespace

}  // namespace mapferry

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC  // a program may have its own stb_image, of another version
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_GIF  // its header alone
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS (1 << 24)
#define STBI_ASSERT(x) mapferry::stb_assert(x)
#define STBI_MALLOC(bytes) mapferry::StbMemory::current().allocate(bytes)
#define STBI_REALLOC(block, bytes) mapferry::StbMemory::current().reallocate(block, bytes)
#define STBI_FREE(block) mapferry::StbMemory::current().free(block)

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_ASSERT(x) mapferry::stb_assert(x)
#define STBIW_MALLOC(bytes) STBI_MALLOC(bytes)
#define STBIW_REALLOC(block, bytes) STBI_REALLOC(block, bytes)
#define STBIW_FREE(block) STBI_FREE(block)

// Not our code: its warnings are not ours to mend. They are silenced to the end of the file, for
// the compiler finds some of them only where the code is inlined.
#if defined(__GNUC__)  // clang, too
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-function"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

namespace mapferry {

namespace {

constexpr std::size_t kIntMax = std::numeric_limits<int>::max();

const stbi_uc* stb_bytes(std::span<const std::byte> bytes) {
    return reinterpret_cast<const stbi_uc*>(bytes.data());
}

std::unexpected<Status> decode_failure(const StbMemory& memory, const char* reason) {
    if (memory.was_short()) return fail(Code::kIo, "no memory for the decoded picture");
    return fail(Code::kCorrupt, std::string("the picture is damaged: ") +
                                    (reason != nullptr ? reason : "no reason"));
}

// What the file has, as far as there are formats for it: 1, 3 or 4.
int channels_of(const stbi_uc* file, int count) {
    int width = 0;
    int height = 0;
    int channels = 0;
    if (stbi_info_from_memory(file, count, &width, &height, &channels) != 1) return 0;
    return channels == 2 ? 4 : channels;  // grey with alpha
}

// Pixels in memory of stb's, null when there is a reason.
const void* decode_pixels(std::span<const std::byte> file, StbPixels& pixels) {
    const auto count = static_cast<int>(file.size());
    const int channels = channels_of(stb_bytes(file), count);
    if (channels == 0) return nullptr;
    const bool wide = channels == 1 && stbi_is_16_bit_from_memory(stb_bytes(file), count) != 0;
    int width = 0;
    int height = 0;
    int ignored = 0;
    const void* data = nullptr;
    if (wide)
        data = stbi_load_16_from_memory(stb_bytes(file), count, &width, &height, &ignored, 1);
    else
        data = stbi_load_from_memory(stb_bytes(file), count, &width, &height, &ignored, channels);
    if (data == nullptr) return nullptr;
    pixels.width = static_cast<std::uint32_t>(width);
    pixels.height = static_cast<std::uint32_t>(height);
    pixels.channels = static_cast<std::uint32_t>(channels);
    pixels.bytes_per_sample = wide ? 2 : 1;
    const std::size_t bytes = std::size_t{pixels.width} * pixels.height * pixels.channels *
                              pixels.bytes_per_sample;  // stb holds that many
    pixels.bytes = {static_cast<const std::byte*>(data), bytes};
    return data;
}

void append(void* context, void* data, int size) {
    auto& file = *static_cast<std::vector<std::byte>*>(context);
    const auto* const bytes = static_cast<const std::byte*>(data);
    file.insert(file.end(), bytes, bytes + size);
}

int encode_pixels(const StbPixels& pixels, PictureFormat format, int jpeg_quality,
                  std::vector<std::byte>& file) {
    const auto width = static_cast<int>(pixels.width);
    const auto height = static_cast<int>(pixels.height);
    const auto channels = static_cast<int>(pixels.channels);
    const void* const data = pixels.bytes.data();
    switch (format) {
        case PictureFormat::kBmp:
            return stbi_write_bmp_to_func(append, &file, width, height, channels, data);
        case PictureFormat::kPng:
            return stbi_write_png_to_func(append, &file, width, height, channels, data,
                                          width * channels);
        case PictureFormat::kJpeg:
            return stbi_write_jpg_to_func(append, &file, width, height, channels, data,
                                          jpeg_quality);
        case PictureFormat::kPnm:
            break;  // not stb's
    }
    return 0;
}

}  // namespace

std::optional<StbShape> stb_shape(std::span<const std::byte> beginning) try {
    StbMemory memory(kStbProbeBytes);
    const auto count = static_cast<int>(std::min(beginning.size(), kStbProbeBytes));
    int width = 0;
    int height = 0;
    int channels = 0;
    if (stbi_info_from_memory(stb_bytes(beginning), count, &width, &height, &channels) != 1)
        return std::nullopt;
    if (width < 1 || height < 1) return std::nullopt;
    return StbShape{.width = static_cast<std::uint32_t>(width),
                    .height = static_cast<std::uint32_t>(height)};
} catch (const StbFault&) {
    return std::nullopt;
}

Result<void> stb_decode(std::span<const std::byte> file, std::size_t memory_limit_bytes,
                        const std::function<Result<void>(const StbPixels&)>& take) {
    if (file.size() > kIntMax)
        return fail(Code::kIo, "a picture file of more than 2 GiB cannot be decoded");
    StbMemory memory(memory_limit_bytes);
    StbPixels pixels;
    try {
        if (decode_pixels(file, pixels) == nullptr)
            return decode_failure(memory, stbi_failure_reason());
    } catch (const StbFault&) {
        return decode_failure(memory, "stb's assertion failed");
    }
    return take(pixels);
}

Result<std::vector<std::byte>> stb_encode(const StbPixels& pixels, PictureFormat format,
                                          int jpeg_quality) {
    // Its JPEG header has room for 16 bits.
    if (format == PictureFormat::kJpeg && std::max(pixels.width, pixels.height) > 65'535)
        return fail(Code::kUsage, "a JPEG picture has at most 65535 pixels a side",
                    "choose another format");
    // stb calculates with int: rows with a byte in front, and a header. Grey bitmaps get three
    // channels.
    const auto row = checked_multiply(pixels.width, std::max(pixels.channels, 3u));
    const auto all = row ? checked_multiply(*row + 4, pixels.height) : std::nullopt;
    if (!all || *all > kIntMax - 1024)
        return fail(Code::kIo, "a picture of more than 2 GiB cannot be encoded");
    StbMemory memory(std::numeric_limits<std::size_t>::max() / 2);
    std::vector<std::byte> file;
    try {
        if (encode_pixels(pixels, format, jpeg_quality, file) != 0) return file;
    } catch (const StbFault&) {
        return fail(Code::kIo, "no memory to encode the picture");
    } catch (const std::bad_alloc&) {  // of `file`
        return fail(Code::kIo, "no memory to encode the picture");
    }
    return fail(Code::kIo, "no memory to encode the picture");
}

}  // namespace mapferry

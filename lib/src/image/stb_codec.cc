// SPDX-License-Identifier: Apache-2.0
// The only unit that sees stb. It never changes stb's global settings, so threads do not meet
// there.
#include "image/stb_codec.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/checked_math.h"
#include "image/stb_memory.h"

namespace mapferry::inline v1 {

namespace {

// Damaged files can reach stb's assertions. These end the call and not the process. StbMemory frees
// what the call had allocated.
struct StbFault {};

void stb_assert(bool holds) {
    if (!holds) throw StbFault();
}

}  // namespace

}  // namespace mapferry::inline v1

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC  // a program may have its own stb_image, of another version
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
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

// This is not our code, so its warnings are not ours to fix. They are silenced to the end of the
// file, because the compiler finds some of them only where the code is inlined.
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

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kIntMax = std::numeric_limits<int>::max();

const stbi_uc* stb_bytes(std::span<const std::byte> bytes) {
    return reinterpret_cast<const stbi_uc*>(bytes.data());
}

// stb's words that say nothing to people, or nothing at all.
std::string in_plain_words(const char* reason) {
    constexpr std::array kWords = {
        std::pair<std::string_view, const char*>{"outofdata", "its data end early"},
        std::pair<std::string_view, const char*>{"", "it makes no sense"},
        std::pair<std::string_view, const char*>{"unknown image type", "it makes no sense"},
        std::pair<std::string_view, const char*>{"bad png sig", "it makes no sense"},
    };
    const std::string_view word = reason == nullptr ? "" : reason;
    for (const auto& [stb, plain] : kWords)
        if (word == stb) return plain;
    return std::string(word);
}

std::unexpected<Status> decode_failure(const StbMemory& memory, const char* reason) {
    if (memory.was_short()) return fail(Code::kOutOfMemory, "no memory for the decoded picture");
    return fail(Code::kCorrupt, "the picture is damaged: " + in_plain_words(reason));
}

// Pixels in stb's memory; null when stb has a failure reason.
const void* decode_pixels(std::span<const std::byte> file, StbPixels& pixels) {
    const auto count = static_cast<int>(file.size());
    const bool wide = stbi_is_16_bit_from_memory(stb_bytes(file), count) != 0;
    int width = 0;
    int height = 0;
    int channels = 0;  // as many as the file has, with those of its transparent colour
    const void* data = nullptr;
    if (wide)
        data = stbi_load_16_from_memory(stb_bytes(file), count, &width, &height, &channels, 0);
    else
        data = stbi_load_from_memory(stb_bytes(file), count, &width, &height, &channels, 0);
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
    // A JPEG's header has 16 bits for each side.
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
        return fail(Code::kOutOfMemory, "no memory to encode the picture");
    } catch (const std::bad_alloc&) {  // of `file`
        return fail(Code::kOutOfMemory, "no memory to encode the picture");
    }
    return fail(Code::kOutOfMemory, "no memory to encode the picture");
}

Result<std::vector<std::byte>> stb_deflate(std::span<const std::byte> bytes) {
    constexpr int kQuality = 8;  // stb's own for PNG
    StbMemory memory(std::numeric_limits<std::size_t>::max() / 2);
    try {
        // It only reads them.
        auto* const data = const_cast<stbi_uc*>(reinterpret_cast<const stbi_uc*>(bytes.data()));
        int count = 0;
        const auto* const packed =
            stbi_zlib_compress(data, static_cast<int>(bytes.size()), &count, kQuality);
        const auto* const begin = reinterpret_cast<const std::byte*>(packed);
        if (packed != nullptr) return std::vector<std::byte>(begin, begin + count);
    } catch (const StbFault&) {
        return fail(Code::kOutOfMemory, "no memory to encode the picture");
    } catch (const std::bad_alloc&) {  // of the vector
        return fail(Code::kOutOfMemory, "no memory to encode the picture");
    }
    return fail(Code::kOutOfMemory, "no memory to encode the picture");
}

}  // namespace mapferry::inline v1

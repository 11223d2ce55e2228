// SPDX-License-Identifier: Apache-2.0
// The only unit that sees stb_image_write. It never changes stb's global settings, so threads do
// not meet there.
#include "image/stb_encoder.h"

#include <algorithm>
#include <limits>
#include <new>

#include "base/checked_math.h"
#include "base/fail.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_ASSERT(x) mapferry::stb_assert(x)
#define STBIW_MALLOC(bytes) mapferry::StbMemory::current().allocate(bytes)
#define STBIW_REALLOC(block, bytes) mapferry::StbMemory::current().reallocate(block, bytes)
#define STBIW_FREE(block) mapferry::StbMemory::current().free(block)

#include "image/stb_quiet.h"

#include <stb/stb_image_write.h>

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kIntMax = std::numeric_limits<int>::max();

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
        auto* const data =
            const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));
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

// SPDX-License-Identifier: Apache-2.0
// The only unit that sees stb_image. It never changes stb's global settings, so threads do not meet
// there.
#include "image/stb_decoder.h"

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

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

#include "image/stb_quiet.h"

#include <stb/stb_image.h>

#include "base/fail.h"

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

}  // namespace mapferry::inline v1

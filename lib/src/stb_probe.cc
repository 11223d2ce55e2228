// The only unit that sees stb_image. It reads headers, never pixels, and only formats whose magic
// matched; the rest of stb_image is dropped by the compiler.
#include "stb_probe.h"

#include <algorithm>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC  // a program may have its own stb_image, of another version
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_GIF
#define STBI_NO_STDIO
#define STBI_NO_SIMD  // decoding only
#define STBI_NO_FAILURE_STRINGS
#define STBI_MAX_DIMENSIONS (1 << 24)

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

namespace mapferry {

std::optional<StbShape> stb_shape(std::span<const std::byte> beginning) {
    const auto* bytes = reinterpret_cast<const stbi_uc*>(beginning.data());
    const auto count = static_cast<int>(std::min(beginning.size(), kStbProbeBytes));
    int width = 0;
    int height = 0;
    int channels = 0;
    if (stbi_info_from_memory(bytes, count, &width, &height, &channels) != 1) return std::nullopt;
    if (width < 1 || height < 1) return std::nullopt;
    return StbShape{.width = static_cast<std::uint32_t>(width),
                    .height = static_cast<std::uint32_t>(height)};
}

}  // namespace mapferry

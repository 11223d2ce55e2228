// stb_image and stb_image_write behind a wall: all that the library sees of them. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "mapferry/image_file.h"
#include "mapferry/status.h"

namespace mapferry {

struct StbShape {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

inline constexpr std::size_t kStbProbeBytes = 64 * 1024;

// Width and height of a PNG, JPEG or GIF by its header. The caller has looked at the magic, and
// shows of a JPEG no table: stb_image before 2.28 writes past its own Huffman table when the counts
// of a DHT segment add up to more than 256. Only the first kStbProbeBytes are looked at.
[[nodiscard]] std::optional<StbShape> stb_shape(std::span<const std::byte> beginning);

// Decoded pixels, packed and top-down: grey, RGB or RGBA.
struct StbPixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t channels = 0;          // 1, 3 or 4
    std::uint32_t bytes_per_sample = 1;  // 2: grey alone, of this machine's byte order
    std::span<const std::byte> bytes = {};
};

// Decodes a PNG, or a JPEG whose tables check_jpeg_segments() has found right, and shows the pixels
// to `take` before they are freed. kCorrupt with stb's reason; kIo: stb wanted more memory at once
// than `memory_limit_bytes`, or there is no more; and take's errors.
[[nodiscard]] Result<void> stb_decode(std::span<const std::byte> file,
                                      std::size_t memory_limit_bytes,
                                      const std::function<Result<void>(const StbPixels&)>& take);

// Encodes packed top-down pixels of 8 bits a sample as BMP, PNG or JPEG. kIo: too large for stb, or
// no memory.
[[nodiscard]] Result<std::vector<std::byte>> stb_encode(const StbPixels& pixels,
                                                        PictureFormat format, int jpeg_quality);

}  // namespace mapferry

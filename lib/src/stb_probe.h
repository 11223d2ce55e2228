// stb_image behind a wall: the only header that image_probe.cc sees of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mapferry {

struct StbShape {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

inline constexpr std::size_t kStbProbeBytes = 64 * 1024;

// Width and height of a PNG, JPEG or GIF by its header. The caller has looked at the magic, and
// shows of a JPEG no table: stb_image before 2.28 writes past its own Huffman table when the counts
// of a DHT segment add up to more than 256. Only the first kStbProbeBytes are looked at.
// Thread-safe.
[[nodiscard]] std::optional<StbShape> stb_shape(std::span<const std::byte> beginning);

}  // namespace mapferry

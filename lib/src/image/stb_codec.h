// SPDX-License-Identifier: Apache-2.0
// Everything that the library sees of stb_image and stb_image_write. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mapferry/image_file.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Decoded pixels, packed and top-down: grey, grey with alpha, RGB or RGBA.
struct StbPixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t channels = 0;          // 1 to 4
    std::uint32_t bytes_per_sample = 1;  // 2: of this machine's byte order
    std::span<const std::byte> bytes = {};
};

// Decodes a PNG that check_png() has accepted, or a JPEG that check_jpeg_segments() has, and passes
// the pixels to `take` before they are freed. kCorrupt with the reason; kOutOfMemory: stb wanted
// more memory at once than `memory_limit_bytes`, or there is no more; kIo: the file is larger than
// 2 GiB; and take's errors.
[[nodiscard]] Result<void> stb_decode(std::span<const std::byte> file,
                                      std::size_t memory_limit_bytes,
                                      const std::function<Result<void>(const StbPixels&)>& take);

// Encodes packed top-down pixels of 8 bits a sample as BMP, PNG or JPEG. kIo: too large for stb;
// kUsage: a side too long for JPEG; kOutOfMemory.
[[nodiscard]] Result<std::vector<std::byte>> stb_encode(const StbPixels& pixels,
                                                        PictureFormat format, int jpeg_quality);

// A zlib stream (RFC 1950) of the bytes. kOutOfMemory. REQUIRES: at most 2 GiB.
[[nodiscard]] Result<std::vector<std::byte>> stb_deflate(std::span<const std::byte> bytes);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// The chunks of a PNG (W3C "Portable Network Graphics", chapters 5 and 11), checked before
// stb_image decodes it; and PNGs of 16 bits a sample, which stb_image_write can't make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// A chunk without its data: length and name come before the data, a checksum behind.
struct PngChunk {
    std::uint32_t name = 0;  // "IHDR" as one number, the first letter highest
    std::size_t data_bytes = 0;

    [[nodiscard]] std::size_t all_bytes() const { return data_bytes + 12; }
    // Chunks that no decoder may skip.
    [[nodiscard]] bool is_critical() const { return (name & 0x2000'0000) == 0; }
};

inline constexpr std::size_t kPngSignatureBytes = 8;
inline constexpr std::size_t kPngChunkHeadBytes = 8;
inline constexpr std::uint32_t kPngBegin = 0x4948'4452;  // IHDR
inline constexpr std::uint32_t kPngEnd = 0x4945'4E44;    // IEND

// Reads the head of a chunk. An impossible length, or a name that is no word, is no chunk: then
// data_bytes is larger than any file. REQUIRES: kPngChunkHeadBytes bytes.
[[nodiscard]] PngChunk read_png_chunk(std::span<const std::byte> head);

struct PngFacts {
    std::span<const std::byte> exif = {};  // empty when there is none
    bool is_animated = false;
};

// Walks all chunks. kCorrupt: they don't reach IEND, or a critical chunk's checksum is wrong.
[[nodiscard]] Result<PngFacts> check_png(std::span<const std::byte> png);

// Encodes GRAY16, RGB48 or RGBA64. kOutOfMemory; kIo: too large. REQUIRES: it is one of them.
[[nodiscard]] Result<std::vector<std::byte>> encode_wide_png(const ImageView& image);

}  // namespace mapferry::inline v1

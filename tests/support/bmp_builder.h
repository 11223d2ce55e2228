// SPDX-License-Identifier: Apache-2.0
// Makes bitmap files for the tests of the code that reads bitmaps.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "format/layout.h"

namespace mapferry {

// biCompression
inline constexpr std::uint32_t kRgb = 0;
inline constexpr std::uint32_t kRle8 = 1;
inline constexpr std::uint32_t kRle4 = 2;
inline constexpr std::uint32_t kBitfields = 3;
inline constexpr std::uint32_t kJpeg = 4;
inline constexpr std::uint32_t kPng = 5;
inline constexpr std::uint32_t kAlphaBitfields = 6;
inline constexpr std::uint32_t kOs2Huffman = 3;
inline constexpr std::uint32_t kOs2Rle24 = 4;

// A bitmap file of zero pixels. Its fields are written one by one, as Microsoft documents them.
struct Bmp {
    std::uint32_t header_bytes = 40;
    std::int32_t width = 5;
    std::int32_t height = 3;
    std::uint32_t planes = 1;
    std::uint32_t bits = 24;
    std::uint32_t compression = kRgb;
    std::uint32_t image_bytes = 0;
    std::uint32_t colors_used = 0;
    std::array<std::uint32_t, 4> masks = {};
    std::uint32_t pixel_offset = 0;  // 0 = right behind headers, masks and palette
    std::uint64_t pixel_bytes =
        layout::kUnknownBytes;  // layout::kUnknownBytes = as many as the header asks for

    [[nodiscard]] bool has_masks_behind() const {
        return header_bytes == 40 && (compression == kBitfields || compression == kAlphaBitfields);
    }

    [[nodiscard]] std::uint32_t mask_bytes() const {
        if (!has_masks_behind()) return 0;
        return compression == kAlphaBitfields ? 16 : 12;
    }

    [[nodiscard]] std::uint32_t headers_end() const { return 14 + header_bytes + mask_bytes(); }

    [[nodiscard]] std::uint32_t palette_bytes() const {
        if (bits == 0 || bits > 8) return 0;
        const std::uint32_t entry_bytes = header_bytes == 12 ? 3 : 4;
        return entry_bytes * (colors_used != 0 ? colors_used : std::uint32_t{1} << bits);
    }

    [[nodiscard]] std::uint64_t stride() const {
        return (static_cast<std::uint64_t>(width) * bits + 31) / 32 * 4;
    }

    [[nodiscard]] std::vector<std::byte> bytes() const {
        const std::uint32_t offset =
            pixel_offset != 0 ? pixel_offset : headers_end() + palette_bytes();
        const std::uint64_t rows = static_cast<std::uint64_t>(height < 0 ? -height : height);
        const std::uint64_t pixels =
            pixel_bytes != layout::kUnknownBytes ? pixel_bytes : image_bytes + stride() * rows;
        std::vector<std::byte> file(std::max<std::size_t>(offset, headers_end()) +
                                    static_cast<std::size_t>(pixels));
        put(file, 0, 'B' | 'M' << 8, 2);
        put(file, 2, static_cast<std::uint32_t>(file.size()), 4);
        put(file, 10, offset, 4);
        put_header(file);
        return file;
    }

  private:
    static void put(std::vector<std::byte>& file, std::size_t at, std::uint32_t value,
                    std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            file.at(at + i) = static_cast<std::byte>(value >> 8 * i & 0xFF);
    }

    // Leaves out the fields that lie past the end of a short header.
    void put_header(std::vector<std::byte>& file) const {
        const std::size_t end = headers_end();
        const bool is_core = header_bytes == 12;
        const std::size_t side = is_core ? 2 : 4;
        put(file, 14, header_bytes, 4);
        put(file, 18, static_cast<std::uint32_t>(width), side);
        put(file, 18 + side, static_cast<std::uint32_t>(height), side);
        put(file, 18 + 2 * side, planes, 2);
        put(file, 20 + 2 * side, bits, 2);
        if (end >= 34) put(file, 30, compression, 4);
        if (end >= 38) put(file, 34, image_bytes, 4);
        if (end >= 50) put(file, 46, colors_used, 4);
        for (std::size_t i = 0; i < masks.size(); ++i)
            if (end >= 58 + 4 * i) put(file, 54 + 4 * i, masks[i], 4);
    }
};

}  // namespace mapferry

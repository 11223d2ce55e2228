// SPDX-License-Identifier: Apache-2.0
#include "image/picture_end.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "format/layout.h"
#include "image/bmp_header.h"
#include "image/image_bytes.h"
#include "image/jpeg_segments.h"
#include "image/png_file.h"
#include "image/pnm_file.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;
using Found = PictureEnd::Found;

PictureEnd end_by_size(Bytes bytes, std::uint64_t size) {
    const bool is_there = size <= bytes.size();
    return {.found = is_there ? Found::kEnd : Found::kNotYet,
            .bytes = static_cast<std::size_t>(size),
            .is_by_size = true};
}

// ---- bitmaps -----------------------------------------------------------------------------------

// Raw pixels have a computed size. The file's own size counts where it is larger and no picture
// begins behind the pixels: a colour profile or a gap may follow them. Encoded pixels end where the
// file or the header claims.
PictureEnd find_bmp_end(Bytes bytes) {
    constexpr std::size_t kHeadersMax = 14 + 124 + 16;
    const auto image = parse_bmp_header(bytes, layout::kUnknownBytes);
    if (!image && bytes.size() < kHeadersMax) return {};
    const auto header = read_bmp_header(bytes);
    if (!image || !header) return {.found = Found::kDamage};
    const std::uint64_t offset = bmp_pixel_offset(*header);
    if (image->row_stride_bytes == 0) {
        const std::uint64_t size =
            header->file_bytes > offset ? header->file_bytes : offset + header->image_bytes;
        if (size == offset) return {.may_be_endless = true};
        PictureEnd end = end_by_size(bytes, size);
        end.may_be_longer = true;  // viewers do not look at either word
        return end;
    }
    const std::uint64_t least = offset + image->row_stride_bytes * image->height;
    if (header->file_bytes <= least || bytes.size() < least) return end_by_size(bytes, least);
    const Bytes behind = bytes.subspan(static_cast<std::size_t>(least));
    if (behind.size() >= kPictureMarkBytes && kind_of_picture(behind) != PictureKind::kNone)
        return end_by_size(bytes, least);
    PictureEnd end = end_by_size(bytes, header->file_bytes);
    // The end of the stream is good enough, too.
    end.may_be_endless = true;
    return end;
}

// ---- PNG: chunks up to IEND --------------------------------------------------------------------

PictureEnd find_png_end(Bytes bytes, std::size_t& position) {
    position = std::max(position, kPngSignatureBytes);
    while (position + kPngChunkHeadBytes <= bytes.size()) {
        const PngChunk chunk = read_png_chunk(bytes.subspan(position));
        // A second beginning is that of the next picture; this one was cut.
        const bool begins = chunk.name == kPngBegin && position > kPngSignatureBytes;
        if (chunk.name == 0 || begins) return {.found = Found::kDamage};
        if (chunk.all_bytes() > bytes.size() - position)
            return {.bytes = position + chunk.all_bytes(), .is_by_size = true};
        position += chunk.all_bytes();
        if (chunk.name == kPngEnd) return {.found = Found::kEnd, .bytes = position};
    }
    return {};
}

// ---- GIF: blocks up to the trailer -------------------------------------------------------------

// The bytes of a colour table, by the flags that announce it.
std::size_t color_table_bytes(unsigned flags) {
    return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

// Behind data in sub-blocks; 0 when the bytes end before.
std::size_t skip_sub_blocks(Bytes bytes, std::size_t at) {
    while (at < bytes.size()) {
        const auto count = std::to_integer<std::size_t>(bytes[at]);
        at += 1 + count;
        if (count == 0) return at;
    }
    return 0;
}

PictureEnd find_gif_end(Bytes bytes, std::size_t& position) {
    constexpr std::size_t kScreenBytes = 13;
    constexpr std::size_t kImageBytes = 10;
    if (bytes.size() < kScreenBytes) return {};
    const auto flags_at = [bytes](std::size_t at) { return std::to_integer<unsigned>(bytes[at]); };
    if (position == 0) position = kScreenBytes + color_table_bytes(flags_at(10));
    while (position < bytes.size()) {
        std::size_t data = 0;
        switch (flags_at(position)) {
            case 0x3B:  // trailer
                return {.found = Found::kEnd, .bytes = position + 1};
            case 0x21:  // extension, with its label
                data = position + 2;
                break;
            case 0x2C:  // image, and the size of its codes
                if (position + kImageBytes > bytes.size()) return {};
                data = position + kImageBytes + color_table_bytes(flags_at(position + 9)) + 1;
                break;
            default:
                return {.found = Found::kDamage};
        }
        const std::size_t next = skip_sub_blocks(bytes, data);
        if (next == 0 || next > bytes.size()) return {};
        position = next;
    }
    return {};
}

// ---- PPM and PGM -------------------------------------------------------------------------------

PictureEnd find_pnm_end(Bytes bytes) {
    constexpr std::size_t kHeaderMax = 64 * 1024;  // with comments
    const auto header = read_pnm_header(bytes);
    if (!header) return {.found = bytes.size() < kHeaderMax ? Found::kNotYet : Found::kDamage};
    // Two sides under 2^31 and at most 6 bytes.
    const std::uint64_t row_bytes = std::uint64_t{header->width} * header->bytes_per_pixel();
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max() / 2;
    if (row_bytes > kMax / header->height) return {.found = Found::kDamage};
    return end_by_size(bytes, header->pixel_offset + row_bytes * header->height);
}

}  // namespace

PictureKind kind_of_picture(Bytes beginning) {
    if (beginning.empty()) return PictureKind::kNone;
    // This function is called for every byte where a picture is looked for.
    switch (std::to_integer<unsigned>(beginning[0])) {
        case 'B':
            if (begins_with(beginning, "BM")) return PictureKind::kBmp;
            break;
        case 0x89:
            if (begins_with(beginning, "\x89PNG\r\n\x1A\n")) return PictureKind::kPng;
            break;
        case 0xFF:
            if (begins_with(beginning, "\xFF\xD8\xFF")) return PictureKind::kJpeg;
            break;
        case 'G':
            if (begins_with(beginning, "GIF87a") || begins_with(beginning, "GIF89a"))
                return PictureKind::kGif;
            break;
        case 'P':
            if (begins_with(beginning, "P5") || begins_with(beginning, "P6"))
                return PictureKind::kPnm;
            break;
        default:
            break;
    }
    return PictureKind::kNone;
}

PictureEnd find_picture_end(Bytes bytes, std::size_t& position) {
    switch (kind_of_picture(bytes)) {
        case PictureKind::kBmp:
            return find_bmp_end(bytes);
        case PictureKind::kPng:
            return find_png_end(bytes, position);
        case PictureKind::kGif:
            return find_gif_end(bytes, position);
        case PictureKind::kPnm:
            return find_pnm_end(bytes);
        case PictureKind::kJpeg:
        case PictureKind::kNone:
            break;
    }
    if (const auto end = find_jpeg_end(bytes, position))
        return {.found = Found::kEnd, .bytes = *end};
    return {.may_be_endless = true, .pixels_at = find_jpeg_scan(bytes)};
}

}  // namespace mapferry::inline v1

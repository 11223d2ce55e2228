// SPDX-License-Identifier: Apache-2.0
// Sources: Microsoft's pages on BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER,
// BITMAPV4HEADER and BITMAPV5HEADER; for OS/2 2.x "OS/2 Presentation Manager Programming
// Reference", BITMAPINFOHEADER2; for the 52 and 56 byte headers, which have no page of their own,
// what GIMP and Photoshop write. Field names are Microsoft's in snake_case.
#include "image/bmp_header.h"
#include "base/fail.h"
#include "base/try.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

namespace mapferry::inline v1 {

namespace {

// BITMAPFILEHEADER: "BM", file size, two reserved words, offset of the pixels.
constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::size_t kFileBytesAt = 2;
constexpr std::size_t kPixelOffsetAt = 10;

// The header behind it begins with its own size, which shows its kind.
constexpr std::uint32_t kCoreHeaderBytes = 12;       // BITMAPCOREHEADER, OS/2 1.x
constexpr std::uint32_t kOs2HeaderBytesMin = 16;     // BITMAPINFOHEADER2, which may be cut anywhere
constexpr std::uint32_t kInfoHeaderBytes = 40;       // BITMAPINFOHEADER
constexpr std::uint32_t kRgbMasksHeaderBytes = 52;   // with three masks
constexpr std::uint32_t kRgbaMasksHeaderBytes = 56;  // with four
constexpr std::uint32_t kOs2HeaderBytesMax = 64;
constexpr std::uint32_t kV4HeaderBytes = 108;
constexpr std::uint32_t kV5HeaderBytes = 124;

// biCompression. 3 and 4 mean Huffman and 24-bit run lengths in OS/2.
constexpr std::uint32_t kRgb = 0;
constexpr std::uint32_t kRle8 = 1;
constexpr std::uint32_t kRle4 = 2;
constexpr std::uint32_t kBitfields = 3;
constexpr std::uint32_t kJpeg = 4;
constexpr std::uint32_t kPng = 5;
constexpr std::uint32_t kAlphaBitfields = 6;  // Windows CE
constexpr std::uint32_t kCmyk = 11;
constexpr std::uint32_t kCmykRle4 = 13;

// The masks are at the same place whether they belong to the header or follow a 40 byte one.
constexpr std::size_t kMasksAt = kFileHeaderBytes + kInfoHeaderBytes;

// ---- reading -----------------------------------------------------------------------------------

// Little-endian numbers at fixed places. Bytes past the end read as zero: the fields that a short
// OS/2 header lacks are zero by definition, and all others are asked for only when they are there.
class Fields {
  public:
    explicit Fields(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint32_t u16(std::size_t at) const { return u8(at) | u8(at + 1) << 8; }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const { return u16(at) | u16(at + 2) << 16; }

  private:
    [[nodiscard]] std::uint32_t u8(std::size_t at) const {
        return at < bytes_.size() ? std::to_integer<std::uint32_t>(bytes_[at]) : 0;
    }
    std::span<const std::byte> bytes_;
};

std::optional<BmpKind> kind_of(std::uint32_t header_bytes) {
    switch (header_bytes) {
        case kCoreHeaderBytes:
            return BmpKind::kCore;
        case kInfoHeaderBytes:
        case kRgbMasksHeaderBytes:
        case kRgbaMasksHeaderBytes:
        case kV4HeaderBytes:
        case kV5HeaderBytes:
            return BmpKind::kWindows;
        default:
            break;
    }
    if (header_bytes >= kOs2HeaderBytesMin && header_bytes <= kOs2HeaderBytesMax)
        return BmpKind::kOs2;
    return std::nullopt;
}

void read_core_fields(BmpHeader& header, const Fields& fields) {
    header.width = fields.u16(18);
    header.height = fields.u16(20);
    header.bit_count = fields.u16(24);
}

void read_info_fields(BmpHeader& header, const Fields& fields) {
    header.width = fields.u32(18);
    header.height = fields.u32(22);
    header.bit_count = fields.u16(28);
    header.compression = fields.u32(30);
    header.image_bytes = fields.u32(34);
    header.colors_used = fields.u32(46);
}

// A negative height means that the first row is the top one. The most negative height has no
// positive counterpart; it and a width past 31 bits become zero, which is refused later.
void resolve_signs(BmpHeader& header) {
    constexpr std::uint32_t kSignBit = 0x8000'0000;
    if (header.width >= kSignBit) header.width = 0;
    if (header.height < kSignBit) return;
    header.top_down = true;
    header.height = header.height == kSignBit ? 0 : ~header.height + 1;
}

// 3 means bit fields in Windows, which make no sense for one bit.
bool is_huffman(const BmpHeader& header) {
    return header.compression == kBitfields &&
           (header.kind == BmpKind::kOs2 || header.bit_count == 1);
}

std::uint32_t masks_behind_header(const BmpHeader& header) {
    if (header.kind != BmpKind::kWindows || header.header_bytes != kInfoHeaderBytes) return 0;
    if (header.compression == kBitfields) return is_huffman(header) ? 0 : 12;
    return header.compression == kAlphaBitfields ? 16 : 0;
}

// Leaves out bits that a pixel doesn't have: some programs write an alpha mask for those.
BmpMasks read_masks(const BmpHeader& header, const Fields& fields) {
    const std::size_t end = kFileHeaderBytes + header.header_bytes + header.mask_bytes;
    const bool has_alpha = kMasksAt + 16 <= end;
    const std::uint32_t all = header.bit_count == 16 ? 0xFFFF : 0xFFFF'FFFF;
    return {.red = fields.u32(kMasksAt) & all,
            .green = fields.u32(kMasksAt + 4) & all,
            .blue = fields.u32(kMasksAt + 8) & all,
            .alpha = has_alpha ? fields.u32(kMasksAt + 12) & all : 0};
}

bool begins_like_bmp(std::span<const std::byte> beginning) {
    return beginning.size() >= kFileHeaderBytes + 4 && beginning[0] == std::byte{'B'} &&
           beginning[1] == std::byte{'M'};
}

}  // namespace

std::optional<BmpHeader> read_bmp_header(std::span<const std::byte> beginning) {
    if (!begins_like_bmp(beginning)) return std::nullopt;
    const std::uint32_t header_bytes = Fields(beginning).u32(kFileHeaderBytes);
    const auto kind = kind_of(header_bytes);
    if (!kind || kFileHeaderBytes + header_bytes > beginning.size()) return std::nullopt;

    // The bytes behind a short header must not be taken for its missing fields.
    const Fields fields(beginning.first(kFileHeaderBytes + header_bytes));
    BmpHeader header{.kind = *kind, .header_bytes = header_bytes};
    header.file_bytes = fields.u32(kFileBytesAt);
    header.pixel_offset = fields.u32(kPixelOffsetAt);
    if (*kind == BmpKind::kCore)
        read_core_fields(header, fields);
    else
        read_info_fields(header, fields);
    resolve_signs(header);
    header.mask_bytes = masks_behind_header(header);
    if (kFileHeaderBytes + header_bytes + header.mask_bytes > beginning.size()) return std::nullopt;
    header.masks = read_masks(header, Fields(beginning));
    return header;
}

std::size_t bmp_palette_offset(const BmpHeader& header) {
    return kFileHeaderBytes + header.header_bytes + header.mask_bytes;
}

std::size_t bmp_palette_entry_bytes(const BmpHeader& header) {
    return header.kind == BmpKind::kCore ? 3 : 4;
}

std::uint64_t bmp_pixel_offset(const BmpHeader& header) {
    if (header.pixel_offset != 0) return header.pixel_offset;
    std::uint64_t colors = header.colors_used;
    if (colors == 0 && header.bit_count >= 1 && header.bit_count <= 8)
        colors = std::uint64_t{1} << header.bit_count;
    return bmp_palette_offset(header) + colors * bmp_palette_entry_bytes(header);
}

namespace {

// ---- judging -----------------------------------------------------------------------------------

std::unexpected<Status> damaged_bmp(const std::string& why) {
    return fail(Code::kCorrupt, "the bitmap is damaged: " + why);
}

std::unexpected<Status> unknown_kind(const BmpHeader& header) {
    if (header.compression >= kCmyk && header.compression <= kCmykRle4)
        return fail(Code::kUsage, "a bitmap of CMYK colours is not decoded");
    return damaged_bmp(std::to_string(header.bit_count) + " bits a pixel with compression " +
                       std::to_string(header.compression) + " are no kind of bitmap");
}

// Whether the bits are contiguous, or none is set.
bool is_one_run(std::uint32_t mask) {
    return std::popcount(mask) + std::countl_zero(mask) + std::countr_zero(mask) == 32 || mask == 0;
}

bool masks_make_sense(const BmpMasks& masks) {
    const std::uint32_t colors = masks.red | masks.green | masks.blue;
    const std::uint32_t all = colors | masks.alpha;
    const int bits = std::popcount(masks.red) + std::popcount(masks.green) +
                     std::popcount(masks.blue) + std::popcount(masks.alpha);
    const bool overlap = std::popcount(all) != bits;
    return colors != 0 && !overlap && is_one_run(masks.red) && is_one_run(masks.green) &&
           is_one_run(masks.blue) && is_one_run(masks.alpha);
}

Result<std::uint32_t> fourcc_of_masks(const BmpHeader& header) {
    const BmpMasks& masks = header.masks;
    if (header.bit_count != 16 && header.bit_count != 32) return unknown_kind(header);
    if (!masks_make_sense(masks))
        return damaged_bmp("the masks of its colours overlap, have gaps or are empty");
    if (header.bit_count == 16) {
        if (masks == BmpMasks{0xF800, 0x07E0, 0x001F, 0}) return kFourccRgb565;
        if (masks == BmpMasks{0x7C00, 0x03E0, 0x001F, 0}) return kFourccRgb555;
    } else {
        if (masks == BmpMasks{0xFF0000, 0xFF00, 0xFF, 0}) return kFourccBgrx32;
        if (masks == BmpMasks{0xFF0000, 0xFF00, 0xFF, 0xFF000000}) return kFourccBgra32;
    }
    return kFourccBitfields;
}

// BI_RGB; the masks of larger headers do not count here. 16 and 32 bits came with Windows' headers,
// 2 bits with Windows CE, 64 with GDI+; programs write them behind any header.
Result<std::uint32_t> fourcc_of_bits(const BmpHeader& header) {
    switch (header.bit_count) {
        case 1:
            return kFourccPal1;
        case 2:
            return kFourccPal2;
        case 4:
            return kFourccPal4;
        case 8:
            return kFourccPal8;
        case 16:
            return kFourccRgb555;
        case 24:
            return kFourccBgr24;
        case 32:
            return kFourccBgrx32;
        case 64:
            return kFourccBmp64;
        default:
            return unknown_kind(header);
    }
}

// Whether the file holds a JPEG in place of pixels; the JPEG's own header describes it.
bool is_jpeg(const BmpHeader& header, std::span<const std::byte> beginning) {
    if (header.compression != kJpeg || header.kind == BmpKind::kOs2) return false;
    if (header.bit_count != 24) return true;
    // Either a JPEG whose bits were written down, or OS/2's run lengths behind a short header.
    const std::uint64_t offset = bmp_pixel_offset(header);
    if (offset + 2 > beginning.size()) return false;
    const auto pixels = beginning.subspan(static_cast<std::size_t>(offset));
    return pixels[0] == std::byte{0xFF} && pixels[1] == std::byte{0xD8};
}

Result<std::uint32_t> fourcc_of(const BmpHeader& header, std::span<const std::byte> beginning) {
    if (header.compression == kRgb) return fourcc_of_bits(header);
    if (header.compression == kRle8 && header.bit_count == 8) return kFourccRle8;
    if (header.compression == kRle4 && header.bit_count == 4) return kFourccRle4;
    if (is_huffman(header) && header.bit_count == 1) return kFourccHuffman;
    if (is_jpeg(header, beginning)) return kFourccJpeg;
    if (header.compression == kJpeg && header.bit_count == 24) return kFourccRle24;
    if (header.kind != BmpKind::kWindows) return unknown_kind(header);
    // No document shows where a 52 byte header would have the fourth mask.
    const bool alpha_is_somewhere = header.header_bytes != kRgbMasksHeaderBytes;
    if (header.compression == kBitfields ||
        (header.compression == kAlphaBitfields && alpha_is_somewhere))
        return fourcc_of_masks(header);
    if (header.compression == kPng) return kFourccPng;
    return unknown_kind(header);
}

bool is_raw(const BmpHeader& header) {
    return header.compression == kRgb || header.compression == kAlphaBitfields ||
           (header.compression == kBitfields && !is_huffman(header));
}

// Rows are padded to four bytes. REQUIRES: width under 2^31, at most 64 bits a pixel.
std::uint64_t row_stride(const BmpHeader& header) {
    return (std::uint64_t{header.width} * header.bit_count + 31) / 32 * 4;
}

// A palette may be cut short by the pixels, as in files of some OS/2 programs, or be larger than
// needed. The length of encoded pixels is unknown: the decoder takes the bytes that there are.
Result<void> check_place(const BmpHeader& header, std::uint64_t file_bytes) {
    constexpr std::uint64_t kBytesMax = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t limit = std::min(file_bytes, kBytesMax);
    const std::uint64_t offset = bmp_pixel_offset(header);
    if (offset < bmp_palette_offset(header))
        return damaged_bmp("its pixels begin inside its header");
    if (offset >= limit) return damaged_bmp("its pixels begin behind the end of the file");
    const std::uint64_t room = limit - offset;
    const std::uint64_t stride = row_stride(header);
    if (!is_raw(header) || stride == 0 || header.height <= room / stride) return {};
    return damaged_bmp("it is cut short: there are " + std::to_string(room) + " bytes of " +
                       std::to_string(header.height) + " rows of " + std::to_string(stride));
}

Orientation orientation_of(const BmpHeader& header, std::uint32_t fourcc) {
    if (fourcc == kFourccJpeg || fourcc == kFourccPng) return Orientation::kUnknown;
    return header.top_down ? Orientation::kTopDown : Orientation::kBottomUp;
}

// A JPEG or PNG has bits of its own; those of the header do not count.
std::uint32_t bits_of(const BmpHeader& header, std::uint32_t fourcc) {
    return fourcc == kFourccJpeg || fourcc == kFourccPng ? 0 : header.bit_count;
}

}  // namespace

Result<ImageDescription> parse_bmp_header(std::span<const std::byte> beginning,
                                          std::uint64_t file_bytes) {
    if (!begins_like_bmp(beginning)) return damaged_bmp("it has no header");
    const auto header = read_bmp_header(beginning);
    if (!header)
        return damaged_bmp("its header is cut short, or has a size that no kind of bitmap has");
    if (header->width == 0 || header->height == 0)
        return damaged_bmp("its width or height is zero or out of range");
    TRY_ASSIGN(const auto fourcc, fourcc_of(*header, beginning));
    TRY(check_place(*header, file_bytes));
    return ImageDescription{.width = header->width,
                            .height = header->height,
                            .row_stride_bytes = is_raw(*header) ? row_stride(*header) : 0,
                            .fourcc = fourcc,
                            .bits_per_pixel = bits_of(*header, fourcc),
                            .orientation = orientation_of(*header, fourcc)};
}

}  // namespace mapferry::inline v1

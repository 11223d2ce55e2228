// Sources: Microsoft's pages on BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER,
// BITMAPV4HEADER and BITMAPV5HEADER; for OS/2 2.x "OS/2 Presentation Manager Programming
// Reference", BITMAPINFOHEADER2; for the 52 and 56 byte headers, which have no page of their own,
// what GIMP and Photoshop write. Field names are Microsoft's in snake_case.
#include "bmp_header.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace mapferry {

namespace {

// BITMAPFILEHEADER: "BM", file size, two reserved words, offset of the pixels.
constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::size_t kPixelOffsetAt = 10;

// The header behind it begins with its own size, which tells its kind.
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
    header.planes = fields.u16(22);
    header.bit_count = fields.u16(24);
}

void read_info_fields(BmpHeader& header, const Fields& fields) {
    header.width = fields.u32(18);
    header.height = fields.u32(22);
    header.planes = fields.u16(26);
    header.bit_count = fields.u16(28);
    header.compression = fields.u32(30);
    header.image_bytes = fields.u32(34);
    header.colors_used = fields.u32(46);
}

// A negative height says that the first row is the top one. The most negative one has no positive
// counterpart; it and a width past 31 bits become zero, which is refused later.
void resolve_signs(BmpHeader& header) {
    constexpr std::uint32_t kSignBit = 0x8000'0000;
    if (header.width >= kSignBit) header.width = 0;
    if (header.height < kSignBit) return;
    header.top_down = true;
    header.height = header.height == kSignBit ? 0 : ~header.height + 1;
}

std::uint32_t masks_behind_header(const BmpHeader& header) {
    if (header.kind != BmpKind::kWindows || header.header_bytes != kInfoHeaderBytes) return 0;
    if (header.compression == kBitfields) return 12;
    return header.compression == kAlphaBitfields ? 16 : 0;
}

BmpMasks read_masks(const BmpHeader& header, const Fields& fields) {
    const std::size_t end = kFileHeaderBytes + header.header_bytes + header.mask_bytes;
    const bool has_alpha = kMasksAt + 16 <= end;
    return {.red = fields.u32(kMasksAt),
            .green = fields.u32(kMasksAt + 4),
            .blue = fields.u32(kMasksAt + 8),
            .alpha = has_alpha ? fields.u32(kMasksAt + 12) : 0};
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

    // What lies behind a short header must not be taken for its missing fields.
    const Fields fields(beginning.first(kFileHeaderBytes + header_bytes));
    BmpHeader header{.kind = *kind, .header_bytes = header_bytes};
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

namespace {

// ---- judging -----------------------------------------------------------------------------------

// Contiguous, or not there at all.
bool is_one_run(std::uint32_t mask) {
    return std::popcount(mask) + std::countl_zero(mask) + std::countr_zero(mask) == 32 || mask == 0;
}

bool masks_make_sense(const BmpMasks& masks, std::uint32_t bit_count) {
    const std::uint32_t colors = masks.red | masks.green | masks.blue;
    const std::uint32_t all = colors | masks.alpha;
    const int bits = std::popcount(masks.red) + std::popcount(masks.green) +
                     std::popcount(masks.blue) + std::popcount(masks.alpha);
    const bool overlap = std::popcount(all) != bits;
    const bool inside = bit_count == 32 || all >> bit_count == 0;
    return colors != 0 && !overlap && inside && is_one_run(masks.red) && is_one_run(masks.green) &&
           is_one_run(masks.blue) && is_one_run(masks.alpha);
}

std::optional<std::uint32_t> fourcc_of_masks(const BmpMasks& masks, std::uint32_t bit_count) {
    if (bit_count != 16 && bit_count != 32) return std::nullopt;
    if (!masks_make_sense(masks, bit_count)) return std::nullopt;
    if (bit_count == 16) {
        if (masks == BmpMasks{0xF800, 0x07E0, 0x001F, 0}) return kFourccRgb565;
        if (masks == BmpMasks{0x7C00, 0x03E0, 0x001F, 0}) return kFourccRgb555;
    } else {
        if (masks == BmpMasks{0xFF0000, 0xFF00, 0xFF, 0}) return kFourccBgrx32;
        if (masks == BmpMasks{0xFF0000, 0xFF00, 0xFF, 0xFF000000}) return kFourccBgra32;
    }
    return kFourccBitfields;
}

// BI_RGB. 16 and 32 bits came with Windows' headers; the masks of larger headers do not count here.
std::optional<std::uint32_t> fourcc_of_bits(const BmpHeader& header) {
    switch (header.bit_count) {
        case 1:
            return kFourccPal1;
        case 4:
            return kFourccPal4;
        case 8:
            return kFourccPal8;
        case 24:
            return kFourccBgr24;
        default:
            break;
    }
    if (header.kind != BmpKind::kWindows) return std::nullopt;
    if (header.bit_count == 16) return kFourccRgb555;
    if (header.bit_count == 32) return kFourccBgrx32;
    return std::nullopt;
}

// Microsoft: only BI_RGB and BI_BITFIELDS may be top-down, and a JPEG or PNG has bit count 0.
std::optional<std::uint32_t> fourcc_of(const BmpHeader& header) {
    if (header.compression == kRgb) return fourcc_of_bits(header);
    if (header.compression == kRle8 && header.bit_count == 8 && !header.top_down)
        return kFourccRle8;
    if (header.compression == kRle4 && header.bit_count == 4 && !header.top_down)
        return kFourccRle4;
    if (header.kind != BmpKind::kWindows) return std::nullopt;
    if (header.compression == kBitfields) return fourcc_of_masks(header.masks, header.bit_count);
    // Of a 52 byte header nobody says where the fourth mask would be.
    if (header.compression == kAlphaBitfields && header.header_bytes != kRgbMasksHeaderBytes)
        return fourcc_of_masks(header.masks, header.bit_count);
    if (header.bit_count != 0 || header.top_down) return std::nullopt;
    if (header.compression == kJpeg) return kFourccJpeg;
    if (header.compression == kPng) return kFourccPng;
    return std::nullopt;
}

bool is_raw(const BmpHeader& header) {
    return header.compression == kRgb || header.compression == kBitfields ||
           header.compression == kAlphaBitfields;
}

// Rows are padded to four bytes. REQUIRES: width under 2^31, at most 32 bits a pixel.
std::uint64_t row_stride(const BmpHeader& header) {
    return (std::uint64_t{header.width} * header.bit_count + 31) / 32 * 4;
}

// The pixels must lie behind headers, masks and the palette that is announced; a palette of the
// default size may be cut short, as some OS/2 programs do.
bool pixels_are_behind_the_rest(const BmpHeader& header) {
    std::uint64_t end = bmp_palette_offset(header);
    if (header.bit_count >= 1 && header.bit_count <= 8) {
        if (header.colors_used > std::uint32_t{1} << header.bit_count) return false;
        end += std::uint64_t{header.colors_used} * 4;
    }
    return header.pixel_offset >= end;
}

// Whether the file is long enough for the pixels. Raw ones: every row. Encoded ones: as many bytes
// as the header says; old encoders leave that at 0 for run lengths.
bool pixels_fit(const BmpHeader& header, std::uint64_t file_bytes) {
    constexpr std::uint64_t kBytesMax = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t limit = std::min(file_bytes, kBytesMax);
    if (header.pixel_offset >= limit) return false;
    const std::uint64_t room = limit - header.pixel_offset;
    if (is_raw(header)) return header.height <= room / row_stride(header);
    const bool may_be_unset = header.compression == kRle8 || header.compression == kRle4;
    return header.image_bytes <= room && (header.image_bytes > 0 || may_be_unset);
}

Orientation orientation_of(const BmpHeader& header) {
    if (header.compression == kJpeg || header.compression == kPng) return Orientation::kUnknown;
    return header.top_down ? Orientation::kTopDown : Orientation::kBottomUp;
}

}  // namespace

std::optional<ImageDescription> parse_bmp_header(std::span<const std::byte> beginning,
                                                 std::uint64_t file_bytes) {
    const auto header = read_bmp_header(beginning);
    if (!header || header->planes != 1) return std::nullopt;
    if (header->width == 0 || header->height == 0) return std::nullopt;
    const auto fourcc = fourcc_of(*header);
    if (!fourcc || !pixels_are_behind_the_rest(*header) || !pixels_fit(*header, file_bytes))
        return std::nullopt;
    return ImageDescription{.width = header->width,
                            .height = header->height,
                            .row_stride_bytes = is_raw(*header) ? row_stride(*header) : 0,
                            .fourcc = *fourcc,
                            .bits_per_pixel = header->bit_count,
                            .orientation = orientation_of(*header)};
}

}  // namespace mapferry

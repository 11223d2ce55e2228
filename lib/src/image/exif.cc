// SPDX-License-Identifier: Apache-2.0
#include "image/exif.h"

#include <cstring>
#include <utility>

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

// Numbers of a TIFF; zero past its end.
class Tiff {
  public:
    explicit Tiff(Bytes bytes)
        : bytes_(bytes), is_little_(bytes.size() >= 2 && bytes[0] == std::byte{'I'}) {}

    [[nodiscard]] std::uint32_t u16(std::size_t at) const {
        return is_little_ ? u8(at) | u8(at + 1) << 8 : u8(at) << 8 | u8(at + 1);
    }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const {
        return is_little_ ? u16(at) | u16(at + 2) << 16 : u16(at) << 16 | u16(at + 2);
    }

  private:
    [[nodiscard]] std::uint32_t u8(std::size_t at) const {
        return at < bytes_.size() ? std::to_integer<std::uint32_t>(bytes_[at]) : 0;
    }
    Bytes bytes_;
    bool is_little_;
};

struct Place {
    std::uint32_t x = 0;
    std::uint32_t y = 0;
};

bool swaps_sides(ExifTurn turn) {
    return turn >= ExifTurn::kLeftTop;
}

// Where a pixel of the turned picture is in the stored one, whose last column and row `last` are.
Place stored_place(ExifTurn turn, const Place& turned, const Place& last) {
    switch (turn) {
        case ExifTurn::kTopRight:
            return {last.x - turned.x, turned.y};
        case ExifTurn::kBottomRight:
            return {last.x - turned.x, last.y - turned.y};
        case ExifTurn::kBottomLeft:
            return {turned.x, last.y - turned.y};
        case ExifTurn::kLeftTop:
            return {turned.y, turned.x};
        case ExifTurn::kRightTop:
            return {turned.y, last.y - turned.x};
        case ExifTurn::kRightBottom:
            return {last.x - turned.y, last.y - turned.x};
        case ExifTurn::kLeftBottom:
            return {last.x - turned.y, turned.x};
        case ExifTurn::kTopLeft:
            break;
    }
    return turned;
}

}  // namespace

ExifTurn read_exif_turn(Bytes exif) {
    constexpr std::uint32_t kOrientation = 274;
    constexpr std::uint32_t kShort = 3;
    constexpr std::size_t kEntryBytes = 12;
    const Tiff tiff(exif);
    if (tiff.u16(2) != 42) return ExifTurn::kTopLeft;
    const std::size_t directory = tiff.u32(4);
    if (directory >= exif.size()) return ExifTurn::kTopLeft;
    const std::size_t count = tiff.u16(directory);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t entry = directory + 2 + i * kEntryBytes;
        if (tiff.u16(entry) != kOrientation || tiff.u16(entry + 2) != kShort) continue;
        const std::uint32_t turn = tiff.u16(entry + 8);
        return turn >= 1 && turn <= 8 ? static_cast<ExifTurn>(turn) : ExifTurn::kTopLeft;
    }
    return ExifTurn::kTopLeft;
}

Result<Image> turn_image(Image image, ExifTurn turn) {
    if (turn == ExifTurn::kTopLeft) return image;
    ImageDescription shape = image.description();
    const std::size_t pixel_bytes = shape.bits_per_pixel / 8;
    const std::size_t stride = pixel_bytes * shape.width;
    const Place last{.x = shape.width - 1, .y = shape.height - 1};
    if (swaps_sides(turn)) std::swap(shape.width, shape.height);
    shape.row_stride_bytes = std::uint64_t{shape.width} * pixel_bytes;
    auto turned = Image::allocate(shape);
    if (!turned) return turned;
    const std::byte* const stored = std::as_const(image).bytes().data();
    std::byte* target = turned->bytes().data();
    for (std::uint32_t y = 0; y < shape.height; ++y)
        for (std::uint32_t x = 0; x < shape.width; ++x, target += pixel_bytes) {
            const Place from = stored_place(turn, {.x = x, .y = y}, last);
            std::memcpy(target, stored + from.y * stride + from.x * pixel_bytes, pixel_bytes);
        }
    return turned;
}

}  // namespace mapferry::inline v1

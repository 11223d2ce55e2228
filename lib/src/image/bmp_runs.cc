// SPDX-License-Identifier: Apache-2.0
#include "image/bmp_runs.h"

#include <algorithm>
#include <optional>

#include "base/try.h"
#include "mapferry/image_convert.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

// The numbers after a zero that are no run; larger ones count pixels that follow one by one.
constexpr unsigned kEndOfRow = 0;
constexpr unsigned kEndOfBitmap = 1;
constexpr unsigned kDelta = 2;

class RunDecoder {
  public:
    // `image` is BGRA32, of zeros.
    RunDecoder(Bytes data, const ImageDescription& description, const BmpPalette& palette,
               Image& image)
        : data_(data), description_(&description), palette_(&palette), image_(&image) {}

    // Decodes until the runs report their end, the rows are full, or the bytes end. Each pixel is
    // painted at most once, so the time is bounded by the file and the picture.
    void decode() {
        while (y_ < description_->height) {
            const auto count = take();
            const auto what = take();
            if (!what) return;
            if (*count != 0)
                paint_run(*count, *what);
            else if (*what == kEndOfRow)
                move(0, 1);
            else if (*what == kEndOfBitmap)
                break;
            else if (*what == kDelta)
                skip();
            else
                paint_literals(*what);
        }
        ended_ = true;
    }

    // Whether the runs reported their end.
    [[nodiscard]] bool ended() const { return ended_; }

  private:
    std::optional<unsigned> take() {
        if (position_ >= data_.size()) return std::nullopt;
        return std::to_integer<unsigned>(data_[position_++]);
    }

    // Moves to the beginning of a later row.
    void move(std::uint32_t x, std::uint32_t rows) {
        x_ = x;
        y_ += rows;
    }

    void skip() {
        const auto right = take();
        const auto up = take();
        if (up) move(x_ + *right, *up);
    }

    // Pixels right of the picture are left out. A row is never longer than 2^31.
    void paint(const Bgra& color) {
        if (x_ < description_->width) {
            const std::uint32_t row = description_->orientation == Orientation::kTopDown
                                          ? y_
                                          : description_->height - 1 - y_;
            const std::size_t at = 4 * (std::size_t{row} * description_->width + x_);
            const auto pixel = image_->bytes().subspan(at, 4);
            pixel[0] = color.blue;
            pixel[1] = color.green;
            pixel[2] = color.red;
            pixel[3] = color.alpha;
            ++x_;
        }
    }

    void paint_run(unsigned count, unsigned what) {
        if (description_->bits_per_pixel == 24) {
            const auto green = take();
            const auto red = take();
            if (!red) return;
            const Bgra color{
                .blue = std::byte(what), .green = std::byte(*green), .red = std::byte(*red)};
            for (unsigned i = 0; i < count; ++i)
                paint(color);
            return;
        }
        for (unsigned i = 0; i < count; ++i)
            paint(indexed(what, i));
    }

    // The colour of pixel i under a byte: two pixels take turns in four bits each.
    [[nodiscard]] const Bgra& indexed(unsigned byte, unsigned i) const {
        if (description_->bits_per_pixel == 8) return (*palette_)[byte];
        return (*palette_)[i % 2 == 0 ? byte >> 4 : byte & 0xF];
    }

    // Filled up to an even number of bytes.
    void paint_literals(unsigned count) {
        const std::size_t bytes = (std::size_t{count} * description_->bits_per_pixel + 7) / 8;
        const Bytes pixels = data_.subspan(position_, std::min(bytes, data_.size() - position_));
        position_ += std::min(bytes + bytes % 2, data_.size() - position_);
        for (unsigned i = 0; i < count; ++i) {
            const std::size_t at = std::size_t{i} * description_->bits_per_pixel / 8;
            if (description_->bits_per_pixel == 24) {
                if (at + 3 > pixels.size()) return;
                paint({.blue = pixels[at], .green = pixels[at + 1], .red = pixels[at + 2]});
            } else {
                if (at >= pixels.size()) return;
                paint(indexed(std::to_integer<unsigned>(pixels[at]), i));
            }
        }
    }

    Bytes data_;
    const ImageDescription* description_;
    const BmpPalette* palette_;
    Image* image_;
    std::size_t position_ = 0;
    std::uint32_t x_ = 0;
    std::uint32_t y_ = 0;  // in the order of the file
    bool ended_ = false;
};

bool is_all_opaque(Bytes bgra) {
    for (std::size_t at = 3; at < bgra.size(); at += 4)
        if (bgra[at] == std::byte{0}) return false;
    return true;
}

}  // namespace

Result<Image> decode_bmp_runs(Bytes data, const ImageDescription& description,
                              const BmpPalette& palette, std::vector<std::string>& warnings) {
    TRY_ASSIGN(const auto shape,
               describe_raw_image(description.width, description.height, "BGRA32"));
    auto image = Image::allocate(shape);
    if (!image) return image;
    RunDecoder decoder(data, description, palette, *image);
    decoder.decode();
    if (is_all_opaque(image->bytes())) return convert_image(image->view(), kFourccBgr24);
    if (!decoder.ended())
        warnings.emplace_back("its run lengths end early; what they lack is transparent");
    return image;
}

}  // namespace mapferry::inline v1

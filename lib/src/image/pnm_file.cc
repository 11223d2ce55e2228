// SPDX-License-Identifier: Apache-2.0
#include "image/pnm_file.h"

#include <limits>
#include <string>

#include "base/fail.h"
#include "base/try.h"
#include "image/image_bytes.h"
#include "mapferry/image_convert.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

class HeaderText {
  public:
    explicit HeaderText(Bytes bytes) : bytes_(bytes) {}

    // The number behind white space and comments, of at most `limit`; 0 when there is none.
    std::uint32_t number(std::uint32_t limit) {
        if (!skip_separator()) return 0;
        std::uint64_t value = 0;
        while (position_ < bytes_.size() && is_digit(bytes_[position_])) {
            value = value * 10 + (byte_at(bytes_, position_++) - '0');
            if (value > limit) return 0;
        }
        return static_cast<std::uint32_t>(value);
    }

    // Exactly one white-space character before the pixels.
    bool end() {
        if (position_ == bytes_.size()) return false;
        return is_space(bytes_[position_++]);
    }

    [[nodiscard]] std::size_t bytes() const { return position_; }

  private:
    static bool is_digit(std::byte b) { return b >= std::byte{'0'} && b <= std::byte{'9'}; }
    static bool is_space(std::byte b) {
        return b == std::byte{' '} || (b >= std::byte{'\t'} && b <= std::byte{'\r'});
    }

    bool skip_separator() {
        const std::size_t begin = position_;
        while (position_ < bytes_.size()) {
            if (bytes_[position_] == std::byte{'#'})
                skip_comment();
            else if (is_space(bytes_[position_]))
                ++position_;
            else
                break;
        }
        return position_ > begin && position_ < bytes_.size();
    }

    void skip_comment() {
        while (position_ < bytes_.size() && bytes_[position_] != std::byte{'\n'})
            ++position_;
    }

    Bytes bytes_;
    std::size_t position_ = 2;  // behind "P5" or "P6"
};

std::uint32_t sample_at(Bytes bytes, std::size_t index, const PnmHeader& header) {
    if (header.white <= 0xFF) return byte_at(bytes, index);
    return byte_at(bytes, 2 * index) << 8 | byte_at(bytes, 2 * index + 1);
}

// Scales from 0...white to 0...full, rounded; a sample past white counts as white.
std::uint32_t scale(std::uint32_t sample, std::uint32_t white, std::uint32_t full) {
    if (sample >= white) return full;
    return static_cast<std::uint32_t>((std::uint64_t{sample} * full + white / 2) / white);
}

void decode_samples(Bytes samples, const PnmHeader& header, Image& image) {
    const auto target = image.bytes();
    const bool swaps = image.description().fourcc == kFourccBgr24;  // red and blue
    const bool wide = header.white > 0xFF;
    const std::size_t count = std::size_t{header.width} * header.height * header.samples;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t value =
            scale(sample_at(samples, i, header), header.white, wide ? 0xFFFF : 0xFF);
        const std::size_t at = !swaps ? i : i % 3 == 0 ? i + 2 : i % 3 == 2 ? i - 2 : i;
        if (!wide) {
            target[at] = static_cast<std::byte>(value);
            continue;
        }
        target[2 * at] = static_cast<std::byte>(value & 0xFF);
        target[2 * at + 1] = static_cast<std::byte>(value >> 8);
    }
}

void append_row(std::vector<std::byte>& file, Bytes row, bool wide) {
    if (!wide) {
        file.insert(file.end(), row.begin(), row.end());
        return;
    }
    for (std::size_t i = 0; i + 1 < row.size(); i += 2) {  // the high byte first
        file.push_back(row[i + 1]);
        file.push_back(row[i]);
    }
}

}  // namespace

std::optional<PnmHeader> read_pnm_header(Bytes beginning) {
    constexpr std::uint32_t kSideMax = std::numeric_limits<std::int32_t>::max();
    HeaderText text(beginning);
    PnmHeader header;
    header.samples = beginning[1] == std::byte{'6'} ? 3 : 1;
    header.width = text.number(kSideMax);
    header.height = text.number(kSideMax);
    header.white = text.number(0xFFFF);
    if (header.width == 0 || header.height == 0 || header.white == 0 || !text.end())
        return std::nullopt;
    header.pixel_offset = text.bytes();
    return header;
}

Result<Image> decode_pnm(Bytes file) {
    const auto header = read_pnm_header(file);
    if (!header) return fail(Code::kCorrupt, "the picture has no header");
    const bool grey = header->samples == 1;
    const bool wide = header->white > 0xFF;
    const auto describe = [&](const char* format) {
        return describe_raw_image(header->width, header->height, format);
    };
    const Bytes samples = file.subspan(header->pixel_offset);
    if (header->white == 0xFF) {  // the usual one, in which nothing is scaled
        const auto stored = describe(grey ? "GRAY8" : "RGB24");
        TRY_ASSIGN(const auto view,
                   stored ? ImageView::make(*stored, samples) : std::unexpected(stored.error()));
        return convert_image(view, grey ? kFourccGray8 : kFourccBgr24);
    }
    TRY_ASSIGN(auto description,
               describe(grey ? (wide ? "GRAY16" : "GRAY8") : (wide ? "RGB48" : "BGR24")));
    auto image = Image::allocate(description);
    if (image) decode_samples(samples, *header, *image);
    return image;
}

std::vector<std::byte> encode_pnm(const ImageView& image) {
    const std::uint32_t fourcc = image.description().fourcc;
    const bool color = fourcc == kFourccRgb24 || fourcc == kFourccRgb48;
    const bool wide = fourcc == kFourccGray16 || fourcc == kFourccRgb48;
    const std::string header = std::string(color ? "P6\n" : "P5\n") +
                               std::to_string(image.width()) + " " +
                               std::to_string(image.height()) + (wide ? "\n65535\n" : "\n255\n");
    std::vector<std::byte> file;
    file.reserve(header.size() + image.row_bytes() * image.height());
    for (const char character : header)
        file.push_back(static_cast<std::byte>(character));
    for (std::uint32_t y = 0; y < image.height(); ++y)
        append_row(file, image.row(y), wide);
    return file;
}

}  // namespace mapferry::inline v1

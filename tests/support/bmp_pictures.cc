// SPDX-License-Identifier: Apache-2.0
#include "support/bmp_pictures.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <optional>

namespace mapferry::testing {

namespace {

using Masks = std::array<std::uint32_t, 4>;

constexpr Masks kMasks565 = {0xF800, 0x07E0, 0x001F, 0};
constexpr Masks kMasks4444 = {0x0F00, 0x00F0, 0x000F, 0xF000};
constexpr Masks kMasks555 = {0x7C00, 0x03E0, 0x001F, 0};
constexpr Masks kMasks8888 = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
constexpr Masks kMasks888 = {0xFF0000, 0xFF00, 0xFF, 0};
constexpr Masks kMasksRgba = {0xFF, 0xFF00, 0xFF0000, 0xFF000000};
constexpr Masks kMasks101010 = {0x3FF00000, 0x000FFC00, 0x000003FF, 0};
constexpr Masks kMasks231 = {0x0030, 0x000E, 0x0001, 0};

struct Kind {
    const char* name;
    Bmp bmp;
    Masks masks = {};  // the masks in effect, whether the file has them or not
};

// The direction and the sides are set later.
std::vector<Kind> kinds() {
    return {
        {"pal1", {.bits = 1}},
        {"pal1-short", {.bits = 1, .colors_used = 1}},
        {"pal2", {.bits = 2}},
        {"pal2-short", {.bits = 2, .colors_used = 3}},
        {"pal4", {.bits = 4}},
        {"pal4-long", {.bits = 4, .colors_used = 20}},
        {"pal8", {.bits = 8}},
        {"pal4-short", {.bits = 4, .colors_used = 5}},
        {"pal8-short", {.bits = 8, .colors_used = 99}},
        {"pal8-long", {.bits = 8, .colors_used = 300}},
        {"pal8-cut", {.bits = 8, .pixel_offset = 54 + 4 * 100}},
        {"core-pal1", {.header_bytes = 12, .bits = 1}},
        {"core-pal4", {.header_bytes = 12, .bits = 4}},
        {"core-pal8", {.header_bytes = 12, .bits = 8}},
        {"core-pal8-cut", {.header_bytes = 12, .bits = 8, .pixel_offset = 26 + 3 * 252}},
        {"core24", {.header_bytes = 12, .bits = 24}},
        {"core-rgb555", {.header_bytes = 12, .bits = 16}, kMasks555},
        {"core-bgrx32", {.header_bytes = 12, .bits = 32}, kMasks888},
        {"os2-16-pal8", {.header_bytes = 16, .bits = 8}},
        {"os2-pal8", {.header_bytes = 64, .bits = 8}},
        {"os2-24", {.header_bytes = 64, .bits = 24}},
        {"rgb555", {.bits = 16}, kMasks555},
        {"rgb565", {.bits = 16, .compression = kBitfields, .masks = kMasks565}, kMasks565},
        {"rgb231", {.bits = 16, .compression = kBitfields, .masks = kMasks231}, kMasks231},
        {"argb4444-v4",
         {.header_bytes = 108, .bits = 16, .compression = kBitfields, .masks = kMasks4444},
         kMasks4444},
        {"bgr24", {.bits = 24}},
        {"bgr24-gap", {.bits = 24, .pixel_offset = 200}},
        {"bgr24-planes", {.planes = 5000, .bits = 24}},
        {"bgr24-odd-size", {.bits = 24, .image_bytes = 7}},
        {"bgr24-palette", {.bits = 24, .colors_used = 300, .pixel_offset = 54 + 4 * 300}},
        {"bgr24-v5", {.header_bytes = 124, .bits = 24}},
        {"bgrx32", {.bits = 32}, kMasks888},
        {"bgrx32-masks", {.bits = 32, .compression = kBitfields, .masks = kMasks888}, kMasks888},
        {"bgra32-52",
         {.header_bytes = 52, .bits = 32, .compression = kBitfields, .masks = kMasks888},
         kMasks888},
        {"bgra32-56",
         {.header_bytes = 56, .bits = 32, .compression = kBitfields, .masks = kMasks8888},
         kMasks8888},
        {"bgra32-v4",
         {.header_bytes = 108, .bits = 32, .compression = kBitfields, .masks = kMasks8888},
         kMasks8888},
        {"bgra32-v5",
         {.header_bytes = 124, .bits = 32, .compression = kBitfields, .masks = kMasks8888},
         kMasks8888},
        {"rgba32-v5",
         {.header_bytes = 124, .bits = 32, .compression = kBitfields, .masks = kMasksRgba},
         kMasksRgba},
        {"rgb101010", {.bits = 32, .compression = kBitfields, .masks = kMasks101010}, kMasks101010},
    };
}

// The stored value of a pixel. All bits of every kind occur.
std::uint32_t value_at(int x, int y) {
    return static_cast<std::uint32_t>(x) * 2'654'435'761U +
           static_cast<std::uint32_t>(y) * 2'246'822'519U + 0x1234'5678U;
}

struct Color {
    std::byte blue{};
    std::byte green{};
    std::byte red{};
    std::byte alpha{255};
};

// Entry i of a palette.
Color palette_color(std::uint32_t i) {
    return {.blue = std::byte(i * 7 & 0xFF),
            .green = std::byte(255 - (i * 3 & 0xFF)),
            .red = std::byte((i * 11 + 5) & 0xFF)};
}

// The number of colors that the header announces. It may exceed the number that a pixel can name,
// and the number that the file has space for.
std::uint32_t announced_colors(const Bmp& bmp) {
    return bmp.colors_used != 0 ? bmp.colors_used : std::uint32_t{1} << bmp.bits;
}

std::uint32_t colors_of(const Bmp& bmp) {
    const std::uint32_t entry_bytes = bmp.header_bytes == 12 ? 3 : 4;
    const std::uint32_t colors = announced_colors(bmp);
    if (bmp.pixel_offset == 0) return colors;
    return std::min(colors, (bmp.pixel_offset - bmp.headers_end()) / entry_bytes);
}

// Scales the bits under the mask from 0...largest to 0...255, rounded.
std::byte channel(std::uint32_t value, std::uint32_t mask) {
    const double largest = mask >> std::countr_zero(mask);
    const double own = (value & mask) >> std::countr_zero(mask);
    return std::byte(std::lround(own * 255 / largest));
}

Color shown(const Kind& kind, std::uint32_t value) {
    if (kind.bmp.bits <= 8) {
        if (value < colors_of(kind.bmp)) return palette_color(value);
        return {};  // black
    }
    const Masks& masks = kind.bmp.bits == 24 ? kMasks888 : kind.masks;
    return {.blue = channel(value, masks[2]),
            .green = channel(value, masks[1]),
            .red = channel(value, masks[0]),
            .alpha = masks[3] != 0 ? channel(value, masks[3]) : std::byte{255}};
}

void put_palette(Bytes& file, const Bmp& bmp) {
    if (bmp.bits > 8) return;
    std::size_t at = bmp.headers_end();
    for (std::uint32_t i = 0; i < colors_of(bmp); ++i) {
        const Color color = palette_color(i);
        file.at(at++) = color.blue;
        file.at(at++) = color.green;
        file.at(at++) = color.red;
        if (bmp.header_bytes != 12) ++at;
    }
}

std::size_t pixels_begin(const Bmp& bmp) {
    return bmp.pixel_offset != 0 ? bmp.pixel_offset : bmp.headers_end() + bmp.palette_bytes();
}

BmpPicture make(const Kind& kind, bool top_down) {
    Bmp bmp = kind.bmp;
    bmp.width = kPictureWidth;
    bmp.height = top_down ? -kPictureHeight : kPictureHeight;
    BmpPicture picture{.name = kind.name + std::string(top_down ? "-topdown" : ""),
                       .file = bmp.bytes(),
                       .pixels = {},
                       .has_alpha = kind.masks[3] != 0};
    put_palette(picture.file, bmp);
    for (int y = 0; y < kPictureHeight; ++y) {
        const auto row = static_cast<std::size_t>(top_down ? y : kPictureHeight - 1 - y);
        std::byte* const stored =
            picture.file.data() + pixels_begin(bmp) + row * static_cast<std::size_t>(bmp.stride());
        for (int x = 0; x < kPictureWidth; ++x) {
            const std::uint32_t all = 0xFFFF'FFFF;
            const std::uint32_t value = value_at(x, y) >> 3 & all >> (32 - bmp.bits);
            const std::size_t bit = static_cast<std::size_t>(x) * bmp.bits;
            if (bmp.bits < 8)  // the leftmost pixel in the highest bits
                stored[bit / 8] |= std::byte(value << (8 - bmp.bits - bit % 8));
            for (std::size_t i = 0; bmp.bits >= 8 && i < bmp.bits / 8; ++i)
                stored[bit / 8 + i] = std::byte(value >> 8 * i & 0xFF);
            const Color color = shown(kind, value);
            picture.pixels.insert(picture.pixels.end(), {color.blue, color.green, color.red});
            if (picture.has_alpha) picture.pixels.push_back(color.alpha);
        }
    }
    return picture;
}

// ---- run lengths -------------------------------------------------------------------------------

// The color index of a pixel; none: the runs leave the pixel out. The rows have long runs, runs of
// three, single pixels, or a mix of all these.
std::optional<std::uint32_t> index_at(int x, int y, bool leaves_out) {
    if (leaves_out && (x / 7 + y) % 3 == 1) return std::nullopt;
    const int length = y % 4 == 0 ? 40 : y % 4 == 1 ? 3 : y % 4 == 2 ? 1 : x % 12 + 1;
    return static_cast<std::uint32_t>((x / length * 5 + y * 3) % 16);
}

class RunWriter {
  public:
    explicit RunWriter(std::uint32_t bits) : bits_(bits) {}

    void put_row(const std::vector<std::optional<std::uint32_t>>& row) {
        for (std::size_t x = 0; x < row.size();) {
            const std::size_t same = count_same(row, x);
            if (!row[x]) {
                put({0, 2, static_cast<unsigned>(same), 0});
            } else if (same > 1 || count_literals(row, x) < 3) {
                put({static_cast<unsigned>(same)});
                put_pixels(*row[x], *row[x]);
            } else {
                put_literals(row, x, count_literals(row, x));
                x += count_literals(row, x);
                continue;
            }
            x += same;
        }
        put({0, 0});
    }
    void end() { put({0, 1}); }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  private:
    using Row = std::vector<std::optional<std::uint32_t>>;

    static std::size_t count_same(const Row& row, std::size_t x) {
        std::size_t count = 1;
        while (x + count < row.size() && row[x + count] == row[x])
            ++count;
        return count;
    }
    // The number of single pixels in sequence.
    static std::size_t count_literals(const Row& row, std::size_t x) {
        std::size_t count = 0;
        while (x + count < row.size() && row[x + count] && count_same(row, x + count) == 1)
            ++count;
        return count;
    }
    void put(std::initializer_list<unsigned> values) {
        for (const unsigned value : values)
            bytes_.push_back(std::byte(value));
    }
    // The pixel of a run, or two neighbours of four bits.
    void put_pixels(std::uint32_t first, std::uint32_t second) {
        const Color color = palette_color(first);
        if (bits_ == 24)
            bytes_.insert(bytes_.end(), {color.blue, color.green, color.red});
        else
            put({bits_ == 8 ? first : first << 4 | second});
    }
    void put_literals(const Row& row, std::size_t x, std::size_t count) {
        put({0, static_cast<unsigned>(count)});
        const std::size_t begin = bytes_.size();
        for (std::size_t i = 0; i < count; i += bits_ == 4 ? 2 : 1)
            put_pixels(*row[x + i], i + 1 < count ? *row[x + i + 1] : 0);
        if ((bytes_.size() - begin) % 2 != 0) put({0});
    }

    std::uint32_t bits_;
    Bytes bytes_;
};

struct RunKind {
    std::string name;
    std::uint32_t bits = 8;
    bool leaves_out = false;
    int rows = kPictureHeight;  // the number of rows that the runs have; fewer: they end early
    bool top_down = false;
};

BmpPicture make_run_lengths(const RunKind& kind) {
    RunWriter runs(kind.bits);
    BmpPicture picture{.name = kind.name, .file = {}, .pixels = {}};
    picture.has_alpha = kind.leaves_out || kind.rows < kPictureHeight;
    const auto stored_row = [&](int y) { return kind.top_down ? y : kPictureHeight - 1 - y; };
    for (int row = 0; row < kind.rows; ++row) {
        std::vector<std::optional<std::uint32_t>> indexes;
        indexes.reserve(kPictureWidth);
        for (int x = 0; x < kPictureWidth; ++x)
            indexes.push_back(index_at(x, row, kind.leaves_out));
        runs.put_row(indexes);
    }
    runs.end();
    for (int y = 0; y < kPictureHeight; ++y)
        for (int x = 0; x < kPictureWidth; ++x) {
            const int row = stored_row(y);
            const auto index = row < kind.rows ? index_at(x, row, kind.leaves_out) : std::nullopt;
            const Color color = index ? palette_color(*index)
                                      : Color{.blue = {}, .green = {}, .red = {}, .alpha = {}};
            picture.pixels.insert(picture.pixels.end(), {color.blue, color.green, color.red});
            if (picture.has_alpha) picture.pixels.push_back(color.alpha);
        }
    const auto bytes = static_cast<std::uint32_t>(runs.bytes().size());
    const Bmp bmp{.header_bytes = kind.bits == 24 ? 64U : 40U,
                  .width = kPictureWidth,
                  .height = kind.top_down ? -kPictureHeight : kPictureHeight,
                  .bits = kind.bits,
                  .compression = kind.bits == 8   ? kRle8
                                 : kind.bits == 4 ? kRle4
                                                  : kOs2Rle24,
                  .image_bytes = bytes,
                  .pixel_bytes = bytes};
    picture.file = bmp.bytes();
    put_palette(picture.file, bmp);
    std::ranges::copy(runs.bytes(),
                      picture.file.begin() + static_cast<std::ptrdiff_t>(pixels_begin(bmp)));
    return picture;
}

// The same file without the offset of its pixels.
BmpPicture without_offset(BmpPicture picture) {
    picture.name += "-offset0";
    std::fill_n(picture.file.begin() + 10, 4, std::byte{0});
    return picture;
}

}  // namespace

std::vector<BmpPicture> every_bmp() {
    std::vector<BmpPicture> pictures;
    for (const Kind& kind : kinds()) {
        pictures.push_back(make(kind, false));
        const bool has_sign = kind.bmp.header_bytes != 12;
        if (has_sign) pictures.push_back(make(kind, true));
    }
    for (const char* const name : {"pal1", "pal8-short", "rgb565", "bgr24", "core-pal4"}) {
        const auto found = std::ranges::find(pictures, name, &BmpPicture::name);
        pictures.push_back(without_offset(*found));
    }
    for (const std::uint32_t bits : {8U, 4U, 24U}) {
        const std::string name = "rle" + std::to_string(bits);
        pictures.push_back(make_run_lengths({.name = name, .bits = bits}));
        pictures.push_back(
            make_run_lengths({.name = name + "-deltas", .bits = bits, .leaves_out = true}));
        pictures.push_back(make_run_lengths({.name = name + "-early", .bits = bits, .rows = 9}));
        pictures.push_back(
            make_run_lengths({.name = name + "-topdown", .bits = bits, .top_down = true}));
    }
    return pictures;
}

}  // namespace mapferry::testing

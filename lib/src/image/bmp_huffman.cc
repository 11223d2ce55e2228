// SPDX-License-Identifier: Apache-2.0
#include "image/bmp_huffman.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/try.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

// ---- the codes: T.4, tables 2, 3a and 3b -------------------------------------------------------

// Of runs of 0 to 63, then of 64, 128 ... 1728.
constexpr std::string_view kWhiteCodes =
    "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 "
    "110101 101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 "
    "0010011 0100100 0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 "
    "00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 "
    "00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 "
    "01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100 11011 10010 010111 "
    "0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 "
    "011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 "
    "010011000 010011001 010011010 011000 010011011";
constexpr std::string_view kBlackCodes =
    "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 "
    "00000111 000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 "
    "00000110111 00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 "
    "000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 "
    "000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 "
    "000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 "
    "000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 "
    "000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111 "
    "0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 "
    "0000001101100 0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 "
    "0000001110010 0000001110011 0000001110100 0000001110101 0000001110110 0000001110111 "
    "0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 "
    "0000001100100 0000001100101";
// Of both colours: 1792, 1856 ... 2560.
constexpr std::string_view kLongCodes =
    "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 "
    "000000010110 000000010111 000000011100 000000011101 000000011110 000000011111";

constexpr unsigned kCodeBitsMax = 13;
constexpr unsigned kRunsPerTable = 64;  // longer runs are a multiple of it, and then a shorter one

struct RunCode {
    std::uint16_t run = 0;
    std::uint8_t bits = 0;  // 0 = there is no such code
};

// By the next 13 bits.
using CodeTable = std::array<RunCode, std::size_t{1} << kCodeBitsMax>;

// From the code of run number `index` on.
void add_codes(CodeTable& table, std::string_view codes, unsigned index) {
    while (!codes.empty()) {
        const std::string_view code = codes.substr(0, codes.find(' '));
        codes.remove_prefix(std::min(code.size() + 1, codes.size()));
        std::size_t value = 0;
        for (const char bit : code)
            value = value << 1 | (bit == '1' ? 1U : 0U);
        const std::size_t rest_bits = kCodeBitsMax - code.size();
        const unsigned run =
            index < kRunsPerTable ? index : (index - kRunsPerTable + 1) * kRunsPerTable;
        for (std::size_t rest = 0; rest < std::size_t{1} << rest_bits; ++rest)
            table[value << rest_bits | rest] = {.run = static_cast<std::uint16_t>(run),
                                                .bits = static_cast<std::uint8_t>(code.size())};
        ++index;
    }
}

CodeTable make_table(std::string_view codes) {
    constexpr unsigned kLongCodesBegin = 64 + 27;
    CodeTable table;
    add_codes(table, codes, 0);
    add_codes(table, kLongCodes, kLongCodesBegin);
    return table;
}

// ---- bits --------------------------------------------------------------------------------------

class Bits {
  public:
    explicit Bits(Bytes data) : data_(data) {}

    [[nodiscard]] bool at_end() const { return position_ >= data_.size() * 8; }
    // The next bits; zeros behind the end.
    [[nodiscard]] unsigned peek(unsigned count) const {
        unsigned value = 0;
        const std::size_t byte = position_ / 8;
        for (std::size_t i = byte; i < byte + 3; ++i)
            value = value << 8 | (i < data_.size() ? std::to_integer<unsigned>(data_[i]) : 0);
        return value >> (24 - position_ % 8 - count) & ((1U << count) - 1);
    }
    void skip(unsigned count) { position_ += count; }

  private:
    Bytes data_;
    std::size_t position_ = 0;  // in bits
};

// ---- rows --------------------------------------------------------------------------------------

constexpr unsigned kEndOfRowZeros = 11;  // and a one

// At the end of a row: any number of zeros from eleven on, and a one.
bool skip_end_of_row(Bits& bits) {
    if (bits.peek(kEndOfRowZeros) != 0 || bits.at_end()) return false;
    bits.skip(kEndOfRowZeros);
    while (!bits.at_end() && bits.peek(1) == 0)
        bits.skip(1);
    bits.skip(1);
    return !bits.at_end();
}

// After damage: moves to where the next row begins.
void find_end_of_row(Bits& bits) {
    while (!bits.at_end() && bits.peek(kEndOfRowZeros) != 0)
        bits.skip(1);
}

class RowDecoder {
  public:
    RowDecoder(Bytes data, const BmpPalette& palette, std::uint32_t width)
        : bits_(data),
          palette_(&palette),
          width_(width),
          white_(make_table(kWhiteCodes)),
          black_(make_table(kBlackCodes)) {}

    // Paints the next row, of BGR24. False: it is damaged, or there is none.
    bool decode(std::span<std::byte> row) {
        while (skip_end_of_row(bits_)) {
        }
        std::uint32_t x = 0;
        for (bool black = false; x < width_; black = !black) {
            unsigned run = 0;
            if (!take_run(black ? black_ : white_, run)) {
                find_end_of_row(bits_);
                return false;
            }
            const std::uint32_t end = x + std::min(run, width_ - x);
            if (black) paint(row, x, end);
            x = end;
        }
        return true;
    }

    [[nodiscard]] bool at_end() const { return bits_.at_end(); }

  private:
    bool take_run(const CodeTable& table, unsigned& run) {
        while (true) {
            const RunCode code = table[bits_.peek(kCodeBitsMax)];
            if (code.bits == 0 || bits_.at_end()) return false;
            bits_.skip(code.bits);
            run = std::min(run + code.run, width_);
            if (code.run < kRunsPerTable) return true;
        }
    }

    void paint(std::span<std::byte> row, std::size_t from, std::size_t to) const {
        const Bgra& color = (*palette_)[1];
        for (std::size_t at = 3 * from; at < 3 * to; at += 3) {
            row[at] = color.blue;
            row[at + 1] = color.green;
            row[at + 2] = color.red;
        }
    }

    Bits bits_;
    const BmpPalette* palette_;
    std::uint32_t width_;
    CodeTable white_;
    CodeTable black_;
};

void fill_run(std::span<std::byte> pixels, const Bgra& color) {
    for (std::size_t at = 0; at + 3 <= pixels.size(); at += 3) {
        pixels[at] = color.blue;
        pixels[at + 1] = color.green;
        pixels[at + 2] = color.red;
    }
}

}  // namespace

Result<Image> decode_bmp_huffman(Bytes data, const ImageDescription& description,
                                 const BmpPalette& palette, std::vector<std::string>& warnings) {
    TRY_ASSIGN(const auto shape,
               describe_raw_image(description.width, description.height, "BGR24"));
    auto image = Image::allocate(shape);
    if (!image) return image;
    fill_run(image->bytes(), palette[0]);
    RowDecoder decoder(data, palette, description.width);
    const auto stride = static_cast<std::size_t>(shape.row_stride_bytes);
    std::uint32_t damaged_rows = 0;
    std::uint32_t y = 0;
    for (; y < description.height && !decoder.at_end(); ++y) {
        const std::uint32_t row =
            description.orientation == Orientation::kTopDown ? y : description.height - 1 - y;
        if (!decoder.decode(image->bytes().subspan(row * stride, stride))) ++damaged_rows;
    }
    damaged_rows += description.height - y;
    if (damaged_rows != 0)
        warnings.push_back(std::to_string(damaged_rows) + " of its " +
                           std::to_string(description.height) + " rows are damaged or missing");
    return image;
}

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
#include "image/png_file.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <string>

#include "base/checked_math.h"
#include "base/fail.h"
#include "base/try.h"
#include "image/crc32.h"
#include "image/stb_encoder.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t chunk_name(std::string_view text) {
    std::uint32_t name = 0;
    for (const char letter : text)
        name = name << 8 | static_cast<unsigned char>(letter);
    return name;
}

std::uint32_t big_endian_at(Bytes bytes, std::size_t position) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8 | std::to_integer<std::uint32_t>(bytes[position + i]);
    return number;
}

bool is_letter(std::uint32_t byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

bool is_word(std::uint32_t name) {
    return is_letter(name >> 24) && is_letter(name >> 16 & 0xFF) && is_letter(name >> 8 & 0xFF) &&
           is_letter(name & 0xFF);
}

std::unexpected<Status> damaged_png(const std::string& why) {
    return fail(Code::kCorrupt, "the picture is damaged: " + why);
}

std::string text_of(std::uint32_t name) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(name >> shift & 0xFF);
    return text;
}

}  // namespace

// ---- reading -----------------------------------------------------------------------------------

PngChunk read_png_chunk(Bytes head) {
    constexpr std::uint32_t kBytesMax = 0x7FFF'FFFF;
    const PngChunk chunk{.name = big_endian_at(head, 4), .data_bytes = big_endian_at(head, 0)};
    if (chunk.data_bytes <= kBytesMax && is_word(chunk.name)) return chunk;
    return {.name = 0, .data_bytes = std::numeric_limits<std::size_t>::max() / 2};
}

Result<PngFacts> check_png(Bytes png) {
    PngFacts facts;
    Bytes rest = png.subspan(std::min(kPngSignatureBytes, png.size()));
    while (rest.size() >= kPngChunkHeadBytes) {
        const PngChunk chunk = read_png_chunk(rest);
        if (chunk.name == 0) return damaged_png("there is no chunk where the next one should be");
        if (chunk.all_bytes() > rest.size())
            return damaged_png("its " + text_of(chunk.name) + " chunk is cut short");
        const Bytes data = rest.subspan(kPngChunkHeadBytes, chunk.data_bytes);
        const std::uint32_t sum = big_endian_at(rest, kPngChunkHeadBytes + chunk.data_bytes);
        if (chunk.is_critical() && sum != crc32(rest.subspan(4, 4 + chunk.data_bytes)))
            return damaged_png("the checksum of its " + text_of(chunk.name) + " chunk is wrong");
        if (chunk.name == kPngEnd) return facts;
        if (chunk.name == chunk_name("eXIf")) facts.exif = data;
        if (chunk.name == chunk_name("acTL")) facts.is_animated = true;
        rest = rest.subspan(chunk.all_bytes());
    }
    return damaged_png("it ends before its IEND chunk");
}

// ---- writing -----------------------------------------------------------------------------------

namespace {

void put_number(std::vector<std::byte>& file, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        file.push_back(std::byte(number >> shift & 0xFF));
}

void put_chunk(std::vector<std::byte>& file, std::string_view name, Bytes data) {
    put_number(file, static_cast<std::uint32_t>(data.size()));
    const std::size_t begin = file.size();
    put_number(file, chunk_name(name));
    file.insert(file.end(), data.begin(), data.end());
    put_number(file, crc32(Bytes(file).subspan(begin)));
}

// The high byte of each sample first.
void swap_bytes(Bytes row, std::span<std::byte> swapped) {
    for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
        swapped[i] = row[i + 1];
        swapped[i + 1] = row[i];
    }
}

// ---- filters: what is stored of a byte is its difference from a guess --------------------------

struct Neighbours {
    int left;
    int above;
    int above_left;
};
constexpr unsigned kFilters = 5;

int paeth(const Neighbours& near) {
    const int guess = near.left + near.above - near.above_left;
    const int left = std::abs(guess - near.left);
    const int above = std::abs(guess - near.above);
    const int above_left = std::abs(guess - near.above_left);
    if (left <= above && left <= above_left) return near.left;
    return above <= above_left ? near.above : near.above_left;
}

int guess_of(unsigned filter, const Neighbours& near) {
    switch (filter) {
        case 1:
            return near.left;
        case 2:
            return near.above;
        case 3:
            return (near.left + near.above) / 2;
        case 4:
            return paeth(near);
        default:
            return 0;
    }
}

// Rows of big-endian samples; the one above the first is of zeros.
struct Rows {
    Bytes row;
    Bytes above;
    std::size_t pixel_bytes;
};

// Returns the sum of the differences' sizes. As a rule a smaller sum compresses better.
std::uint64_t filter_row(unsigned filter, const Rows& rows, std::span<std::byte> filtered) {
    std::uint64_t sum = 0;
    const auto at = [](Bytes bytes, std::size_t i) { return std::to_integer<int>(bytes[i]); };
    for (std::size_t i = 0; i < rows.row.size(); ++i) {
        const bool first = i < rows.pixel_bytes;
        const Neighbours near{.left = first ? 0 : at(rows.row, i - rows.pixel_bytes),
                              .above = at(rows.above, i),
                              .above_left = first ? 0 : at(rows.above, i - rows.pixel_bytes)};
        const auto difference = static_cast<std::uint8_t>(at(rows.row, i) - guess_of(filter, near));
        filtered[i] = std::byte(difference);
        sum += difference < 128 ? difference : 256U - difference;
    }
    return sum;
}

// Each row with the number of its filter in front.
std::vector<std::byte> filter_all(const ImageView& image) {
    const std::size_t bytes = image.row_bytes();
    std::vector<std::byte> all((bytes + 1) * image.height());
    std::vector<std::byte> row(bytes);
    std::vector<std::byte> above(bytes);
    std::vector<std::byte> trial(bytes);
    for (std::uint32_t y = 0; y < image.height(); ++y) {
        swap_bytes(image.row(y), row);
        const Rows rows{
            .row = row, .above = above, .pixel_bytes = image.description().bits_per_pixel / 8};
        const auto target = std::span(all).subspan(y * (bytes + 1), bytes + 1);
        std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
        for (unsigned filter = 0; filter < kFilters; ++filter) {
            const std::uint64_t sum = filter_row(filter, rows, trial);
            if (sum >= best) continue;
            best = sum;
            target[0] = std::byte(filter);
            std::ranges::copy(trial, target.begin() + 1);
        }
        std::swap(row, above);
    }
    return all;
}

unsigned color_type(std::uint32_t fourcc) {
    if (fourcc == kFourccGray16) return 0;
    return fourcc == kFourccRgb48 ? 2 : 6;
}

}  // namespace

Result<std::vector<std::byte>> encode_wide_png(const ImageView& image) {
    constexpr std::uint64_t kBytesMax = std::numeric_limits<std::int32_t>::max();  // stb's
    const auto all = checked_multiply(image.row_bytes() + 1, image.height());
    if (!all || *all > kBytesMax)
        return fail(Code::kIo, "a picture of more than 2 GiB cannot be encoded");
    TRY_ASSIGN(auto packed, stb_deflate(filter_all(image)));
    std::vector<std::byte> header;
    put_number(header, image.width());
    put_number(header, image.height());
    for (const unsigned byte : {16U, color_type(image.description().fourcc), 0U, 0U, 0U})
        header.push_back(std::byte(byte));
    std::vector<std::byte> file;
    file.reserve(packed.size() + 64);
    put_number(file, 0x8950'4E47);
    put_number(file, 0x0D0A'1A0A);
    put_chunk(file, "IHDR", header);
    put_chunk(file, "IDAT", packed);
    put_chunk(file, "IEND", {});
    return file;
}

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
#include "console/serve/pixel_samples.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "mapferry/pixel_format.h"

namespace mapferry::cli {

namespace {

struct FormatChannels {
    std::uint32_t fourcc = 0;
    std::uint8_t count = 0;
    std::array<SampleChannel, 4> channels = {};
};

constexpr std::uint8_t u8(std::size_t value) {
    return static_cast<std::uint8_t>(value);
}

// Samples of `bytes` each; the letters give their order in memory, "-" one that is unused.
constexpr FormatChannels colors(std::uint32_t fourcc, std::string_view memory, std::size_t bytes,
                                SampleKind kind = SampleKind::kInteger) {
    FormatChannels made{.fourcc = fourcc};
    for (const std::string_view name : {"R", "G", "B", "A"}) {
        const std::size_t at = memory.find(name);
        if (at == std::string_view::npos) continue;
        made.channels[made.count++] = {.name = name,
                                       .group_bytes = u8(bytes * memory.size()),
                                       .offset_bytes = u8(bytes * at),
                                       .word_bytes = u8(bytes),
                                       .bits = u8(8 * bytes),
                                       .kind = kind};
    }
    return made;
}

struct BitField {
    std::string_view name;
    unsigned low_bit;
    unsigned bits;
};
constexpr FormatChannels fields(std::uint32_t fourcc, unsigned bytes,
                                std::initializer_list<BitField> list) {
    FormatChannels made{.fourcc = fourcc};
    for (const BitField& field : list)
        made.channels[made.count++] = {.name = field.name,
                                       .group_bytes = u8(bytes),
                                       .word_bytes = u8(bytes),
                                       .low_bit = u8(field.low_bit),
                                       .bits = u8(field.bits)};
    return made;
}

constexpr FormatChannels single(std::uint32_t fourcc, unsigned bytes, unsigned bits,
                                SampleKind kind = SampleKind::kInteger) {
    return {.fourcc = fourcc,
            .count = 1,
            .channels = {SampleChannel{.name = "grey",
                                       .group_bytes = u8(bytes),
                                       .word_bytes = u8(bytes),
                                       .bits = u8(bits),
                                       .kind = kind}}};
}

// Two pixels in four bytes, with the places of Y, U and V.
constexpr FormatChannels pairs(std::uint32_t fourcc, unsigned y, unsigned u, unsigned v) {
    return {
        .fourcc = fourcc,
        .count = 3,
        .channels = {
            SampleChannel{.name = "Y", .group_bytes = 2, .offset_bytes = u8(y)},
            SampleChannel{.name = "U", .column_shift = 1, .group_bytes = 4, .offset_bytes = u8(u)},
            SampleChannel{
                .name = "V", .column_shift = 1, .group_bytes = 4, .offset_bytes = u8(v)}}};
}

struct Chroma {
    unsigned columns;  // shifts
    unsigned rows;
};
constexpr Chroma k420{.columns = 1, .rows = 1};
constexpr Chroma k422{.columns = 1, .rows = 0};
constexpr Chroma k444{.columns = 0, .rows = 0};

struct YuvWord {
    std::size_t bytes = 1;
    unsigned bits = 8;
    unsigned low_bit = 0;
};
enum class Order : std::uint8_t { kUv, kVu };

constexpr SampleChannel yuv_channel(std::string_view name, const YuvWord& word) {
    return {.name = name,
            .group_bytes = u8(word.bytes),
            .word_bytes = u8(word.bytes),
            .low_bit = u8(word.low_bit),
            .bits = u8(word.bits)};
}

constexpr SampleChannel chroma_channel(std::string_view name, Chroma chroma, const YuvWord& word) {
    SampleChannel channel = yuv_channel(name, word);
    channel.column_shift = u8(chroma.columns);
    channel.row_shift = u8(chroma.rows);
    return channel;
}

// A plane of Y and one of pairs.
constexpr FormatChannels two_planes(std::uint32_t fourcc, Chroma chroma, Order order,
                                    const YuvWord& word = {}) {
    FormatChannels made{.fourcc = fourcc, .count = 3};
    made.channels[0] = yuv_channel("Y", word);
    for (unsigned i = 0; i < 2; ++i) {
        SampleChannel channel = chroma_channel(i == 0 ? "U" : "V", chroma, word);
        channel.plane = 1;
        channel.group_bytes = u8(2 * word.bytes);
        channel.offset_bytes = u8(word.bytes * (order == Order::kUv ? i : 1 - i));
        made.channels[1 + i] = channel;
    }
    return made;
}

constexpr FormatChannels three_planes(std::uint32_t fourcc, Chroma chroma, Order order,
                                      const YuvWord& word = {}) {
    FormatChannels made{.fourcc = fourcc, .count = 3};
    made.channels[0] = yuv_channel("Y", word);
    for (unsigned i = 0; i < 2; ++i) {
        SampleChannel channel = chroma_channel(i == 0 ? "U" : "V", chroma, word);
        channel.plane = u8(order == Order::kUv ? 1 + i : 2 - i);
        made.channels[1 + i] = channel;
    }
    return made;
}

constexpr YuvWord kLow10{.bytes = 2, .bits = 10};
constexpr YuvWord kLow12{.bytes = 2, .bits = 12};
constexpr YuvWord kWord16{.bytes = 2, .bits = 16};

constexpr std::array kFormats = {
    colors(kFourccBgr24, "BGR", 1),
    colors(kFourccRgb24, "RGB", 1),
    colors(kFourccBgrx32, "BGR-", 1),
    colors(kFourccBgra32, "BGRA", 1),
    colors(kFourccRgbx32, "RGB-", 1),
    colors(kFourccRgba32, "RGBA", 1),
    colors(kFourccXrgb32, "-RGB", 1),
    colors(kFourccArgb32, "ARGB", 1),
    colors(kFourccXbgr32, "-BGR", 1),
    colors(kFourccAbgr32, "ABGR", 1),
    colors(kFourccRgb48, "RGB", 2),
    colors(kFourccBgr48, "BGR", 2),
    colors(kFourccRgba64, "RGBA", 2),
    colors(kFourccBgra64, "BGRA", 2),
    colors(kFourccRgbx64, "RGB-", 2),
    colors(kFourccBgrx64, "BGR-", 2),
    colors(kFourccRgbf32, "RGB", 4, SampleKind::kFloat),
    colors(kFourccBgrf32, "BGR", 4, SampleKind::kFloat),
    colors(kFourccRgbaf32, "RGBA", 4, SampleKind::kFloat),
    fields(kFourccRgb565, 2, {{"R", 11, 5}, {"G", 5, 6}, {"B", 0, 5}}),
    fields(kFourccBgr565, 2, {{"R", 0, 5}, {"G", 5, 6}, {"B", 11, 5}}),
    fields(kFourccRgb555, 2, {{"R", 10, 5}, {"G", 5, 5}, {"B", 0, 5}}),
    fields(kFourccBgr555, 2, {{"R", 0, 5}, {"G", 5, 5}, {"B", 10, 5}}),
    fields(kFourccX2rgb10, 4, {{"R", 20, 10}, {"G", 10, 10}, {"B", 0, 10}}),
    fields(kFourccX2bgr10, 4, {{"R", 0, 10}, {"G", 10, 10}, {"B", 20, 10}}),
    fields(kFourccA2rgb10, 4, {{"R", 20, 10}, {"G", 10, 10}, {"B", 0, 10}, {"A", 30, 2}}),
    fields(kFourccA2bgr10, 4, {{"R", 0, 10}, {"G", 10, 10}, {"B", 20, 10}, {"A", 30, 2}}),
    single(kFourccGray8, 1, 8),
    single(kFourccGray10, 2, 10),
    single(kFourccGray12, 2, 12),
    single(kFourccGray14, 2, 14),
    single(kFourccGray16, 2, 16),
    single(kFourccGrayf32, 4, 32, SampleKind::kFloat),
    single(kFourccGray10p, 1, 10, SampleKind::kRaw10),
    single(kFourccGray12p, 1, 12, SampleKind::kRaw12),
    pairs(kFourccYuyv, 0, 1, 3),
    pairs(kFourccYvyu, 0, 3, 1),
    pairs(kFourccUyvy, 1, 0, 2),
    pairs(kFourccVyuy, 1, 2, 0),
    two_planes(kFourccNv12, k420, Order::kUv),
    two_planes(kFourccNv21, k420, Order::kVu),
    two_planes(kFourccNv16, k422, Order::kUv),
    two_planes(kFourccNv61, k422, Order::kVu),
    two_planes(kFourccNv24, k444, Order::kUv),
    two_planes(kFourccNv42, k444, Order::kVu),
    two_planes(kFourccP010, k420, Order::kUv, {.bytes = 2, .bits = 10, .low_bit = 6}),
    two_planes(kFourccP012, k420, Order::kUv, {.bytes = 2, .bits = 12, .low_bit = 4}),
    two_planes(kFourccP016, k420, Order::kUv, kWord16),
    three_planes(kFourccI420, k420, Order::kUv),
    three_planes(kFourccYv12, k420, Order::kVu),
    three_planes(kFourccI422, k422, Order::kUv),
    three_planes(kFourccI444, k444, Order::kUv),
    three_planes(kFourccS010, k420, Order::kUv, kLow10),
    three_planes(kFourccS210, k422, Order::kUv, kLow10),
    three_planes(kFourccS410, k444, Order::kUv, kLow10),
    three_planes(kFourccS012, k420, Order::kUv, kLow12),
    three_planes(kFourccS212, k422, Order::kUv, kLow12),
    three_planes(kFourccS412, k444, Order::kUv, kLow12),
    three_planes(kFourccS016, k420, Order::kUv, kWord16),
    three_planes(kFourccS216, k422, Order::kUv, kWord16),
    three_planes(kFourccS416, k444, Order::kUv, kWord16),
};

// The colours of the top left four pixels, row after row, and the grey format of the same memory.
struct BayerFormat {
    std::uint32_t fourcc;
    std::string_view colors;
    std::uint32_t grey;
};
constexpr std::array kBayerFormats = {
    BayerFormat{kFourccRggb8, "RGGB", kFourccGray8},
    BayerFormat{kFourccGrbg8, "GRBG", kFourccGray8},
    BayerFormat{kFourccGbrg8, "GBRG", kFourccGray8},
    BayerFormat{kFourccBggr8, "BGGR", kFourccGray8},
    BayerFormat{kFourccRggb10, "RGGB", kFourccGray10},
    BayerFormat{kFourccGrbg10, "GRBG", kFourccGray10},
    BayerFormat{kFourccGbrg10, "GBRG", kFourccGray10},
    BayerFormat{kFourccBggr10, "BGGR", kFourccGray10},
    BayerFormat{kFourccRggb12, "RGGB", kFourccGray12},
    BayerFormat{kFourccGrbg12, "GRBG", kFourccGray12},
    BayerFormat{kFourccGbrg12, "GBRG", kFourccGray12},
    BayerFormat{kFourccBggr12, "BGGR", kFourccGray12},
    BayerFormat{kFourccRggb16, "RGGB", kFourccGray16},
    BayerFormat{kFourccGrbg16, "GRBG", kFourccGray16},
    BayerFormat{kFourccGbrg16, "GBRG", kFourccGray16},
    BayerFormat{kFourccBggr16, "BGGR", kFourccGray16},
    BayerFormat{kFourccRggb10p, "RGGB", kFourccGray10p},
    BayerFormat{kFourccGrbg10p, "GRBG", kFourccGray10p},
    BayerFormat{kFourccGbrg10p, "GBRG", kFourccGray10p},
    BayerFormat{kFourccBggr10p, "BGGR", kFourccGray10p},
    BayerFormat{kFourccRggb12p, "RGGB", kFourccGray12p},
    BayerFormat{kFourccGrbg12p, "GRBG", kFourccGray12p},
    BayerFormat{kFourccGbrg12p, "GBRG", kFourccGray12p},
    BayerFormat{kFourccBggr12p, "BGGR", kFourccGray12p},
};

const BayerFormat* find_bayer(std::uint32_t fourcc) {
    const auto found = std::ranges::find(kBayerFormats, fourcc, &BayerFormat::fourcc);
    return found == kBayerFormats.end() ? nullptr : &*found;
}

// MIPI's packing: a byte with the upper bits of each sample of a group, then a byte with the lower
// bits of all, those of the first sample lowest.
unsigned packed_sample(const std::byte* row, std::size_t index, std::size_t group_samples) {
    const std::byte* const group = row + index / group_samples * (group_samples + 1);
    const std::size_t place = index % group_samples;
    const unsigned low_bits = 8 / static_cast<unsigned>(group_samples);
    const unsigned low = std::to_integer<unsigned>(group[group_samples]) >> (place * low_bits) &
                         ((1U << low_bits) - 1);
    return std::to_integer<unsigned>(group[place]) << low_bits | low;
}

double load_sample(const std::byte* row, const SampleChannel& channel, std::size_t group) {
    if (channel.kind == SampleKind::kRaw10) return packed_sample(row, group, 4);
    if (channel.kind == SampleKind::kRaw12) return packed_sample(row, group, 2);
    const std::byte* const at = row + group * channel.group_bytes + channel.offset_bytes;
    if (channel.kind == SampleKind::kFloat) {
        float value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    std::uint32_t word = 0;  // little-endian, as the machine is
    std::memcpy(&word, at, channel.word_bytes);
    const std::uint32_t mask = channel.bits >= 32 ? ~0U : (1U << channel.bits) - 1;
    return word >> channel.low_bit & mask;
}

}  // namespace

std::span<const SampleChannel> channels_of(std::uint32_t fourcc) {
    const auto known = grey_of_bayer(fourcc).value_or(fourcc);
    const auto found = std::ranges::find(kFormats, known, &FormatChannels::fourcc);
    if (found == kFormats.end()) return {};
    return std::span(found->channels).first(found->count);
}

double sample_at(const ImageView& image, const SampleChannel& channel, std::uint32_t x,
                 std::uint32_t y) {
    const auto row = image.plane_row(channel.plane, y >> channel.row_shift);
    return load_sample(row.data(), channel, x >> channel.column_shift);
}

void samples_of_row(const ImageView& image, const SampleChannel& channel, std::uint32_t plane_row,
                    std::span<float> into) {
    const std::byte* const row = image.plane_row(channel.plane, plane_row).data();
    const bool plain = channel.kind == SampleKind::kInteger && channel.low_bit == 0;
    if (plain && channel.word_bytes == 1) {
        const std::byte* at = row + channel.offset_bytes;
        for (float& value : into) {
            value = std::to_integer<std::uint8_t>(*at);
            at += channel.group_bytes;
        }
        return;
    }
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = static_cast<float>(load_sample(row, channel, i));
}

std::optional<std::uint32_t> grey_of_bayer(std::uint32_t fourcc) {
    const BayerFormat* const bayer = find_bayer(fourcc);
    if (bayer == nullptr) return std::nullopt;
    return bayer->grey;
}

std::string_view bayer_color(std::uint32_t fourcc, std::uint32_t x, std::uint32_t y) {
    const BayerFormat* const bayer = find_bayer(fourcc);
    return bayer == nullptr ? "" : bayer->colors.substr(y % 2 * 2 + x % 2, 1);
}

}  // namespace mapferry::cli

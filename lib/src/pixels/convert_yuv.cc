// SPDX-License-Identifier: Apache-2.0
// YUV. Pixels that share U and V have the same ones: nothing is interpolated, as in libyuv, in
// OpenCV and in FFmpeg's fast conversions. On the way back U and V are the mean of their pixels.
#include <algorithm>
#include <array>
#include <cstring>

#include "pixels/convert_format.h"

namespace mapferry::inline v1 {

namespace {

// How many pixels share U and V.
struct Sharing {
    std::uint32_t columns = 1;
    std::uint32_t rows = 1;
};
constexpr Sharing k420{2, 2};
constexpr Sharing k422{2, 1};
constexpr Sharing k444{1, 1};

// Where U and V are: planes, and places in a pair.
struct Chroma {
    Sharing sharing = {};
    std::uint32_t u_plane = 1;
    std::uint32_t v_plane = 1;
    std::size_t step = 1;  // 2: pairs of both
    std::size_t u = 0;     // in a pair
    std::size_t v = 0;
};
constexpr Chroma planes(Sharing sharing) {
    return {.sharing = sharing, .u_plane = 1, .v_plane = 2};
}
constexpr Chroma planes_turned(Sharing sharing) {
    return {.sharing = sharing, .u_plane = 2, .v_plane = 1};
}
constexpr Chroma pairs(Sharing sharing) {
    return {.sharing = sharing, .u_plane = 1, .v_plane = 1, .step = 2, .v = 1};
}
constexpr Chroma pairs_turned(Sharing sharing) {
    return {.sharing = sharing, .u_plane = 1, .v_plane = 1, .step = 2, .u = 1};
}

template <typename Sample>
Sample sample_at(const std::uint8_t* samples, std::size_t index) {
    Sample sample = 0;
    std::memcpy(&sample, samples + index * sizeof sample, sizeof sample);
    return sample;
}

constexpr std::size_t divide_up(std::size_t count, std::size_t divisor) {
    return (count + divisor - 1) / divisor;
}

// ---- from YUV ----------------------------------------------------------------------------------

// The strip has room for a second pixel of a last pair, also when the row has none.
template <typename Sample, std::size_t kColumns, std::size_t kStep>
void spread_chroma(const std::uint8_t* samples, std::size_t count, Sample* to) {
    const std::size_t samples_shared = divide_up(count, kColumns);
    for (std::size_t i = 0; i < samples_shared; ++i)
        for (std::size_t column = 0; column < kColumns; ++column)
            to[kColumns * i + column] = sample_at<Sample>(samples, kStep * i);
}

template <typename Sample, Chroma kChroma>
void load_yuv(const ConvertSource& from, const StripPlace& place, Strip<Sample>& to) {
    constexpr std::size_t kBytes = sizeof(Sample);
    constexpr std::size_t kColumns = kChroma.sharing.columns;
    std::memcpy(to.y(), from.row(0, place.y) + place.x * kBytes, place.count * kBytes);
    const std::uint32_t row = place.y / kChroma.sharing.rows;
    const std::size_t first = place.x / kColumns * kChroma.step;
    const auto chroma = [&](std::uint32_t plane, std::size_t offset) {
        return from.row(plane, row) + (first + offset) * kBytes;
    };
    spread_chroma<Sample, kColumns, kChroma.step>(chroma(kChroma.u_plane, kChroma.u), place.count,
                                                  to.u());
    spread_chroma<Sample, kColumns, kChroma.step>(chroma(kChroma.v_plane, kChroma.v), place.count,
                                                  to.v());
}

// Where the bytes are in two pixels of YUYV and its kin.
struct PairOrder {
    std::size_t y;
    std::size_t u;
    std::size_t v;
};

template <PairOrder kOrder>
void load_yuyv(const ConvertSource& from, const StripPlace& place, NarrowStrip& to) {
    const std::size_t count = divide_up(place.count, 2);
    const std::uint8_t* const pairs = from.row(0, place.y) + std::size_t{place.x} * 2;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* const pair = pairs + 4 * i;
        to.y()[2 * i] = pair[kOrder.y];
        to.y()[2 * i + 1] = pair[kOrder.y + 2];
        to.u()[2 * i] = to.u()[2 * i + 1] = pair[kOrder.u];
        to.v()[2 * i] = to.v()[2 * i + 1] = pair[kOrder.v];
    }
}

// ---- to YUV ------------------------------------------------------------------------------------

// An odd last pixel shares its colours with nobody; the strip has room for a second one like it.
void complete_pair(NarrowStrip& strip, std::size_t count) {
    if (count % 2 == 0) return;
    for (std::uint8_t* const channel : {strip.y(), strip.u(), strip.v()})
        channel[count] = channel[count - 1];
}

// The mean of the pixels that share chroma number i. `upper` and `lower` are the same row at an odd
// lower edge.
template <Sharing kSharing>
std::uint8_t shared_mean(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t i) {
    if (kSharing.columns == 1) return upper[i];
    const unsigned above = unsigned{upper[2 * i]} + upper[2 * i + 1];
    if (kSharing.rows == 1) return static_cast<std::uint8_t>((above + 1) / 2);
    const unsigned below = unsigned{lower[2 * i]} + lower[2 * i + 1];
    return static_cast<std::uint8_t>((above + below + 2) / 4);
}

template <Chroma kChroma>
void store_yuv(std::span<NarrowStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    constexpr Sharing kSharing = kChroma.sharing;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        std::memcpy(to.row(0, place.y + i) + place.x, rows[i].y(), place.count);
        complete_pair(rows[i], place.count);
    }
    const NarrowStrip& upper = rows.front();
    const NarrowStrip& lower = rows.back();
    const std::uint32_t row = place.y / kSharing.rows;
    const std::size_t first = place.x / kSharing.columns * kChroma.step;
    const std::size_t count = divide_up(place.count, kSharing.columns);
    std::uint8_t* const u = to.row(kChroma.u_plane, row) + first + kChroma.u;
    std::uint8_t* const v = to.row(kChroma.v_plane, row) + first + kChroma.v;
    for (std::size_t i = 0; i < count; ++i) {
        u[i * kChroma.step] = shared_mean<kSharing>(upper.u(), lower.u(), i);
        v[i * kChroma.step] = shared_mean<kSharing>(upper.v(), lower.v(), i);
    }
}

template <PairOrder kOrder>
void store_yuyv(std::span<NarrowStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    complete_pair(rows[0], place.count);
    const NarrowStrip& from = rows[0];
    const std::size_t count = divide_up(place.count, 2);
    std::uint8_t* const pairs = to.row(0, place.y) + std::size_t{place.x} * 2;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint8_t* const pair = pairs + 4 * i;
        pair[kOrder.y] = from.y()[2 * i];
        pair[kOrder.y + 2] = from.y()[2 * i + 1];
        pair[kOrder.u] = shared_mean<k422>(from.u(), from.u(), i);
        pair[kOrder.v] = shared_mean<k422>(from.v(), from.v(), i);
    }
}

// ---- the table ---------------------------------------------------------------------------------

template <Chroma kChroma>
constexpr ConvertFormat yuv(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .model = ColorModel::kYuv,
            .load_narrow = load_yuv<std::uint8_t, kChroma>,
            .store = store_yuv<kChroma>,
            .row_count = kChroma.sharing.rows};
}

template <Chroma kChroma>
constexpr ConvertFormat wide(std::uint32_t fourcc, const SampleBits& bits) {
    return {.fourcc = fourcc,
            .model = ColorModel::kYuv,
            .load_wide = load_yuv<std::uint16_t, kChroma>,
            .bits = bits};
}

template <PairOrder kOrder>
constexpr ConvertFormat yuyv(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .model = ColorModel::kYuv,
            .load_narrow = load_yuyv<kOrder>,
            .store = store_yuyv<kOrder>};
}

constexpr std::array kFormats = {
    yuv<pairs(k420)>(kFourccNv12),
    yuv<pairs_turned(k420)>(kFourccNv21),
    yuv<pairs(k422)>(kFourccNv16),
    yuv<pairs_turned(k422)>(kFourccNv61),
    yuv<pairs(k444)>(kFourccNv24),
    yuv<pairs_turned(k444)>(kFourccNv42),
    yuv<planes(k420)>(kFourccI420),
    yuv<planes_turned(k420)>(kFourccYv12),
    yuv<planes(k422)>(kFourccI422),
    yuv<planes(k444)>(kFourccI444),
    yuyv<PairOrder{.y = 0, .u = 1, .v = 3}>(kFourccYuyv),
    yuyv<PairOrder{.y = 0, .u = 3, .v = 1}>(kFourccYvyu),
    yuyv<PairOrder{.y = 1, .u = 0, .v = 2}>(kFourccUyvy),
    yuyv<PairOrder{.y = 1, .u = 2, .v = 0}>(kFourccVyuy),
    wide<pairs(k420)>(kFourccP010, SampleBits{10, 6}),
    wide<pairs(k420)>(kFourccP012, SampleBits{12, 4}),
    wide<pairs(k420)>(kFourccP016, SampleBits{16}),
    wide<planes(k420)>(kFourccS010, SampleBits{10}),
    wide<planes(k422)>(kFourccS210, SampleBits{10}),
    wide<planes(k444)>(kFourccS410, SampleBits{10}),
    wide<planes(k420)>(kFourccS012, SampleBits{12}),
    wide<planes(k422)>(kFourccS212, SampleBits{12}),
    wide<planes(k444)>(kFourccS412, SampleBits{12}),
    wide<planes(k420)>(kFourccS016, SampleBits{16}),
    wide<planes(k422)>(kFourccS216, SampleBits{16}),
    wide<planes(k444)>(kFourccS416, SampleBits{16}),
};

}  // namespace

std::span<const ConvertFormat> yuv_formats() {
    return kFormats;
}

}  // namespace mapferry::inline v1

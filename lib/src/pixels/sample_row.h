// SPDX-License-Identifier: Apache-2.0
// Rows with one sample a pixel, grey or of a Bayer pattern, in each way that they are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mapferry::inline v1 {

struct ByteSamples {
    using Sample = std::uint8_t;
    static void read(const std::uint8_t* row, std::size_t begin, std::size_t count, Sample* to) {
        std::memcpy(to, row + begin, count);
    }
};

// Little-endian words of 16 bits.
struct WordSamples {
    using Sample = std::uint16_t;
    static void read(const std::uint8_t* row, std::size_t begin, std::size_t count, Sample* to) {
        std::memcpy(to, row + 2 * begin, 2 * count);
    }
};

// MIPI's packing: a byte with the upper bits of each sample of a group, then a byte with the lower
// bits of all, those of the first sample lowest.
template <std::size_t kGroup>
struct PackedSamples {
    using Sample = std::uint16_t;
    static constexpr unsigned kLowBits = 8 / kGroup;

    static Sample sample(const std::uint8_t* group, std::size_t index) {
        const unsigned high = group[index];
        const unsigned low = group[kGroup] >> (index * kLowBits) & ((1U << kLowBits) - 1);
        return static_cast<Sample>(high << kLowBits | low);
    }
    static void read(const std::uint8_t* row, std::size_t begin, std::size_t count, Sample* to) {
        const std::uint8_t* group = row + begin / kGroup * (kGroup + 1);
        std::size_t index = begin % kGroup;
        std::size_t i = 0;
        for (; index != 0 && i < count; ++i) {
            to[i] = sample(group, index);
            index = (index + 1) % kGroup;
            if (index == 0) group += kGroup + 1;
        }
        for (; i + kGroup <= count; i += kGroup, group += kGroup + 1)
            for (std::size_t place = 0; place < kGroup; ++place)
                to[i + place] = sample(group, place);
        for (; i < count; ++i, ++index)
            to[i] = sample(group, index);
    }
};
using Raw10Samples = PackedSamples<4>;
using Raw12Samples = PackedSamples<2>;

}  // namespace mapferry::inline v1

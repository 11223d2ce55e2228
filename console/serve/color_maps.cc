// SPDX-License-Identifier: Apache-2.0
#include "console/serve/color_maps.h"

#include <algorithm>
#include <cstddef>

namespace mapferry::cli {

namespace {

// The coefficients of red, green and blue, from the power 0 on.
using Polynomial = std::array<std::array<double, 7>, 3>;

constexpr Polynomial kViridis = {{
    {0.2777273272, 0.1050930431, -0.3308618287, -4.6342304990, 6.2282699363, 4.7763849977,
     -5.4354558559},
    {0.0054073445, 1.4046135299, 0.2148475595, -5.7991009734, 14.1799333668, -13.7451453777,
     4.6458526122},
    {0.3340998053, 1.3845901626, 0.0950951630, -19.3324409563, 56.6905526007, -65.3530326334,
     26.3124352496},
}};
constexpr Polynomial kInferno = {{
    {0.0002189404, 0.1065134195, 11.6024930825, -41.7039961314, 77.1629356994, -71.3194282450,
     25.1311262248},
    {0.0016510046, 0.5639564368, -3.9728539657, 17.4363988821, -33.4023589421, 32.6260642640,
     -12.2426689524},
    {-0.0194808984, 3.9327123889, -15.9423941063, 44.3541451987, -81.8073092574, 73.2095198580,
     -23.0703250029},
}};
constexpr Polynomial kTurbo = {{
    {0.13572138, 4.61539260, -42.66032258, 132.13108234, -152.94239396, 59.28637943, 0},
    {0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604, 0},
    {0.10667330, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973, 0},
}};

constexpr std::uint8_t value_at(const std::array<double, 7>& factors, double x) {
    double value = 0;
    for (std::size_t power = factors.size(); power-- > 0;)
        value = value * x + factors[power];
    return static_cast<std::uint8_t>(std::clamp(value, 0.0, 1.0) * 255 + 0.5);
}

constexpr ColorTable table_of(const Polynomial& polynomial) {
    ColorTable table{};
    for (std::size_t grey = 0; grey < table.size(); ++grey) {
        const double x = static_cast<double>(grey) / 255;
        table[grey] = {value_at(polynomial[0], x), value_at(polynomial[1], x),
                       value_at(polynomial[2], x)};
    }
    return table;
}

constexpr ColorTable greys() {
    ColorTable table{};
    for (std::size_t grey = 0; grey < table.size(); ++grey) {
        const auto value = static_cast<std::uint8_t>(grey);
        table[grey] = {value, value, value};
    }
    return table;
}

constexpr ColorTable clipped() {
    ColorTable table = greys();
    table.front() = {0, 60, 255};
    table.back() = {255, 40, 30};
    return table;
}

constexpr ColorTable kGreyTable = greys();
constexpr ColorTable kClippedTable = clipped();
constexpr ColorTable kViridisTable = table_of(kViridis);
constexpr ColorTable kInfernoTable = table_of(kInferno);
constexpr ColorTable kTurboTable = table_of(kTurbo);

}  // namespace

const ColorTable& color_table(ColorMap map) {
    switch (map) {
        case ColorMap::kGrey:
            return kGreyTable;
        case ColorMap::kViridis:
            return kViridisTable;
        case ColorMap::kInferno:
            return kInfernoTable;
        case ColorMap::kTurbo:
            return kTurboTable;
        case ColorMap::kClipped:
            return kClippedTable;
    }
    return kGreyTable;
}

}  // namespace mapferry::cli

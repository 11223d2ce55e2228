// SPDX-License-Identifier: Apache-2.0
#include "console/serve/picture_render.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/short_names.h"
#include "console/serve/color_maps.h"
#include "console/serve/pixel_samples.h"
#include "console/serve/pixel_statistics.h"

namespace mapferry::cli {

namespace {

// What convert_image() scales to levels: more than 8 bits, and no YUV.
bool is_scaled_by_conversion(std::span<const SampleChannel> channels) {
    return !channels.empty() && channels.front().bits > 8 && channels.front().name != "Y";
}

// The picture with the format by which it is converted: a pattern that is shown raw is grey.
Result<ImageView> as_shown(const ImageView& image, const ViewSettings& settings) {
    ImageDescription description = image.description();
    const auto grey = grey_of_bayer(description.fourcc);
    if (!grey || settings.bayer == BayerShown::kDemosaiced) return image;
    description.fourcc = *grey;
    return ImageView::make(description, image.bytes());
}

std::optional<SampleLevels> extremes_of(const ImageView& image) {
    std::optional<SampleLevels> levels;
    for (const ChannelStatistics& channel : statistics_of(image).channels) {
        if (channel.count == 0 || channel.name == "A" || channel.name == "U" || channel.name == "V")
            continue;
        if (!levels) levels = SampleLevels{.black = channel.smallest, .white = channel.largest};
        levels->black = std::min(levels->black, channel.smallest);
        levels->white = std::max(levels->white, channel.largest);
    }
    if (levels && levels->black == levels->white) levels.reset();
    return levels;
}

// Levels of samples with more than 8 bits, which the conversion applies.
Result<std::optional<SampleLevels>> wide_levels(const ImageView& image, SampleKind kind,
                                                const ViewSettings& settings) {
    if (settings.levels == LevelsChoice::kGiven)
        return SampleLevels{.black = settings.black, .white = settings.white};
    if (settings.levels == LevelsChoice::kFull && kind != SampleKind::kFloat) return std::nullopt;
    return sample_levels(image);
}

// Levels of all others, in the units of the converted pixels.
std::optional<SampleLevels> narrow_levels(const ImageView& pixels, const ViewSettings& settings) {
    if (settings.levels == LevelsChoice::kGiven && settings.black != settings.white)
        return SampleLevels{.black = settings.black, .white = settings.white};
    return settings.levels == LevelsChoice::kAuto ? extremes_of(pixels) : std::nullopt;
}

using ByteTable = std::array<std::uint8_t, 256>;

ByteTable table_of_levels(const std::optional<SampleLevels>& levels) {
    ByteTable table{};
    for (std::size_t value = 0; value < table.size(); ++value) {
        const double in = static_cast<double>(value);
        const double out =
            levels ? (in - levels->black) / (levels->white - levels->black) * 255 : in;
        table[value] = static_cast<std::uint8_t>(std::clamp(std::round(out), 0.0, 255.0));
    }
    return table;
}

void look_up(std::span<std::byte> bytes, const ByteTable& table) {
    for (std::byte& byte : bytes)
        byte = std::byte{table[std::to_integer<std::size_t>(byte)]};
}

Result<Image> colored(const Image& grey, ColorMap map) {
    auto description =
        describe_raw_image(grey.description().width, grey.description().height, "RGB24");
    if (!description) return std::unexpected(description.error());
    auto image = Image::allocate(*description);
    if (!image) return image;
    const ColorTable& colors = color_table(map);
    std::byte* to = image->bytes().data();
    for (const std::byte value : grey.bytes()) {
        const Rgb& color = colors[std::to_integer<std::size_t>(value)];
        *to++ = std::byte{color.red};
        *to++ = std::byte{color.green};
        *to++ = std::byte{color.blue};
    }
    return image;
}

}  // namespace

bool shows_as_it_is(std::uint32_t fourcc, const ViewSettings& settings) {
    const auto channels = channels_of(fourcc);
    if (settings.levels != LevelsChoice::kFull || is_scaled_by_conversion(channels)) return false;
    return grey_of_bayer(fourcc) ? settings.bayer == BayerShown::kDemosaiced
                                 : channels.size() != 1 || settings.map == ColorMap::kGrey;
}

Result<RenderedPicture> render_picture(const ImageView& image, const ViewSettings& settings) {
    const auto shown = as_shown(image, settings);
    if (!shown) return std::unexpected(shown.error());
    const std::uint32_t fourcc = shown->description().fourcc;
    const auto channels = channels_of(fourcc);
    const bool is_wide = is_scaled_by_conversion(channels);
    const bool is_grey = channels.size() == 1 && !grey_of_bayer(fourcc);
    std::optional<SampleLevels> levels;
    if (is_wide) {
        auto found = wide_levels(*shown, channels.front().kind, settings);
        if (!found) return std::unexpected(found.error());
        levels = *found;
    }
    auto pixels = convert_image(*shown, is_grey ? kFourccGray8 : kFourccRgb24, {.levels = levels});
    if (!pixels) return std::unexpected(pixels.error());
    if (!is_wide) {
        levels = narrow_levels(pixels->view(), settings);
        if (levels) look_up(pixels->bytes(), table_of_levels(levels));
    }
    if (is_grey && settings.map != ColorMap::kGrey) {
        pixels = colored(*pixels, settings.map);
        if (!pixels) return std::unexpected(pixels.error());
    }
    return RenderedPicture{.pixels = std::move(*pixels), .levels = levels};
}

}  // namespace mapferry::cli

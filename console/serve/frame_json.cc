// SPDX-License-Identifier: Apache-2.0
#include "console/serve/frame_json.h"

#include <algorithm>
#include <cmath>

#include "cli/notes_text.h"
#include "console/serve/pixel_samples.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kMetadataShownBytes = 16'384;

// JSON has no numbers for infinities.
json::Value number_json(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;
}

json::Value channel_names(std::uint32_t fourcc) {
    json::Value names = json::Value::array();
    for (const SampleChannel& channel : channels_of(fourcc))
        names.push_back(channel.name);
    return names;
}

}  // namespace

json::Value frame_json(const SeenFrame& frame) {
    const SeenFacts& facts = frame.facts();
    json::Value object = {
        {"id", facts.id}, {"what", frame.what()}, {"bytes", frame.bytes().size()}};
    if (facts.sequence) object["sequence"] = *facts.sequence;
    // Larger than the numbers of a browser.
    object["epoch"] = std::to_string(facts.epoch);
    if (facts.source_number) object["source_number"] = std::to_string(*facts.source_number);
    if (facts.captured) {
        object["captured_ns"] = std::to_string(facts.captured->ns);
        object["clock"] = clock_name(facts.captured->clock);
    }
    if (facts.published_unix_ns != 0)
        object["published_unix_ns"] = std::to_string(facts.published_unix_ns);
    if (facts.latency_ns) object["latency_ns"] = *facts.latency_ns;
    if (!facts.name.empty()) object["name"] = facts.name;
    if (!facts.content_type.empty()) object["content_type"] = facts.content_type;
    if (!facts.metadata.empty()) {
        object["metadata"] = facts.metadata.substr(0, kMetadataShownBytes);
        object["metadata_bytes"] = facts.metadata.size();
    }
    return object;
}

void add_picture(json::Value& object, const PlainPicture& picture) {
    const ImageDescription& image = picture.view.description();
    object["width"] = image.width;
    object["height"] = image.height;
    object["format"] = pixel_format_name(image.fourcc);
    object["channels"] = channel_names(image.fourcc);
    object["bayer"] = grey_of_bayer(image.fourcc).has_value();
    object["layers"] = picture.layer_count;
    const auto channels = channels_of(image.fourcc);
    if (channels.empty()) return;
    const SampleChannel& first = channels.front();
    const bool is_float = first.kind == SampleKind::kFloat;
    object["float"] = is_float;
    // Levels of more than 8 bits are in the samples' units, all others in those of the screen.
    const bool is_wide = first.bits > 8 && first.name != "Y";
    if (!is_float) object["levels_high"] = is_wide ? std::ldexp(1.0, first.bits) - 1 : 255.0;
}

json::Value statistics_json(const PictureStatistics& statistics) {
    json::Value channels = json::Value::array();
    for (const ChannelStatistics& channel : statistics.channels) {
        json::Value bins = json::Value::array();
        for (const std::uint64_t count : channel.bins)
            bins.push_back(count);
        channels.push_back({{"name", channel.name},
                            {"count", channel.count},
                            {"odd_count", channel.odd_count},
                            {"min", number_json(channel.smallest)},
                            {"max", number_json(channel.largest)},
                            {"mean", number_json(channel.mean)},
                            {"bins", std::move(bins)}});
    }
    return {{"low", number_json(statistics.low)},
            {"bin_width", number_json(statistics.bin_width)},
            {"channels", std::move(channels)}};
}

json::Value samples_json(const ImageView& image, PixelArea area) {
    area.x = std::min(area.x, image.width() - 1);
    area.y = std::min(area.y, image.height() - 1);
    area.columns = std::clamp(area.columns, 1U, image.width() - area.x);
    area.rows = std::clamp(area.rows, 1U, image.height() - area.y);
    const std::uint32_t fourcc = image.description().fourcc;
    const auto channels = channels_of(fourcc);
    const bool is_bayer = grey_of_bayer(fourcc).has_value();
    json::Value values = json::Value::array();
    json::Value colors = json::Value::array();
    for (std::uint32_t y = area.y; y < area.y + area.rows; ++y) {
        for (std::uint32_t x = area.x; x < area.x + area.columns; ++x) {
            json::Value pixel = json::Value::array();
            for (const SampleChannel& channel : channels)
                pixel.push_back(number_json(sample_at(image, channel, x, y)));
            values.push_back(std::move(pixel));
            if (is_bayer) colors.push_back(bayer_color(fourcc, x, y));
        }
    }
    json::Value object = {{"x", area.x},
                          {"y", area.y},
                          {"columns", area.columns},
                          {"rows", area.rows},
                          {"format", pixel_format_name(fourcc)},
                          {"channels", channel_names(fourcc)},
                          {"values", std::move(values)}};
    if (is_bayer) object["colors"] = std::move(colors);
    return object;
}

}  // namespace mapferry::cli

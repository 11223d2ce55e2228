// SPDX-License-Identifier: Apache-2.0
// Conversions of a picture of 1920x1080: ours, and those of FFmpeg's library.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <random>
#include <vector>

#include "bench/convert_stages.h"
#include "bench/frame_content.h"
#include "bench/give_up.h"
#include "bench/stage.h"
#include "mapferry/image_convert.h"

namespace mapferry::bench {

namespace {

ImageDescription describe(const char* format) {
    return describe_raw_image(kConvertedWidth, kConvertedHeight, format).value();
}

// Both pictures in memory, all pages of them touched.
struct Pictures {
    Conversion names;
    ImageDescription from = describe(names.from);
    ImageDescription to = describe(names.to);
    std::vector<std::byte> source{static_cast<std::size_t>(planes_of(from)->image_bytes)};
    std::vector<std::byte> target{static_cast<std::size_t>(planes_of(to)->image_bytes)};
};

double our_time_us(Pictures& pictures) {
    const auto view = ImageView::make(pictures.from, pictures.source).value();
    return microseconds_each([&] {
        if (!convert_image_into(view, pictures.to, pictures.target)) give_up("no conversion");
    });
}

}  // namespace

double microseconds_each(const std::function<void()>& work) {
    constexpr int kTimes = 20;
    const std::int64_t began_ns = now_ns();
    for (int i = 0; i < kTimes; ++i)
        work();
    return static_cast<double>(now_ns() - began_ns) / (1000.0 * kTimes);
}

std::vector<std::byte> noise_of(std::size_t bytes) {
    std::vector<std::byte> noise(bytes);
    std::mt19937 random(1);
    for (std::byte& byte : noise)
        byte = static_cast<std::byte>(random() & 0xFF);
    return noise;
}

void add_convert_stages(std::vector<Stage>& stages) {
    for (const Conversion& names : kConversions) {
        const auto pictures = std::make_shared<Pictures>(Pictures{.names = names});
        pictures->source = noise_of(pictures->source.size());
        stages.push_back({.case_name = conversion_name(names),
                          .way = "mapferry",
                          .unit = "us",
                          .measure = [pictures] { return our_time_us(*pictures); }});
        add_swscale_stages(stages, names);
    }
}

}  // namespace mapferry::bench

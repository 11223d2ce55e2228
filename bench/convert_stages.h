// SPDX-License-Identifier: Apache-2.0
// Conversions of pixels that are measured, each by all ways.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/stage.h"

namespace mapferry::bench {

inline constexpr std::uint32_t kConvertedWidth = 1920;
inline constexpr std::uint32_t kConvertedHeight = 1080;

// Names of pixel formats.
struct Conversion {
    const char* from;
    const char* to;
};
inline constexpr std::array kConversions = {
    Conversion{"NV12", "BGR24"},  Conversion{"I420", "BGR24"},   Conversion{"YUYV", "BGR24"},
    Conversion{"P010", "BGR24"},  Conversion{"RGGB8", "RGB24"},  Conversion{"RGGB16", "RGB24"},
    Conversion{"BGR24", "RGB24"}, Conversion{"BGR24", "BGRA32"}, Conversion{"BGR24", "GRAY8"},
    Conversion{"BGR24", "NV12"},  Conversion{"BGR24", "I420"}};

[[nodiscard]] inline std::string conversion_name(const Conversion& names) {
    return std::string("1080p, ") + names.from + " to " + names.to;
}

// The mean time of several calls.
[[nodiscard]] double microseconds_each(const std::function<void()>& work);

[[nodiscard]] std::vector<std::byte> noise_of(std::size_t bytes);

// By FFmpeg's libswscale, where it is installed.
void add_swscale_stages(std::vector<Stage>& stages, const Conversion& names);

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// Pictures of a few pixels, for tests of conversions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "mapferry/image_convert.h"
#include "support/byte_list.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

// Little-endian.
[[nodiscard]] inline Bytes words(std::initializer_list<int> values) {
    Bytes result;
    for (const int value : values)
        for (const int byte : {value & 0xFF, value >> 8})
            result.push_back(static_cast<std::byte>(byte));
    return result;
}

[[nodiscard]] inline Bytes floats(std::initializer_list<float> values) {
    const auto result = std::as_bytes(std::span(values));
    return {result.begin(), result.end()};
}

[[nodiscard]] inline ImageDescription shape(std::uint32_t width, std::uint32_t height,
                                            const char* format) {
    return describe_raw_image(width, height, format).value();
}

[[nodiscard]] inline std::uint32_t fourcc_of(const char* format) {
    return shape(1, 1, format).fourcc;
}

// Empty if the conversion fails.
[[nodiscard]] inline Bytes converted(const ImageDescription& image, const Bytes& pixels,
                                     const char* to, const ConvertOptions& options = {}) {
    const auto view = ImageView::make(image, pixels);
    if (!view) return {};
    const auto result = convert_image(*view, fourcc_of(to), options);
    if (!result) return {};
    return {result->bytes().begin(), result->bytes().end()};
}

}  // namespace mapferry::testing

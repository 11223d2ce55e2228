// SPDX-License-Identifier: Apache-2.0
// Images and arrays, from the words of a caller and as facts by key.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capi/c_options.h"
#include "mapferry/image.h"
#include "mapferry/section_info.h"
#include "mapferry/tensor.h"

namespace mapferry::capi {

// What a caller says of an image.
struct ImageWords {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    const char* format = nullptr;
    const char* options = nullptr;
};

// The options of an image. The list refers to it.
[[nodiscard]] OptionList image_options(ImageDescription& image);

// The image that the words describe, checked. `more`: options beside those of an image.
[[nodiscard]] Result<ImageDescription> describe_image(const ImageWords& words,
                                                      const OptionList& more = {});
// The same, but no image without a format.
[[nodiscard]] Result<std::optional<ImageDescription>> describe_any_image(const ImageWords& words);

// No array without a type.
[[nodiscard]] Result<std::optional<TensorDescription>> describe_any_tensor(
    const char* type, const std::int64_t* shape, std::int32_t dimensions);

// The format of a name that find_pixel_format() knows, or of a code: "0x33524742".
[[nodiscard]] Result<std::uint32_t> format_of(const char* format);

// Sets values[key] for all keys of the image and the tensor that are less than values.size().
void put_image(std::span<std::int64_t> values, const std::optional<ImageDescription>& image);
void put_tensor(std::span<std::int64_t> values, const std::optional<TensorDescription>& tensor);

// One of these values; MAPFERRY_UNKNOWN_KEY if the key is none of an image or a tensor.
[[nodiscard]] std::int64_t described_value(std::int32_t key,
                                           const std::optional<ImageDescription>& image,
                                           const std::optional<TensorDescription>& tensor);

// The value of a section's key; MAPFERRY_UNKNOWN_KEY for others.
[[nodiscard]] std::int64_t section_value(std::int32_t key, const SectionInfo& info);

// The names of an image's format and a tensor's type, empty where there is none.
[[nodiscard]] std::string format_text(const std::optional<ImageDescription>& image);
[[nodiscard]] std::string type_text(const std::optional<TensorDescription>& tensor);

}  // namespace mapferry::capi

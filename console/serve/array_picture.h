// SPDX-License-Identifier: Apache-2.0
// Arrays of numbers as pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mapferry/image.h"
#include "mapferry/status.h"
#include "mapferry/tensor.h"

namespace mapferry::cli {

// One layer of an array: the rows and columns of its last two dimensions. Three or four numbers as
// the last dimension are colours, if their type is one of colours (uint8, uint16, float32) and
// there is no other way to read the shape as rows and columns of single numbers.
struct ArrayPicture {
    ImageDescription description;
    std::uint64_t layer_count = 1;
    std::uint64_t offset_bytes = 0;               // of the layer in the array's bytes
    std::vector<std::byte> converted_bytes = {};  // not empty: the pixels are here instead
};

// kUsage: the array has no elements, too long sides, or a type that is no number. `bytes` has the
// whole array.
[[nodiscard]] Result<ArrayPicture> picture_of_array(const TensorDescription& tensor,
                                                    std::span<const std::byte> bytes,
                                                    std::uint64_t layer);

}  // namespace mapferry::cli

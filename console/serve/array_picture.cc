// SPDX-License-Identifier: Apache-2.0
#include "console/serve/array_picture.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>

#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kSideMax = 65'536;

struct Shape {
    std::uint64_t layers = 1;
    std::uint64_t rows = 1;
    std::uint64_t columns = 1;
    std::uint64_t colors = 1;
};

bool is_type(const TensorDescription& tensor, TensorType type, unsigned bits) {
    return tensor.type == type && tensor.bits == bits && tensor.lanes == 1;
}

bool has_type_of_colors(const TensorDescription& tensor) {
    return is_type(tensor, TensorType::kUint, 8) || is_type(tensor, TensorType::kUint, 16) ||
           is_type(tensor, TensorType::kFloat, 32);
}

// The last dimension has colours when it is that short and rows and columns stand before it.
Shape shape_of(const TensorDescription& tensor) {
    std::span<const std::uint64_t> sides(tensor.shape.data(), tensor.dimensions);
    Shape shape;
    const bool may_be_colors = sides.size() >= 3 && has_type_of_colors(tensor);
    const bool four_only_as_bytes = sides.empty() || sides.back() != 4 || tensor.bits != 16;
    if (may_be_colors && (sides.back() == 3 || (sides.back() == 4 && four_only_as_bytes))) {
        shape.colors = sides.back();
        sides = sides.first(sides.size() - 1);
    } else if (sides.size() >= 3 && sides.back() == 1) {
        sides = sides.first(sides.size() - 1);
    }
    if (!sides.empty()) shape.columns = sides.back();
    if (sides.size() >= 2) shape.rows = sides[sides.size() - 2];
    for (std::size_t i = 0; i + 2 < sides.size(); ++i)
        shape.layers *= sides[i];
    return shape;
}

std::string_view format_of(const TensorDescription& tensor, std::uint64_t colors) {
    if (tensor.type == TensorType::kUint && tensor.bits == 8)
        return colors == 1 ? "GRAY8" : colors == 3 ? "RGB24" : "RGBA32";
    if (tensor.type == TensorType::kUint && tensor.bits == 16)
        return colors == 1 ? "GRAY16" : colors == 3 ? "RGB48" : "RGBA64";
    return colors == 1 ? "GRAYF32" : colors == 3 ? "RGBF32" : "RGBAF32";
}

// IEEE 754, 16 bits.
float of_half(std::uint16_t half) {
    const int exponent = half >> 10 & 0x1F;
    const float fraction = static_cast<float>(half & 0x3FF);
    const float sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
    if (exponent == 0) return sign * std::ldexp(fraction, -24);
    if (exponent == 31) return fraction == 0 ? sign * HUGE_VALF : NAN;
    return sign * std::ldexp(fraction + 1024.0F, exponent - 25);
}

template <typename Number>
float load(const std::byte* at) {
    Number number{};
    std::memcpy(&number, at, sizeof number);
    return static_cast<float>(number);
}

float load_half(const std::byte* at) {
    std::uint16_t half = 0;
    std::memcpy(&half, at, sizeof half);
    return of_half(half);
}

float load_bfloat(const std::byte* at) {
    std::uint16_t upper = 0;
    std::memcpy(&upper, at, sizeof upper);
    return std::bit_cast<float>(static_cast<std::uint32_t>(upper) << 16);
}

using Load = float (*)(const std::byte*);

// Null: the type is no number.
Load loader_of(const TensorDescription& tensor) {
    if (tensor.lanes != 1) return nullptr;
    const auto by_bits = [&](Load b8, Load b16, Load b32, Load b64) -> Load {
        return tensor.bits == 8    ? b8
               : tensor.bits == 16 ? b16
               : tensor.bits == 32 ? b32
               : tensor.bits == 64 ? b64
                                   : nullptr;
    };
    switch (tensor.type) {
        case TensorType::kInt:
            return by_bits(load<std::int8_t>, load<std::int16_t>, load<std::int32_t>,
                           load<std::int64_t>);
        case TensorType::kUint:
            return by_bits(load<std::uint8_t>, load<std::uint16_t>, load<std::uint32_t>,
                           load<std::uint64_t>);
        case TensorType::kFloat:
            return by_bits(nullptr, load_half, load<float>, load<double>);
        case TensorType::kBfloat:
            return by_bits(nullptr, load_bfloat, nullptr, nullptr);
        case TensorType::kBool:
            return by_bits(load<std::uint8_t>, nullptr, nullptr, nullptr);
        default:
            return nullptr;
    }
}

std::vector<std::byte> as_floats(std::span<const std::byte> bytes, std::size_t element_bytes,
                                 Load load_element) {
    std::vector<std::byte> floats(bytes.size() / element_bytes * sizeof(float));
    std::byte* to = floats.data();
    for (std::size_t at = 0; at + element_bytes <= bytes.size(); at += element_bytes) {
        const float value = load_element(bytes.data() + at);
        std::memcpy(to, &value, sizeof value);
        to += sizeof value;
    }
    return floats;
}

}  // namespace

Result<ArrayPicture> picture_of_array(const TensorDescription& tensor,
                                      std::span<const std::byte> bytes, std::uint64_t layer) {
    const Load load_element = loader_of(tensor);
    if (load_element == nullptr)
        return fail(Code::kUsage, to_string(tensor) + " is no array of single numbers");
    const Shape shape = shape_of(tensor);
    if (shape.layers == 0 || shape.rows == 0 || shape.columns == 0)
        return fail(Code::kUsage, to_string(tensor) + " has no elements");
    if (shape.rows > kSideMax || shape.columns > kSideMax)
        return fail(Code::kUsage, to_string(tensor) + " is too long for a picture");
    const bool is_plain = has_type_of_colors(tensor);
    auto description =
        describe_raw_image(static_cast<std::uint32_t>(shape.columns),
                           static_cast<std::uint32_t>(shape.rows), format_of(tensor, shape.colors));
    if (!description) return std::unexpected(description.error());
    const std::uint64_t element_bytes = tensor.bits / 8;
    const std::uint64_t layer_bytes = shape.rows * shape.columns * shape.colors * element_bytes;
    const std::uint64_t wanted = std::min(layer, shape.layers - 1);
    if (layer_bytes > bytes.size() || wanted > bytes.size() / layer_bytes - 1)
        return fail(Code::kCorrupt, to_string(tensor) + " has more elements than there are bytes");
    ArrayPicture picture{.description = *description,
                         .layer_count = shape.layers,
                         .offset_bytes = wanted * layer_bytes};
    if (!is_plain)
        picture.converted_bytes = as_floats(bytes.subspan(wanted * layer_bytes, layer_bytes),
                                            element_bytes, load_element);
    return picture;
}

}  // namespace mapferry::cli

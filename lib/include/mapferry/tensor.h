// SPDX-License-Identifier: Apache-2.0
/// \file
/// The description of an array of numbers: its type and shape, but not the numbers.
///
///     mapferry::Result<mapferry::TensorDescription> describe_batch(std::uint64_t pictures) {
///         const std::array<std::uint64_t, 4> shape = {pictures, 3, 224, 224};
///         return mapferry::describe_tensor("float32", shape);
///     }
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// What an element is: the type codes of DLPack (dlpack.h, DLDataTypeCode).
enum class TensorType : std::uint8_t {
    kInt = 0,
    kUint = 1,
    kFloat = 2,
    kOpaque = 3,
    kBfloat = 4,
    kComplex = 5,
    kBool = 6,
};

inline constexpr std::uint32_t kTensorDimensionsMax = 8;

/// The type and shape of an array. Elements are little-endian and packed; the last dimension is the
/// one whose elements are neighbours (row-major, as C and NumPy store it).
struct TensorDescription {
    TensorType type = TensorType::kFloat;
    std::uint8_t bits = 32;        ///< of an element; of kComplex both parts together
    std::uint16_t lanes = 1;       ///< elements in one, as vector types have them
    std::uint32_t dimensions = 0;  ///< 0: one element
    std::array<std::uint64_t, kTensorDimensionsMax> shape = {};  ///< the first `dimensions` of it

    friend bool operator==(const TensorDescription&, const TensorDescription&) = default;
};

/// "float32", "uint8", "bfloat16", "complex64", "bool", "float32x4" (four lanes).
[[nodiscard]] std::string tensor_type_name(const TensorDescription& tensor);

/// "float32 [1, 3, 224, 224]"
[[nodiscard]] std::string to_string(const TensorDescription& tensor);

/// Returns the description of an array. `type_name` is one that tensor_type_name() returns. kUsage:
/// the type is unknown, the shape has more than eight dimensions, or the array has 2^63 bytes or
/// more.
[[nodiscard]] Result<TensorDescription> describe_tensor(std::string_view type_name,
                                                        std::span<const std::uint64_t> shape);

/// The bytes of the array. An array with a dimension of 0 has none. kUsage: the description
/// contradicts itself (unknown type, more than eight dimensions, no bits or lanes, elements that
/// are no whole bytes), or the product needs more than 63 bits.
[[nodiscard]] Result<std::uint64_t> tensor_bytes(const TensorDescription& tensor);

}  // namespace mapferry::inline v1

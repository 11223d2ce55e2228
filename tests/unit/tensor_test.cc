// SPDX-License-Identifier: Apache-2.0
#include "mapferry/tensor.h"

#include <gtest/gtest.h>

#include <vector>

namespace mapferry {
namespace {

std::string text_of(std::string_view type, const std::vector<std::uint64_t>& shape) {
    const auto tensor = describe_tensor(type, shape);
    return tensor ? to_string(*tensor) : "refused";
}

std::uint64_t tensor_bytes_of(std::string_view type, const std::vector<std::uint64_t>& shape) {
    return tensor_bytes(describe_tensor(type, shape).value()).value();
}

TEST(Tensor, TypesHaveTheirNamesBothWays) {
    for (const char* name :
         {"int8", "int64", "uint8", "uint16", "float16", "float32", "float64", "bfloat16",
          "complex64", "complex128", "bool", "opaque8", "float32x4", "uint4x2"})
        EXPECT_EQ(text_of(name, {}), std::string(name) + " []");
    EXPECT_EQ(text_of("float32", {1, 3, 224, 224}), "float32 [1, 3, 224, 224]");
}

TEST(Tensor, TypesThatAreNoneAreRefused) {
    for (const char* name : {"", "float", "float3", "float32x", "float32x0", "float32x4x4", "f32",
                             "uint0", "float300", "uint4", " float32", "float32 ", "int-8"})
        EXPECT_EQ(text_of(name, {}), "refused") << name;
}

TEST(Tensor, BytesAreTheProductOfItsShape) {
    EXPECT_EQ(tensor_bytes_of("float32", {}), 4u) << "no dimension: one element";
    EXPECT_EQ(tensor_bytes_of("float32", {1, 3, 224, 224}), 602'112u);
    EXPECT_EQ(tensor_bytes_of("bool", {3}), 3u);
    EXPECT_EQ(tensor_bytes_of("uint4x2", {3}), 3u);
    EXPECT_EQ(tensor_bytes_of("uint8", {0}), 0u);
    EXPECT_EQ(tensor_bytes_of("uint8", {~std::uint64_t{0}, 0, ~std::uint64_t{0}}), 0u);
}

TEST(Tensor, ShapesThatOverflowAreRefused) {
    constexpr std::uint64_t kLarge = std::uint64_t{1} << 62;
    EXPECT_EQ(tensor_bytes_of("uint8", {kLarge}), kLarge);
    for (const std::vector<std::uint64_t>& shape :
         {std::vector<std::uint64_t>{2, kLarge}, {4, kLarge}, {kLarge, kLarge}, {~0ULL}})
        EXPECT_EQ(text_of("uint8", shape), "refused");
    EXPECT_EQ(text_of("uint8", std::vector<std::uint64_t>(9, 1)), "refused") << "nine dimensions";
}

}  // namespace
}  // namespace mapferry

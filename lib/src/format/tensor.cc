// SPDX-License-Identifier: Apache-2.0
#include "mapferry/tensor.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/frame_layout.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

static_assert(kTensorDimensionsMax == layout::kTensorDimensionsMax);

namespace {

constexpr std::array<std::string_view, 7> kTypeNames = {"int",    "uint",    "float", "opaque",
                                                        "bfloat", "complex", "bool"};
constexpr std::uint8_t kBoolBits = 8;

Result<void> check_type(const TensorDescription& tensor) {
    const auto code = std::to_underlying(tensor.type);
    if (code >= kTypeNames.size())
        return fail(Code::kUsage, "type " + std::to_string(code) + " of a tensor is not known");
    if (tensor.dimensions > kTensorDimensionsMax)
        return fail(Code::kUsage,
                    "a tensor has at most 8 dimensions, not " + std::to_string(tensor.dimensions));
    const unsigned bits = unsigned{tensor.bits} * tensor.lanes;
    if (bits == 0 || bits % 8 != 0)
        return fail(Code::kUsage, "an element of a tensor has whole bytes, not " +
                                      std::to_string(bits) + " bits");
    return {};
}

// "float32x4": the type's name, the bits, the lanes.
bool parse_type(std::string_view text, TensorDescription& tensor) {
    const auto letters = std::min(text.find_first_of("0123456789"), text.size());
    const auto name = std::ranges::find(kTypeNames, text.substr(0, letters));
    if (name == kTypeNames.end()) return false;
    tensor.type = static_cast<TensorType>(name - kTypeNames.begin());
    text.remove_prefix(letters);
    tensor.bits = kBoolBits;
    if (tensor.type != TensorType::kBool && !take_number(text, tensor.bits)) return false;
    tensor.lanes = 1;
    if (text.starts_with('x')) {
        text.remove_prefix(1);
        if (!take_number(text, tensor.lanes)) return false;
    }
    return text.empty();
}

}  // namespace

std::string tensor_type_name(const TensorDescription& tensor) {
    const auto code = std::to_underlying(tensor.type);
    std::string name = code < kTypeNames.size() ? std::string(kTypeNames[code])
                                                : "type" + std::to_string(code) + "_";
    if (tensor.type != TensorType::kBool || tensor.bits != kBoolBits)
        name += std::to_string(tensor.bits);
    return tensor.lanes == 1 ? name : name + "x" + std::to_string(tensor.lanes);
}

std::string to_string(const TensorDescription& tensor) {
    std::string text = tensor_type_name(tensor) + " [";
    for (std::uint32_t i = 0; i < std::min(tensor.dimensions, kTensorDimensionsMax); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(tensor.shape[i]);
    return text + "]";
}

Result<TensorDescription> describe_tensor(std::string_view type_name,
                                          std::span<const std::uint64_t> shape) {
    return guarded([&]() -> Result<TensorDescription> {
        TensorDescription tensor;
        if (!parse_type(type_name, tensor))
            return fail(Code::kUsage, in_quotes(type_name) + " is no type of a tensor",
                        "write float32, uint8, int64, bfloat16, complex64, bool or similar");
        if (shape.size() > kTensorDimensionsMax)
            return fail(Code::kUsage,
                        "a tensor has at most 8 dimensions, not " + std::to_string(shape.size()));
        tensor.dimensions = static_cast<std::uint32_t>(shape.size());
        std::ranges::copy(shape, tensor.shape.begin());
        TRY(tensor_bytes(tensor));
        return tensor;
    });
}

Result<std::uint64_t> tensor_bytes(const TensorDescription& tensor) {
    return guarded([&]() -> Result<std::uint64_t> {
        TRY(check_type(tensor));
        const auto shape = std::span(tensor.shape).first(tensor.dimensions);
        // An array with a dimension of 0 is empty, however large the others are.
        if (std::ranges::count(shape, std::uint64_t{0}) != 0) return 0;
        std::optional<std::uint64_t> bytes = std::uint64_t{tensor.bits} * tensor.lanes / 8;
        for (const std::uint64_t side : shape)
            bytes = bytes ? checked_multiply(*bytes, side) : std::nullopt;
        if (!bytes || *bytes > std::numeric_limits<std::int64_t>::max())
            return fail(Code::kUsage, "a tensor of " + to_string(tensor) + " has too many bytes");
        return *bytes;
    });
}

}  // namespace mapferry::inline v1

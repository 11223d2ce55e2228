// SPDX-License-Identifier: Apache-2.0
// What a payload says of itself, as the JSON that engines carry beside its bytes. Only ASCII, so
// that it fits a header. docs/reach.md describes it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "mapferry/image.h"
#include "mapferry/payload.h"
#include "mapferry/tensor.h"

namespace mapferry::cli {

// The version of all JSON of the bridge. A reader refuses a later one.
inline constexpr std::uint32_t kRecordVersion = 1;

[[nodiscard]] nlohmann::json payload_to_json(const PayloadInfo& info);
[[nodiscard]] nlohmann::json image_to_json(const ImageDescription& image);
[[nodiscard]] nlohmann::json tensor_to_json(const TensorDescription& tensor);
// These throw nlohmann::json::exception when a member is missing or of another type, and
// std::out_of_range when a number is too large. See read_json().
[[nodiscard]] PayloadInfo payload_from_json(const nlohmann::json& object);
[[nodiscard]] ImageDescription image_from_json(const nlohmann::json& object);
[[nodiscard]] TensorDescription tensor_from_json(const nlohmann::json& object);

}  // namespace mapferry::cli

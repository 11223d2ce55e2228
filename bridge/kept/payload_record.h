// SPDX-License-Identifier: Apache-2.0
// What a payload says of itself, as the JSON that engines store beside its bytes. Only ASCII, so
// that it fits a header. docs/reach.md describes it.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bridge/kept/object_store.h"
#include "mapferry/image.h"
#include "mapferry/tensor.h"

namespace mapferry::cli {

// The version of the JSON. A reader refuses a later one.
inline constexpr std::uint32_t kRecordVersion = 1;

[[nodiscard]] std::string record_text(const ObjectRecord& record);
// kCorrupt: the text is no record, or one that contradicts itself; kVersion: a later version.
[[nodiscard]] Result<ObjectRecord> parse_record(std::string_view text);

// The description of a payload alone, for streams.
[[nodiscard]] nlohmann::json payload_to_json(const PayloadInfo& info);
[[nodiscard]] nlohmann::json image_to_json(const ImageDescription& image);
[[nodiscard]] nlohmann::json tensor_to_json(const TensorDescription& tensor);
// These throw nlohmann::json::exception when a member is missing or of another type, and
// std::out_of_range when a number is too large. See read_json().
[[nodiscard]] PayloadInfo payload_from_json(const nlohmann::json& object);
[[nodiscard]] ImageDescription image_from_json(const nlohmann::json& object);
[[nodiscard]] TensorDescription tensor_from_json(const nlohmann::json& object);

// A whole number that fits. nlohmann-json would cut it. Throws std::out_of_range.
template <typename Number>
[[nodiscard]] Number read_number(const nlohmann::json& value) {
    if (!value.is_number_integer()) throw std::out_of_range("no whole number");
    if constexpr (std::is_signed_v<Number>) {
        const auto wide = value.get<std::int64_t>();
        if (!std::in_range<Number>(wide)) throw std::out_of_range("a number is too large");
        return static_cast<Number>(wide);
    } else {
        if (!value.is_number_unsigned()) throw std::out_of_range("a number is negative");
        const auto wide = value.get<std::uint64_t>();
        if (!std::in_range<Number>(wide)) throw std::out_of_range("a number is too large");
        return static_cast<Number>(wide);
    }
}

// Calls `read`. Exceptions of the functions above become kCorrupt.
[[nodiscard]] Result<void> read_json(std::string_view text,
                                     const std::function<void(const nlohmann::json&)>& read);

// Any bytes as printable ASCII: others, and %, become %XX.
[[nodiscard]] std::string to_ascii(std::string_view bytes);
[[nodiscard]] std::string from_ascii(std::string_view text);

// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex64(std::uint64_t value);
// The digits of to_hex(). Empty: they are none.
[[nodiscard]] std::optional<Hash128> hash_of_hex(std::string_view digits);

}  // namespace mapferry::cli

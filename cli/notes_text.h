// SPDX-License-Identifier: Apache-2.0
// What frames, streams and payloads say of themselves, as text and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"

namespace mapferry::cli {

inline constexpr std::string_view kJsonContentType = "application/json";

[[nodiscard]] nlohmann::json tensor_json(const TensorDescription& tensor);

// The pairs as an object of strings. Of two with one key the last one counts.
[[nodiscard]] nlohmann::json pairs_json(const std::vector<PayloadPair>& pairs);

// Adds the members "tensor" and "meta" of what a payload says of itself.
void add_notes(nlohmann::json& object, const PayloadInfo& info);

// Adds "content_type", "metadata_bytes", and "metadata" with the value where it is JSON, otherwise
// "metadata_base64"; nothing where there are no metadata. They come from another process.
void add_metadata(nlohmann::json& object, std::string_view content_type, std::string_view bytes);

// Adds "frame_rate", "pixel_aspect" and "scan", where known.
void add_facts(nlohmann::json& object, const StreamFacts& facts);

// "30000/1001"; "25" where the denominator is 1; empty where it is not known.
[[nodiscard]] std::string ratio_text(const Ratio& ratio);

// 0 where it is not known.
[[nodiscard]] double number_of(const Ratio& ratio);

// "850 ns", "12.3 us", "4.0 ms", "1.5 s".
[[nodiscard]] std::string latency_text(std::uint64_t ns);

// "30000/1001 frames/s, progressive, pixels 1:1", where known.
[[nodiscard]] std::string facts_text(const StreamFacts& facts);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// What images, arrays, streams and payloads say of themselves, as members of JSON objects.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"

namespace mapferry::json {

[[nodiscard]] nlohmann::json image_json(const ImageDescription& image);
[[nodiscard]] nlohmann::json tensor_json(const TensorDescription& tensor);

// The pairs as an object of strings. Of two with one key the last one counts.
[[nodiscard]] nlohmann::json pairs_json(const std::vector<PayloadPair>& pairs);

// Adds the members "tensor" and "meta" of what a payload says of itself.
void add_notes(nlohmann::json& object, const PayloadInfo& info);

// Adds "frame_rate", "pixel_aspect" and "scan", where known.
void add_facts(nlohmann::json& object, const StreamFacts& facts);

// "progressive", "top-field-first", ...; empty where it is not known.
[[nodiscard]] std::string_view scan_name(Scan scan);
// "16:15"; empty where it is not known.
[[nodiscard]] std::string aspect_text(const Ratio& ratio);
// "30000/1001"; "25" where the denominator is 1; empty where it is not known.
[[nodiscard]] std::string ratio_text(const Ratio& ratio);

}  // namespace mapferry::json

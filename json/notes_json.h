// SPDX-License-Identifier: Apache-2.0
// What images, arrays, streams and payloads say of themselves, as members of JSON objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json_value.h"
#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"

namespace mapferry::json {

[[nodiscard]] Value image_json(const ImageDescription& image);
[[nodiscard]] Value tensor_json(const TensorDescription& tensor);

// The pairs as an object of strings. Of two with one key the last one counts.
[[nodiscard]] Value pairs_json(const std::vector<PayloadPair>& pairs);

// Adds the members "tensor" and "meta" of what a payload says of itself.
void add_notes(Value& object, const PayloadInfo& info);

// Adds "frame_rate", "pixel_aspect" and "scan", where known.
void add_facts(Value& object, const StreamFacts& facts);

// "progressive", "top-field-first", ...; empty where it is not known.
[[nodiscard]] std::string_view scan_name(Scan scan);
// "16:15"; empty where it is not known.
[[nodiscard]] std::string aspect_text(const Ratio& ratio);
// "30000/1001"; "25" where the denominator is 1; empty where it is not known.
[[nodiscard]] std::string ratio_text(const Ratio& ratio);

}  // namespace mapferry::json

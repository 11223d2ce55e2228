// SPDX-License-Identifier: Apache-2.0
// What frames, streams and payloads say of themselves, as text and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/json_object.h"
#include "json/notes_json.h"
#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"

namespace mapferry::cli {

inline constexpr std::string_view kJsonContentType = "application/json";

using json::pairs_json;
using json::ratio_text;
using json::tensor_json;

// Adds what a payload or a stream says of itself to the object: see json::add_notes(), add_facts().
void add_notes(nlohmann::json& object, const PayloadInfo& info);
void add_facts(nlohmann::json& object, const StreamFacts& facts);

// Adds "content_type", "metadata_bytes", and "metadata" with the value where it is JSON, otherwise
// "metadata_base64"; nothing where there are no metadata. They come from another process.
void add_metadata(nlohmann::json& object, std::string_view content_type, std::string_view bytes);

// 0 where it is not known.
[[nodiscard]] double number_of(const Ratio& ratio);

// "850 ns", "12.3 us", "4.0 ms", "1.5 s".
[[nodiscard]] std::string latency_text(std::uint64_t ns);

// "30000/1001 frames/s, progressive, pixels 1:1", where known.
[[nodiscard]] std::string facts_text(const StreamFacts& facts);

}  // namespace mapferry::cli

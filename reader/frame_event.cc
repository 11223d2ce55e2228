// SPDX-License-Identifier: Apache-2.0
#include "reader/frame_event.h"

#include <nlohmann/json.hpp>
#include <string>

#include "cli/messages.h"
#include "cli/notes_text.h"

namespace mapferry::cli {

nlohmann::json frame_json(const Frame& frame) {
    nlohmann::json object = {{"event", "frame"},
                             {"sequence", frame.sequence()},
                             {"missed", frame.missed()},
                             {"bytes", frame.bytes().size()}};
    if (frame.timestamp_unix_ns() != 0) object["published_unix_ns"] = frame.timestamp_unix_ns();
    if (const auto latency_ns = frame.latency_ns()) object["latency_ns"] = *latency_ns;
    if (const auto captured = frame.captured()) {
        object["captured_ns"] = captured->ns;
        object["clock"] = clock_name(captured->clock);
    }
    if (const auto number = frame.source_number()) object["source_number"] = *number;
    if (frame.image()) object["image"] = image_json(*frame.image());
    if (frame.tensor()) object["tensor"] = tensor_json(*frame.tensor());
    const FrameMetadata metadata = frame.metadata();
    // A copy first: the bytes are the section's.
    const std::string bytes(reinterpret_cast<const char*>(metadata.bytes.data()),
                            metadata.bytes.size());
    add_metadata(object, metadata.content_type, bytes);
    return object;
}

}  // namespace mapferry::cli

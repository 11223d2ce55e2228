// SPDX-License-Identifier: Apache-2.0
#include "json/payload_json.h"

#include "json/notes_json.h"

namespace mapferry::json {

double rate(std::uint64_t bytes, double seconds) {
    return seconds > 0 ? static_cast<double>(bytes) / seconds : 0;
}

Value summary_json(const PassedPayload& passed) {
    Value object = {
        {"event", "payload"},
        {"name", passed.info.name},
        {"text", passed.info.is_text},
        {"index", passed.info.payload_index},
        {"bytes", passed.summary.payload_bytes},
        {"chunks", passed.summary.chunk_count},
        {"seconds", passed.seconds},
        {"bytes_per_second", rate(passed.summary.payload_bytes, passed.seconds)},
        {"xxh3_128", to_hex(passed.summary.digest)},
        {"digest_over", passed.summary.digest_kind == DigestKind::kBytes ? "bytes" : "chunks"},
        {"source_changed", passed.summary.source_changed},
        {"outcome", passed.outcome}};
    if (passed.info.image) object["image"] = image_json(*passed.info.image);
    add_notes(object, passed.info);
    if (!passed.output.empty()) object["output"] = passed.output;
    return object;
}

}  // namespace mapferry::json

// SPDX-License-Identifier: Apache-2.0
// The description of an object in a bucket, in the layout that all NATS clients share (ADR-20). It
// is the message that makes an object appear.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::cli {

struct ObjectMetadata {
    std::string name = {};
    std::string bucket = {};
    std::string nuid = {};  // of the chunks' subject
    std::uint64_t bytes = 0;
    std::uint64_t chunks = 0;
    std::uint64_t chunk_bytes = 0;  // of each but the last one; 0: not known
    std::string sha256 = {};        // 32 bytes; empty: none
    bool is_deleted = false;
    std::string run = {};     // of the exporter; empty: another program made the object
    std::string record = {};  // of payload_record.h; empty: another program made the object
    // A link to another object: its bucket and name. Empty bucket: no link.
    std::string link_bucket = {};
    std::string link_name = {};
};

[[nodiscard]] std::string metadata_text(const ObjectMetadata& metadata);
// kCorrupt: the text is no such description.
[[nodiscard]] Result<ObjectMetadata> parse_metadata(std::string_view text);

// The subjects of a bucket's stream, and their names.
[[nodiscard]] std::string bucket_stream(std::string_view bucket);   // OBJ_bucket
[[nodiscard]] std::string chunk_subjects(std::string_view bucket);  // $O.bucket.C.>
[[nodiscard]] std::string metadata_subjects(std::string_view bucket);
[[nodiscard]] std::string chunk_subject(std::string_view bucket, std::string_view nuid);
[[nodiscard]] std::string metadata_subject(std::string_view bucket, std::string_view object);

// Base64 for URLs, with padding (RFC 4648, 5).
[[nodiscard]] std::string base64_url(std::string_view bytes);
// Empty: the text is none. Padding may be missing.
[[nodiscard]] std::optional<std::string> from_base64_url(std::string_view text);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Puts a payload's bytes under a key: in one request, or in parts by several at once, going on
// where an earlier run was interrupted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bridge/kept/object_store.h"
#include "bridge/s3/s3_client.h"

namespace mapferry::cli {

// The user metadata of an object whose KEY.mapferry follows: its XXH3-128.
inline constexpr const char* kS3DigestHeader = "x-amz-meta-mapferry-xxh3-128";

struct S3Upload {
    std::string key = {};
    std::span<const std::byte> bytes = {};
    std::uint64_t part_bytes = 0;
    std::string digest = {};  // for kS3DigestHeader
    Existing existing = Existing::kRefuse;
};

// What the store calls the object afterwards, and the XXH3-64 of its parts.
struct S3Uploaded {
    std::string etag = {};
    std::vector<std::uint64_t> part_xxh3 = {};
};

using StoredBytes = std::function<void(std::uint64_t stored_bytes)>;

// kCannotCreate: another object has the key; kIo: the store is full; errors of S3Client::ask().
[[nodiscard]] Result<S3Uploaded> upload(S3Client& client, const S3Upload& job,
                                        const StoredBytes& progress);

// The XXH3-64 of each part, and the ETag that stores give such parts, if they give MD5s.
[[nodiscard]] Result<S3Uploaded> expected_upload(const S3Upload& job);

// Removes the key's unfinished uploads.
[[nodiscard]] Result<void> abort_uploads(S3Client& client, const std::string& key);

// Bytes of one part.
[[nodiscard]] std::span<const std::byte> part_of(std::span<const std::byte> bytes,
                                                 std::uint64_t part_bytes, std::uint64_t index);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// KEY.mapferry: a small object in JSON beside a payload's bytes, or instead of them where it is a
// link. It is stored last, so that it commits the payload. docs/reach.md describes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/kept/object_store.h"

namespace mapferry::cli {

inline constexpr std::string_view kS3CommitSuffix = ".mapferry";

struct S3Commit {
    std::string link = {};  // another key of the bucket; empty: the bytes are under this key
    ObjectRecord record = {};
    std::uint64_t part_bytes = 0;
    std::vector<std::uint64_t> part_xxh3 = {};  // XXH3-64 of each part
    std::string etag = {};                      // of the bytes' object
    std::int64_t stored_unix_ns = 0;            // of this object itself; not in its text
};

[[nodiscard]] std::string commit_text(const S3Commit& commit);
// kCorrupt: the text is no such object, or contradicts itself; kVersion: a later version.
[[nodiscard]] Result<S3Commit> parse_commit(std::string_view text);

// The number of parts of this size that the bytes have. 0: none.
[[nodiscard]] std::uint64_t part_count(std::uint64_t bytes, std::uint64_t part_bytes);

}  // namespace mapferry::cli

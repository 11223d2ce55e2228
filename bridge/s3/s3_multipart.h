// SPDX-License-Identifier: Apache-2.0
// The requests of a multipart upload.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/s3/s3_client.h"
#include "bridge/s3/s3_upload.h"

namespace mapferry::cli {

struct S3Part {
    std::string etag = {};
    std::uint64_t bytes = 0;
};
// By part number, from 1.
using S3Parts = std::map<std::uint64_t, S3Part>;

// The identities of the key's unfinished uploads.
[[nodiscard]] Result<std::vector<std::string>> list_uploads(S3Client& client,
                                                            const std::string& key);
// Empty: the upload is gone.
[[nodiscard]] Result<std::optional<S3Parts>> list_parts(S3Client& client, const std::string& key,
                                                        const std::string& upload_id);
[[nodiscard]] Result<std::string> create_upload(S3Client& client, const S3Upload& job);
[[nodiscard]] Result<void> abort_upload(S3Client& client, const std::string& key,
                                        const std::string& upload_id);
// The object's ETag. kCannotCreate: there is an object already; kNotFound: the upload is gone.
[[nodiscard]] Result<std::string> complete_upload(S3Client& client, const S3Upload& job,
                                                  const std::string& upload_id,
                                                  const std::vector<std::string>& etags);

// "there is an object already", as an error.
[[nodiscard]] Status s3_exists(const std::string& key);

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Numbers, times and checksums as an S3 store writes them.
#pragma once

#include <cstdint>
#include <string>

#include "bridge/kept/object_store.h"
#include "bridge/s3/s3_transfer.h"

namespace mapferry::cli {

// 0: they are no digits.
[[nodiscard]] std::uint64_t s3_number(const std::string& digits);
// "Mon, 30 Nov 2026 16:00:00 GMT" and "2026-11-30T16:00:00.000Z". 0: it is no such time.
[[nodiscard]] std::int64_t s3_header_time_ns(const std::string& text);
[[nodiscard]] std::int64_t s3_list_time_ns(const std::string& text);
// An ETag in the quotes that belong to it.
[[nodiscard]] std::string s3_etag_text(const std::string& etag);
// The checksums over the whole object that the answer to HEAD reports.
[[nodiscard]] StoreChecksums store_checksums(const S3Answer& head);

}  // namespace mapferry::cli

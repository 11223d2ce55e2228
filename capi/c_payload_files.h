// SPDX-License-Identifier: Apache-2.0
// Files as payloads, with the options that a caller gave.
#pragma once

#include <cstddef>
#include <string>

#include "capi/c_payload_words.h"

namespace mapferry::capi {

// Opens the file, finds out what it is, and reads `words` as SendWords say.
[[nodiscard]] Result<Source> open_source(const char* path, const SendWords& words);

// Writes the payload that `info` describes to the file.
[[nodiscard]] Result<PayloadSummary> receive_to(Reader& reader, const PayloadInfo& info,
                                                const std::string& path, ReceiveWords& words);

// Appends the rest of the payload. kIo: more than `size_limit` bytes in all.
[[nodiscard]] Result<void> receive_into(Reader& reader, std::size_t size_limit,
                                        std::string& content);

}  // namespace mapferry::capi

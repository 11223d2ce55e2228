// SPDX-License-Identifier: Apache-2.0
// MD5, which S3 stores compare with the bytes of a request. It finds accidents on the way, and is
// no proof of anything else.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::cli {

// 16 bytes. kSystem: the cryptographic library refuses to compute it. Any thread.
[[nodiscard]] Result<std::string> md5(std::span<const std::byte> bytes);

// SHA-256 of a small text, 64 hexadecimal digits: a signature needs it.
[[nodiscard]] Result<std::string> sha256_hex(std::string_view text);

[[nodiscard]] std::string to_base64(std::string_view bytes);

}  // namespace mapferry::cli

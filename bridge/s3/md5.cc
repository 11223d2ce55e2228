// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/md5.h"

#include <openssl/evp.h>

#include <array>

#include "bridge/record/ascii_text.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

Result<std::string> md_digest_of(const EVP_MD* kind, std::span<const std::byte> bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) != 1)
        return fail(Code::kSystem, "the cryptographic library computes no digest");
    return std::string(digest.begin(), digest.begin() + size);
}

}  // namespace

Result<std::string> md5(std::span<const std::byte> bytes) {
    return md_digest_of(EVP_md5(), bytes);
}

Result<std::string> sha256_hex(std::string_view text) {
    const auto digest = md_digest_of(EVP_sha256(), std::as_bytes(std::span(text)));
    if (!digest) return digest;
    return to_hex_bytes(*digest);
}

std::string to_base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int count = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(count));
    return text;
}

}  // namespace mapferry::cli

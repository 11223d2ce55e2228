// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_values.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace mapferry::cli {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// The number that these digits are, first digit first. Empty: they are none.
std::optional<int> digits_at(const std::string& text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    int number = 0;
    const char* const first = text.data() + at;
    const auto [end, error] = std::from_chars(first, first + count, number);
    if (error != std::errc() || end != first + count) return std::nullopt;
    return number;
}

// A number of `bytes` bytes in base64, high byte first.
template <std::size_t kBytes>
std::optional<std::array<std::uint64_t, kBytes / 8>> words_of_base64(const std::string& text) {
    if (text.size() != 4 * ((kBytes + 2) / 3)) return std::nullopt;
    std::array<unsigned char, 3 * ((kBytes + 2) / 3)> bytes = {};
    if (EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size())) < 0)
        return std::nullopt;
    std::array<std::uint64_t, kBytes / 8> words = {};
    for (std::size_t i = 0; i < kBytes; ++i)
        words[i / 8] = words[i / 8] << 8U | bytes[i];
    return words;
}

}  // namespace

std::uint64_t s3_number(const std::string& digits) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

std::int64_t s3_header_time_ns(const std::string& text) {
    const std::time_t time = curl_getdate(text.c_str(), nullptr);
    return time < 0 ? 0 : static_cast<std::int64_t>(time) * kNsPerSecond;
}

std::int64_t s3_list_time_ns(const std::string& text) {
    const auto year = digits_at(text, 0, 4);
    const auto month = digits_at(text, 5, 2);
    const auto day = digits_at(text, 8, 2);
    const auto hour = digits_at(text, 11, 2);
    const auto minute = digits_at(text, 14, 2);
    const auto second = digits_at(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return 0;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return 0;
    const auto time = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                      std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count() *
           kNsPerSecond;
}

std::string s3_etag_text(const std::string& etag) {
    return '"' + etag + '"';
}

StoreChecksums store_checksums(const S3Answer& head) {
    StoreChecksums found;
    const std::string type = head.header("x-amz-checksum-type");
    if (!type.empty() && type != "FULL_OBJECT") return found;
    if (const auto words = words_of_base64<16>(head.header("x-amz-checksum-xxhash128")))
        found.xxh3_128 = Hash128{.low64 = (*words)[1], .high64 = (*words)[0]};
    if (const auto words = words_of_base64<8>(head.header("x-amz-checksum-xxhash3")))
        found.xxh3_64 = (*words)[0];
    return found;
}

}  // namespace mapferry::cli

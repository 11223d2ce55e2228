// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bridge/s3/s3_xml.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr long kForbidden = 403;
constexpr long kTooMany = 429;
constexpr long kServerFailure = 500;
constexpr long kNoSpace = 507;

constexpr std::array<std::string_view, 5> kFull = {
    "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "EntityTooLarge", "NoSpaceLeft"};
constexpr std::array<std::string_view, 6> kIdentity = {
    "ExpiredToken",       "InvalidToken",         "AuthorizationHeaderMalformed",
    "InvalidAccessKeyId", "RequestTimeTooSkewed", "SignatureDoesNotMatch"};
constexpr std::array<std::string_view, 4> kAgain = {"RequestTimeout", "SlowDown", "BadDigest",
                                                    "IncompleteBody"};

template <std::size_t kCount>
bool is_one_of(std::string_view word, const std::array<std::string_view, kCount>& list) {
    return std::ranges::find(list, word) != list.end();
}

Code cause_of_curl(CURLcode curl) {
    switch (curl) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_LOGIN_DENIED:
            return Code::kPermission;
        case CURLE_OUT_OF_MEMORY:
            return Code::kOutOfMemory;
        case CURLE_ABORTED_BY_CALLBACK:
            return Code::kInterrupted;
        case CURLE_URL_MALFORMAT:
            return Code::kUsage;
        case CURLE_WRITE_ERROR:  // more came than was asked for
            return Code::kCorrupt;
        default:
            return Code::kPeerGone;
    }
}

Code cause_of_http(long http, std::string_view word) {
    if (http == kNoSpace || is_one_of(word, kFull)) return Code::kIo;
    if (http == kForbidden || http == 401 || is_one_of(word, kIdentity)) return Code::kPermission;
    if (http == kHttpNotFound) return Code::kNotFound;
    if (http == kHttpPreconditionFailed || http == kHttpConflict) return Code::kCannotCreate;
    return Code::kIo;
}

std::string hint_of(Code code) {
    switch (code) {
        case Code::kPermission:
            return "look at the AWS_ variables, ~/.aws/credentials, --tls-ca, and the rights of "
                   "the keys";
        case Code::kIo:
            return "the store refuses it: it may be full, or not know this request";
        default:
            return {};
    }
}

}  // namespace

std::string s3_error_code(const S3Answer& answer) {
    return xml_text(answer.body, "Code");
}

bool is_s3_trouble(const S3Answer& answer) {
    if (answer.curl != CURLE_OK) return cause_of_curl(answer.curl) == Code::kPeerGone;
    const std::string word = answer.is_ok() ? std::string() : s3_error_code(answer);
    if (is_one_of(word, kFull)) return false;
    if (answer.http == kNoSpace || answer.http == kHttpNotImplemented) return false;
    return answer.http >= kServerFailure || answer.http == kTooMany || answer.http == 0 ||
           is_one_of(word, kAgain);
}

std::string s3_trouble_text(const S3Answer& answer) {
    if (answer.curl != CURLE_OK) return answer.trouble;
    const std::string word = s3_error_code(answer);
    std::string text = fmt::format("HTTP {}", answer.http);
    if (!word.empty()) text += " " + escape_for_terminal(word);
    const std::string message = xml_text(answer.body, "Message");
    return message.empty() ? text : text + ": " + escape_for_terminal(message);
}

Status s3_failure(const S3Answer& answer, const std::string& what, const std::string& server) {
    const Code code = answer.curl != CURLE_OK ? cause_of_curl(answer.curl)
                                              : cause_of_http(answer.http, s3_error_code(answer));
    if (code == Code::kInterrupted) return Status{.code = code, .message = "interrupted"};
    return Status{.code = code,
                  .message = "cannot " + what + " at " + server + ": " + s3_trouble_text(answer),
                  .hint = hint_of(code)};
}

}  // namespace mapferry::cli

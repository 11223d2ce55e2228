// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bridge/s3/md5.h"
#include "cli/interrupt.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kSignedBodyMost = 65'536;           // larger ones have an MD5 instead
constexpr std::size_t kBodyMost = std::size_t{16} << 20;  // a list, or KEY.mapferry
// libcurl takes its blocks from the heap anew for each request. Larger ones leave the cache, and
// each of their pages costs a page fault (docs/decisions/0067).
constexpr long kSocketBlockBytes = 131'072;
constexpr long kConnectionMs = 10'000;
constexpr const char* kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::string escaped(std::string_view text, std::string_view also_plain) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                              (c >= '0' && c <= '9') || std::string_view("-._~").contains(c) ||
                              also_plain.contains(c);
        if (is_plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

// "?a=1&b=": libcurl signs it as it is here.
std::string query_text(const S3Fields& query) {
    std::string text;
    for (const auto& [name, value] : query)
        text += (text.empty() ? "?" : "&") + escaped(name, "") + "=" + escaped(value, "");
    return text;
}

}  // namespace

std::string s3_path_text(std::string_view key) {
    return escaped(key, "/");
}

std::string S3Answer::header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::string S3Answer::etag() const {
    std::string text = header("etag");
    std::erase(text, '"');
    return text;
}

struct S3Transfer::Calls {
    static std::size_t take_bytes(char* data, std::size_t unit, std::size_t count, void* self) {
        return static_cast<S3Transfer*>(self)->take(data, unit * count);
    }
    static std::size_t take_header(char* data, std::size_t unit, std::size_t count, void* self) {
        static_cast<S3Transfer*>(self)->note_header({data, unit * count});
        return unit * count;
    }
    static std::size_t give_bytes(char* data, std::size_t unit, std::size_t count, void* self) {
        S3Transfer& transfer = *static_cast<S3Transfer*>(self);
        const std::size_t bytes =
            std::min(unit * count, transfer.body_.size() - transfer.sent_bytes_);
        std::memcpy(data, transfer.body_.data() + transfer.sent_bytes_, bytes);
        transfer.sent_bytes_ += bytes;
        return bytes;
    }
    static int go_to(void* self, curl_off_t offset, int origin) {
        S3Transfer& transfer = *static_cast<S3Transfer*>(self);
        if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
        transfer.sent_bytes_ = std::min(static_cast<std::size_t>(offset), transfer.body_.size());
        return CURL_SEEKFUNC_OK;
    }
    static int look(void* self, curl_off_t, curl_off_t got, curl_off_t, curl_off_t sent) {
        S3Transfer& transfer = *static_cast<S3Transfer*>(self);
        const auto moved = static_cast<std::uint64_t>(got) + static_cast<std::uint64_t>(sent);
        return is_stopped(*transfer.stop_) || transfer.is_silent(moved) ? 1 : 0;
    }
};

S3Transfer::S3Transfer(const S3Access& access, const std::atomic<int>& stop)
    : access_(&access), stop_(&stop), handle_(curl_easy_init()) {}

S3Transfer::~S3Transfer() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(header_list_);
}

std::size_t S3Transfer::take(const char* data, std::size_t bytes) {
    long http = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &http);
    const bool is_good = http >= 200 && http < 300;
    if (is_good && waits_) return CURL_WRITEFUNC_PAUSE;
    if (!is_good || !target_) {
        if (answer_.body.size() + bytes > kBodyMost) return 0;
        answer_.body.append(data, bytes);
        return bytes;
    }
    if (bytes > target_->size() - filled_bytes_) return 0;
    std::memcpy(target_->data() + filled_bytes_, data, bytes);
    filled_bytes_ += bytes;
    return bytes;
}

void S3Transfer::note_header(std::string_view line) {
    if (line.starts_with("HTTP/")) answer_.headers.clear();  // of the final answer alone
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && std::string_view(" \r\n").contains(value.back()))
        value.remove_suffix(1);
    while (value.starts_with(' '))
        value.remove_prefix(1);
    answer_.headers[lower_case(line.substr(0, colon))] = value;
}

// CURLOPT_LOW_SPEED_TIME would look at the mean of the last five seconds, and so come five seconds
// late.
bool S3Transfer::is_silent(std::uint64_t moved_bytes) {
    const auto now = std::chrono::steady_clock::now();
    if (waits_ || moved_bytes != moved_bytes_) {
        moved_bytes_ = moved_bytes;
        moved_ = now;
    }
    was_silent_ = now - moved_ >= silence_;
    return was_silent_;
}

void S3Transfer::give_target(std::span<std::byte> target) {
    target_ = target;
    filled_bytes_ = 0;
    waits_ = false;
    moved_ = std::chrono::steady_clock::now();
}

Result<void> S3Transfer::set_method(const S3Request& request) {
    body_ = request.body;
    sent_bytes_ = 0;
    const auto size = static_cast<curl_off_t>(body_.size());
    switch (request.method) {
        case S3Method::kGet:
            curl_easy_setopt(handle_, CURLOPT_HTTPGET, 1L);
            break;
        case S3Method::kHead:
            curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
            break;
        case S3Method::kPut:
            curl_easy_setopt(handle_, CURLOPT_UPLOAD, 1L);
            curl_easy_setopt(handle_, CURLOPT_INFILESIZE_LARGE, size);
            curl_easy_setopt(handle_, CURLOPT_READFUNCTION, Calls::give_bytes);
            curl_easy_setopt(handle_, CURLOPT_READDATA, this);
            curl_easy_setopt(handle_, CURLOPT_SEEKFUNCTION, Calls::go_to);
            curl_easy_setopt(handle_, CURLOPT_SEEKDATA, this);
            break;
        case S3Method::kPost:
            curl_easy_setopt(handle_, CURLOPT_POST, 1L);
            curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, size);
            curl_easy_setopt(handle_, CURLOPT_POSTFIELDS,
                             body_.empty() ? "" : reinterpret_cast<const char*>(body_.data()));
            break;
        case S3Method::kDelete:
            curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, "DELETE");
            break;
    }
    return {};
}

Result<void> S3Transfer::set_headers(const S3Request& request) {
    curl_slist_free_all(header_list_);
    header_list_ = nullptr;
    S3Fields headers = request.headers;
    if (access_->keys) {
        std::string sha256 = kEmptySha256;
        if (request.body.size() > kSignedBodyMost) {
            sha256 = "UNSIGNED-PAYLOAD";
        } else if (!request.body.empty()) {
            auto digest = sha256_hex(
                {reinterpret_cast<const char*>(request.body.data()), request.body.size()});
            if (!digest) return std::unexpected(digest.error());
            sha256 = std::move(*digest);
        }
        headers.emplace_back("x-amz-content-sha256", sha256);
        if (!access_->keys->token.empty())
            headers.emplace_back("x-amz-security-token", access_->keys->token);
    }
    if (request.method == S3Method::kPost) headers.emplace_back("content-type", "application/xml");
    for (const auto& [name, value] : headers) {
        curl_slist* const longer = curl_slist_append(header_list_, (name + ":" + value).c_str());
        if (longer == nullptr) return fail(Code::kOutOfMemory, "no memory for a request");
        header_list_ = longer;
    }
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, header_list_);
    return {};
}

void S3Transfer::set_timeouts(const S3Request& request) {
    silence_ = std::chrono::seconds(request.silence_s);
    moved_bytes_ = 0;
    moved_ = std::chrono::steady_clock::now();
    was_silent_ = false;
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS,
                     std::min(kConnectionMs, 1000 * request.silence_s));
    curl_easy_setopt(handle_, CURLOPT_FRESH_CONNECT, request.fresh ? 1L : 0L);
    curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, Calls::look);
    curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, this);
}

Result<void> S3Transfer::prepare(const S3Request& request) {
    if (handle_ == nullptr) return fail(Code::kOutOfMemory, "no memory for libcurl");
    curl_easy_reset(handle_);
    answer_ = {};
    filled_bytes_ = 0;
    target_.reset();
    waits_ = false;
    words_[0] = '\0';
    const std::string url = access_->base + access_->path +
                            (request.key.empty() ? "/" : "/" + s3_path_text(request.key)) +
                            query_text(request.query);
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle_, CURLOPT_BUFFERSIZE, kSocketBlockBytes);
    curl_easy_setopt(handle_, CURLOPT_UPLOAD_BUFFERSIZE, kSocketBlockBytes);
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, words_);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, Calls::take_bytes);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, Calls::take_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
    if (access_->is_loopback) curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");
    if (!access_->tls_ca.empty()) {
        curl_easy_setopt(handle_, CURLOPT_CAINFO, access_->tls_ca.c_str());
        curl_easy_setopt(handle_, CURLOPT_CAPATH, nullptr);
    }
    if (access_->keys) {
        const std::string scope = "aws:amz:" + access_->region + ":s3";
        curl_easy_setopt(handle_, CURLOPT_AWS_SIGV4, scope.c_str());
        curl_easy_setopt(handle_, CURLOPT_USERNAME, access_->keys->id.c_str());
        curl_easy_setopt(handle_, CURLOPT_PASSWORD, access_->keys->secret.c_str());
    }
    set_timeouts(request);
    if (auto set = set_method(request); !set) return set;
    return set_headers(request);
}

S3Answer S3Transfer::perform() {
    return finish(curl_easy_perform(handle_));
}

S3Answer S3Transfer::finish(CURLcode result) {
    answer_.curl = was_silent_ && result != CURLE_OK ? CURLE_OPERATION_TIMEDOUT : result;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &answer_.http);
    if (result != CURLE_OK)
        answer_.trouble = was_silent_         ? fmt::format("no byte for {} s", silence_.count())
                          : words_[0] != '\0' ? words_
                                              : curl_easy_strerror(result);
    return std::move(answer_);
}

}  // namespace mapferry::cli

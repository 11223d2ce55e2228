// SPDX-License-Identifier: Apache-2.0
// One request to an S3 store and its answer, by libcurl, which also signs it.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bridge/s3/s3_access.h"

namespace mapferry::cli {

enum class S3Method : std::uint8_t { kGet, kHead, kPut, kPost, kDelete };

using S3Fields = std::vector<std::pair<std::string, std::string>>;

struct S3Request {
    S3Method method = S3Method::kGet;
    std::string key = {};   // in the bucket; empty: the bucket itself
    S3Fields query = {};    // sorted by name, as a signature wants it
    S3Fields headers = {};  // names in lower case; none is the beginning of another
    std::span<const std::byte> body = {};
    long silence_s = 30;  // no byte for this time: the connection is taken for dead
    bool fresh = false;   // use no connection of before
};

struct S3Answer {
    CURLcode curl = CURLE_OK;
    std::string trouble = {};  // in words, where `curl` is a failure
    long http = 0;             // 0: no answer came
    std::map<std::string, std::string, std::less<>> headers = {};  // names in lower case
    std::string body = {};  // but not what went into a target

    [[nodiscard]] bool is_ok() const { return curl == CURLE_OK && http >= 200 && http < 300; }
    // Empty: there is no such header.
    [[nodiscard]] std::string header(std::string_view name) const;
    // The ETag, without its quotes.
    [[nodiscard]] std::string etag() const;
};

// One thread at a time. Keeps its connection from one request to the next.
class S3Transfer {
  public:
    // Both must outlive it.
    S3Transfer(const S3Access& access, const std::atomic<int>& stop);
    ~S3Transfer();
    S3Transfer(const S3Transfer&) = delete;
    S3Transfer& operator=(const S3Transfer&) = delete;

    // Prepares the request. The body stays where it is. kSystem: libcurl refuses.
    [[nodiscard]] Result<void> prepare(const S3Request& request);
    // Runs it to its end.
    [[nodiscard]] S3Answer perform();

    // For curl_multi: the handle between prepare() and finish().
    [[nodiscard]] CURL* handle() const { return handle_; }
    [[nodiscard]] S3Answer finish(CURLcode result);

    // The bytes of a good answer go to `target`, and more than fit there are a failure. Until a
    // target is given, a transfer that waits for one holds them back.
    void await_target() { waits_ = true; }
    void give_target(std::span<std::byte> target);
    [[nodiscard]] std::size_t filled_bytes() const { return filled_bytes_; }

  private:
    struct Calls;  // what libcurl calls
    Result<void> set_method(const S3Request& request);
    Result<void> set_headers(const S3Request& request);
    void set_timeouts(const S3Request& request);
    std::size_t take(const char* data, std::size_t bytes);
    void note_header(std::string_view line);
    // Whether nothing has moved for too long.
    bool is_silent(std::uint64_t moved_bytes);

    const S3Access* access_;
    const std::atomic<int>* stop_;
    CURL* handle_;
    curl_slist* header_list_ = nullptr;
    std::string body_text_;
    std::span<const std::byte> body_ = {};
    std::size_t sent_bytes_ = 0;
    S3Answer answer_ = {};
    std::optional<std::span<std::byte>> target_ = {};
    std::size_t filled_bytes_ = 0;
    bool waits_ = false;
    std::chrono::seconds silence_{0};
    std::uint64_t moved_bytes_ = 0;
    std::chrono::steady_clock::time_point moved_ = {};
    bool was_silent_ = false;
    char words_[CURL_ERROR_SIZE] = {};
};

// A key as a path: everything but A-Z a-z 0-9 - . _ ~ / becomes %XX.
[[nodiscard]] std::string s3_path_text(std::string_view key);

}  // namespace mapferry::cli

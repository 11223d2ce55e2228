// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_client.h"

#include <algorithm>
#include <thread>

#include "cli/deadline.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kFirstWait{100};
constexpr int kDoublingsMost = 5;
constexpr std::chrono::milliseconds kTransferLook{50};
constexpr long kSilenceMost_s = 60;
constexpr int kStallsWithin = 3;  // this many silences fit the timeout

long silence_of(const Timeout& timeout) {
    if (!timeout) return kSilenceMost_s;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*timeout).count();
    return static_cast<long>(std::clamp<std::int64_t>(seconds / kStallsWithin, 1, kSilenceMost_s));
}

}  // namespace

S3Client::S3Client(S3Access access, EngineWatch& watch)
    : access_(std::move(access)), watch_(&watch), silence_s_(silence_of(watch.timeout())) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    main_ = std::make_unique<S3Transfer>(access_, watch.stop());
}

S3Client::~S3Client() {
    main_.reset();
    curl_global_cleanup();
}

Result<std::unique_ptr<S3Client>> S3Client::open(const BridgeCommand& command, EngineWatch& watch) {
    auto access = find_s3_access(command);
    if (!access) return std::unexpected(access.error());
    return std::unique_ptr<S3Client>(new S3Client(std::move(*access), watch));
}

void S3Client::note_answer() {
    const std::lock_guard lock(watch_mutex_);
    watch_->connected();
}

std::chrono::milliseconds S3Client::note_trouble(const S3Answer& answer, int failures) {
    const bool was_silent = answer.curl == CURLE_OPERATION_TIMEDOUT;
    const std::chrono::seconds ago(was_silent ? silence_s_ : 0);
    const std::lock_guard lock(watch_mutex_);
    watch_->lost(s3_trouble_text(answer), ago);
    return kFirstWait * (1 << std::min(failures, kDoublingsMost));
}

Result<void> S3Client::look() {
    const std::lock_guard lock(watch_mutex_);
    return watch_->pause(std::chrono::milliseconds(0));
}

void S3Client::resumed(std::uint64_t at_bytes, std::uint64_t of_bytes) {
    const std::lock_guard lock(watch_mutex_);
    watch_->resumed(at_bytes, of_bytes);
}

Result<void> S3Client::wait(std::chrono::milliseconds time) {
    const Deadline end(time);
    while (true) {
        if (auto going = look(); !going) return going;
        if (end.is_over()) return {};
        std::this_thread::sleep_for(end.next_part(kTransferLook));
    }
}

// A store without room may take a request and never answer it, while it answers others.
Status S3Client::why_gone(const S3Answer& last, const S3Request& request, Status failure) {
    const bool took_no_bytes = last.curl == CURLE_OPERATION_TIMEDOUT && !request.body.empty();
    if (failure.code != Code::kPeerGone || !took_no_bytes) return failure;
    S3Transfer probe(access_, watch_->stop());
    if (!probe.prepare({.method = S3Method::kHead, .silence_s = 1, .fresh = true})) return failure;
    if (probe.perform().http == 0) return failure;
    return Status{.code = Code::kIo,
                  .message = server() + " answers, but takes no bytes: " + last.trouble,
                  .hint = "the store may be full: remove objects, or give it more room"};
}

Status S3Client::failure(const S3Answer& answer, const std::string& what) const {
    return s3_failure(answer, what, server());
}

Result<S3Answer> S3Client::ask(S3Transfer& transfer, S3Request request) {
    request.silence_s = silence_s_;
    for (int failures = 0;; ++failures) {
        request.fresh = failures != 0;
        if (auto prepared = transfer.prepare(request); !prepared)
            return std::unexpected(prepared.error());
        auto answer = transfer.perform();
        if (!is_s3_trouble(answer)) {
            if (answer.curl != CURLE_OK) return std::unexpected(failure(answer, "reach the store"));
            note_answer();
            return answer;
        }
        if (auto waited = wait(note_trouble(answer, failures)); !waited)
            return std::unexpected(why_gone(answer, request, waited.error()));
    }
}

Result<S3Answer> S3Client::ask(S3Request request) {
    return ask(*main_, std::move(request));
}

}  // namespace mapferry::cli

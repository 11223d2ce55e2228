// SPDX-License-Identifier: Apache-2.0
// Requests to one bucket, repeated until they have an answer or the watch gives up.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "bridge/engine_watch.h"
#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_transfer.h"

namespace mapferry::cli {

class S3Client {
  public:
    // `watch` must outlive it. Errors of find_s3_access().
    [[nodiscard]] static Result<std::unique_ptr<S3Client>> open(const BridgeCommand& command,
                                                                EngineWatch& watch);
    S3Client(const S3Client&) = delete;
    S3Client& operator=(const S3Client&) = delete;
    ~S3Client();

    // Repeats the request until there is an answer, which may be a failure: see s3_failure().
    // kPeerGone: there was none within the timeout; kIo: the store answers, but takes no bytes;
    // kPermission: its certificate is not trusted; kInterrupted. Any thread, each with a transfer
    // of its own.
    [[nodiscard]] Result<S3Answer> ask(S3Transfer& transfer, S3Request request);
    // The same, for the main thread alone.
    [[nodiscard]] Result<S3Answer> ask(S3Request request);

    // For transfers that run by themselves, in any thread: what came of one. note_trouble() takes
    // the number of failures in a row, and returns how long to wait. look() fails when the watch
    // gives up.
    void note_answer();
    [[nodiscard]] std::chrono::milliseconds note_trouble(const S3Answer& answer, int failures);
    [[nodiscard]] Result<void> look();
    void resumed(std::uint64_t at_bytes, std::uint64_t of_bytes);
    // How long a connection may be silent, in seconds: a part of the timeout, so that there is time
    // for another attempt.
    [[nodiscard]] long silence_s() const { return silence_s_; }

    [[nodiscard]] const S3Access& access() const { return access_; }
    [[nodiscard]] const std::atomic<int>& stop() const { return watch_->stop(); }
    // The bucket, as messages name it.
    [[nodiscard]] const std::string& server() const { return watch_->server(); }
    [[nodiscard]] Status failure(const S3Answer& answer, const std::string& what) const;

  private:
    S3Client(S3Access access, EngineWatch& watch);
    Result<void> wait(std::chrono::milliseconds time);
    Status why_gone(const S3Answer& last, const S3Request& request, Status failure);

    S3Access access_;
    EngineWatch* watch_;
    std::mutex watch_mutex_;
    long silence_s_;
    std::unique_ptr<S3Transfer> main_;
};

}  // namespace mapferry::cli

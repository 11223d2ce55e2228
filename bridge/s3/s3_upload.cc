// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "bridge/record/ascii_text.h"
#include "bridge/s3/md5.h"
#include "bridge/s3/s3_commit.h"
#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_multipart.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kThreads = 4;
constexpr std::chrono::milliseconds kReport{100};

// The parts of one upload, stored by several threads. They take the parts in order.
class PartTeam {
  public:
    PartTeam(S3Client& client, const S3Upload& job, const std::string& upload_id,
             const S3Parts& stored)
        : client_(&client), job_(&job), upload_id_(&upload_id), stored_(&stored) {
        const auto count = static_cast<std::size_t>(part_count(job.bytes.size(), job.part_bytes));
        etags_.resize(count);
        xxh3_.resize(count);
    }

    Result<void> run(const StoredBytes& progress) {
        std::vector<std::thread> threads;
        running_ = std::min(kThreads, etags_.size());
        for (std::size_t i = 0; i < std::min(kThreads, etags_.size()); ++i)
            threads.emplace_back([this] { work(); });
        report_until_done(progress);
        for (std::thread& thread : threads)
            thread.join();
        if (failure_) return std::unexpected(*failure_);
        return {};
    }

    [[nodiscard]] const std::vector<std::string>& etags() const { return etags_; }
    [[nodiscard]] std::vector<std::uint64_t> take_xxh3() { return std::move(xxh3_); }

  private:
    void report_until_done(const StoredBytes& progress) {
        std::unique_lock lock(mutex_);
        while (running_ != 0) {
            changed_.wait_for(lock, kReport);
            const std::uint64_t bytes = stored_bytes_;
            lock.unlock();
            if (progress) progress(bytes);
            lock.lock();
        }
    }

    void work() {
        S3Transfer transfer(client_->access(), client_->stop());
        while (const auto index = next()) {
            auto etag = store(transfer, *index);
            const std::lock_guard lock(mutex_);
            if (!etag) {
                if (!failure_) failure_ = etag.error();
                break;
            }
            etags_[*index] = std::move(*etag);
            stored_bytes_ += part_of(job_->bytes, job_->part_bytes, *index).size();
        }
        const std::lock_guard lock(mutex_);
        --running_;
        changed_.notify_one();
    }

    std::optional<std::size_t> next() {
        const std::lock_guard lock(mutex_);
        if (failure_ || next_ == etags_.size()) return std::nullopt;
        return next_++;
    }

    // The part's ETag.
    Result<std::string> store(S3Transfer& transfer, std::size_t index) {
        const auto bytes = part_of(job_->bytes, job_->part_bytes, index);
        xxh3_[index] = xxh3_64(bytes);
        const auto digest = md5(bytes);
        if (!digest) return digest;
        const auto stored = stored_->find(index + 1);
        if (stored != stored_->end() && stored->second.bytes == bytes.size() &&
            stored->second.etag == to_hex_bytes(*digest))
            return stored->second.etag;
        const auto answer = client_->ask(
            transfer,
            {.method = S3Method::kPut,
             .key = job_->key,
             .query = {{"partNumber", std::to_string(index + 1)}, {"uploadId", *upload_id_}},
             .headers = {{"content-md5", to_base64(*digest)}},
             .body = bytes});
        if (!answer) return std::unexpected(answer.error());
        if (!answer->is_ok())
            return std::unexpected(
                client_->failure(*answer, "store a part of " + in_quotes(job_->key)));
        return answer->etag();
    }

    S3Client* client_;
    const S3Upload* job_;
    const std::string* upload_id_;
    const S3Parts* stored_;
    std::vector<std::string> etags_;
    std::vector<std::uint64_t> xxh3_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t next_ = 0;
    std::size_t running_ = 0;
    std::uint64_t stored_bytes_ = 0;
    std::optional<Status> failure_;
};

// An unfinished upload that this one can go on with.
struct OpenUpload {
    std::string id = {};
    S3Parts parts = {};
};

// Whether the first of the parts that are there is ours. The others are looked at when their turn
// comes.
Result<bool> is_ours(const S3Upload& job, const S3Parts& parts) {
    if (parts.empty()) return false;
    const auto& [number, part] = *parts.begin();
    if (number == 0 || parts.rbegin()->first > part_count(job.bytes.size(), job.part_bytes))
        return false;
    const auto bytes = part_of(job.bytes, job.part_bytes, number - 1);
    if (bytes.size() != part.bytes) return false;
    const auto digest = md5(bytes);
    if (!digest) return std::unexpected(digest.error());
    return part.etag == to_hex_bytes(*digest);
}

Result<OpenUpload> open_upload(S3Client& client, const S3Upload& job) {
    OpenUpload best;
    auto ids = list_uploads(client, job.key);
    // Some may store, but not list: they begin anew.
    if (!ids && ids.error().code == Code::kPermission) ids.emplace();
    if (!ids) return std::unexpected(ids.error());
    for (const std::string& id : *ids) {
        auto parts = list_parts(client, job.key, id);
        if (!parts) return std::unexpected(parts.error());
        if (!*parts || (**parts).size() <= best.parts.size()) continue;
        const auto ours = is_ours(job, **parts);
        if (!ours) return std::unexpected(ours.error());
        if (*ours) best = {.id = id, .parts = std::move(**parts)};
    }
    if (!best.id.empty()) {
        std::uint64_t bytes = 0;
        for (const auto& [number, part] : best.parts)
            bytes += part.bytes;
        client.resumed(bytes, job.bytes.size());
        return best;
    }
    auto id = create_upload(client, job);
    if (!id) return std::unexpected(id.error());
    best.id = std::move(*id);
    return best;
}

// An answer may have been lost: then the object of ours is there, and the upload is not.
Result<std::string> look_for_ours(S3Client& client, const S3Upload& job, const Status& failure) {
    const auto answer = client.ask({.method = S3Method::kHead, .key = job.key});
    if (!answer) return std::unexpected(answer.error());
    if (!answer->is_ok()) return std::unexpected(failure);
    if (answer->header(kS3DigestHeader) != job.digest) return std::unexpected(s3_exists(job.key));
    return answer->etag();
}

// Not every store looks at "if-none-match" here: this leaves a moment between, and not minutes.
Result<std::string> complete(S3Client& client, const S3Upload& job, const std::string& upload_id,
                             const std::vector<std::string>& etags) {
    if (job.existing == Existing::kRefuse) {
        const auto answer = client.ask({.method = S3Method::kHead, .key = job.key});
        if (!answer) return std::unexpected(answer.error());
        if (answer->is_ok()) return std::unexpected(s3_exists(job.key));
    }
    auto etag = complete_upload(client, job, upload_id, etags);
    if (!etag && etag.error().code == Code::kNotFound)
        return look_for_ours(client, job, etag.error());
    return etag;
}

Result<S3Uploaded> upload_parts(S3Client& client, const S3Upload& job,
                                const StoredBytes& progress) {
    const auto open = open_upload(client, job);
    if (!open) return std::unexpected(open.error());
    PartTeam team(client, job, open->id, open->parts);
    auto stored = team.run(progress);
    Result<std::string> etag;
    if (stored)
        etag = complete(client, job, open->id, team.etags());
    else if (stored.error().code == Code::kNotFound)  // the upload is gone
        etag = look_for_ours(client, job, stored.error());
    else
        etag = std::unexpected(stored.error());
    if (!etag) {
        if (etag.error().code == Code::kCannotCreate)
            if (auto aborted = abort_upload(client, job.key, open->id); !aborted)
                return std::unexpected(aborted.error());
        return std::unexpected(etag.error());
    }
    return S3Uploaded{.etag = std::move(*etag), .part_xxh3 = team.take_xxh3()};
}

Result<S3Uploaded> upload_whole(S3Client& client, const S3Upload& job,
                                const StoredBytes& progress) {
    auto uploaded = expected_upload(job);
    if (!uploaded) return uploaded;
    const auto digest = md5(job.bytes);
    if (!digest) return std::unexpected(digest.error());
    S3Request request = {
        .method = S3Method::kPut,
        .key = job.key,
        .headers = {{"content-md5", to_base64(*digest)}, {kS3DigestHeader, job.digest}},
        .body = job.bytes};
    if (job.existing == Existing::kRefuse) request.headers.emplace_back("if-none-match", "*");
    auto answer = client.ask(request);
    if (answer && answer->http == kHttpNotImplemented && job.existing == Existing::kRefuse) {
        request.headers.pop_back();
        answer = client.ask(request);
    }
    if (!answer) return std::unexpected(answer.error());
    if (answer->http == kHttpPreconditionFailed || answer->http == kHttpConflict) {
        auto etag = look_for_ours(client, job, s3_exists(job.key));
        if (!etag) return std::unexpected(etag.error());
        uploaded->etag = std::move(*etag);
        return uploaded;
    }
    if (!answer->is_ok())
        return std::unexpected(client.failure(*answer, "store " + in_quotes(job.key)));
    uploaded->etag = answer->etag();
    if (progress) progress(job.bytes.size());
    return uploaded;
}

}  // namespace

std::span<const std::byte> part_of(std::span<const std::byte> bytes, std::uint64_t part_bytes,
                                   std::uint64_t index) {
    const std::uint64_t offset = index * part_bytes;
    return bytes.subspan(
        static_cast<std::size_t>(offset),
        static_cast<std::size_t>(std::min<std::uint64_t>(part_bytes, bytes.size() - offset)));
}

Result<S3Uploaded> expected_upload(const S3Upload& job) {
    S3Uploaded expected;
    std::string digests;
    const std::uint64_t count = part_count(job.bytes.size(), job.part_bytes);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto bytes = part_of(job.bytes, job.part_bytes, i);
        expected.part_xxh3.push_back(xxh3_64(bytes));
        const auto digest = md5(bytes);
        if (!digest) return std::unexpected(digest.error());
        digests += *digest;
    }
    const auto all = md5(std::as_bytes(std::span(digests)));
    if (!all) return std::unexpected(all.error());
    expected.etag = count > 1    ? fmt::format("{}-{}", to_hex_bytes(*all), count)
                    : count == 1 ? to_hex_bytes(digests)
                                 : to_hex_bytes(*all);
    return expected;
}

Result<S3Uploaded> upload(S3Client& client, const S3Upload& job, const StoredBytes& progress) {
    return job.bytes.size() <= job.part_bytes ? upload_whole(client, job, progress)
                                              : upload_parts(client, job, progress);
}

Result<void> abort_uploads(S3Client& client, const std::string& key) {
    const auto ids = list_uploads(client, key);
    if (!ids) return std::unexpected(ids.error());
    for (const std::string& id : *ids)
        if (auto aborted = abort_upload(client, key, id); !aborted) return aborted;
    return {};
}

}  // namespace mapferry::cli

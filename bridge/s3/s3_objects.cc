// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_objects.h"

#include <algorithm>
#include <set>

#include "bridge/s3/s3_download.h"
#include "bridge/s3/s3_failure.h"
#include "bridge/s3/s3_multipart.h"
#include "bridge/s3/s3_upload.h"
#include "bridge/s3/s3_values.h"
#include "bridge/s3/s3_xml.h"
#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr int kS3LinksMost = 4;
constexpr std::uint64_t kPartBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kPartsMost = 10'000;  // of a multipart upload
constexpr std::uint64_t kPartStep = std::uint64_t{1} << 20;
constexpr std::time_t kCommitFollowsSeconds = 60;  // behind the bytes, unless the exporter died

std::string commit_key(const std::string& key) {
    return key + std::string(kS3CommitSuffix);
}

std::uint64_t part_bytes_of(std::uint64_t bytes) {
    const std::uint64_t least = part_count(bytes, kPartsMost);
    return std::max(kPartBytes, part_count(least, kPartStep) * kPartStep);
}

// Whether KEY.mapferry will follow soon: by the store's own clock.
bool is_unfinished(const S3Answer& head) {
    if (head.header(kS3DigestHeader).empty()) return false;
    const std::time_t stored = curl_getdate(head.header("last-modified").c_str(), nullptr);
    const std::time_t now = curl_getdate(head.header("date").c_str(), nullptr);
    return stored >= 0 && now >= 0 && now - stored < kCommitFollowsSeconds;
}

StoredObject object_of(const std::string& name, S3Commit commit) {
    StoredObject object = {.name = name,
                           .bytes = commit.record.payload_bytes,
                           .stored_unix_ns = commit.stored_unix_ns,
                           .version = commit.etag,
                           .parts = commit.part_xxh3.size(),
                           .part_bytes = commit.part_bytes,
                           .part_xxh3 = std::move(commit.part_xxh3)};
    object.record = std::move(commit.record);
    return object;
}

bool is_sound_key(const std::string& key) {
    return !key.empty() && !key.starts_with('/') && key.size() <= 1024 &&
           !key.ends_with(kS3CommitSuffix);
}

}  // namespace

struct S3Objects::Listed {
    std::string key;
    std::uint64_t bytes = 0;
    std::string etag;
    std::string time;
};

S3Objects::S3Objects(S3Client& client, std::string prefix)
    : client_(&client), prefix_(std::move(prefix)) {}

Result<std::optional<S3Answer>> S3Objects::head(const std::string& key) {
    auto answer = client_->ask(
        {.method = S3Method::kHead, .key = key, .headers = {{"x-amz-checksum-mode", "ENABLED"}}});
    if (!answer) return std::unexpected(answer.error());
    if (answer->http == kHttpNotFound) return std::nullopt;
    if (!answer->is_ok())
        return std::unexpected(client_->failure(*answer, "look for " + in_quotes(key)));
    return std::move(*answer);
}

Result<std::optional<S3Commit>> S3Objects::read_commit(const std::string& key) {
    const auto answer = client_->ask({.key = commit_key(key)});
    if (!answer) return std::unexpected(answer.error());
    if (answer->http == kHttpNotFound && s3_error_code(*answer) != "NoSuchBucket")
        return std::nullopt;
    if (!answer->is_ok())
        return std::unexpected(client_->failure(*answer, "look for " + in_quotes(key)));
    auto commit = parse_commit(answer->body);
    if (!commit) {
        commit.error().message = in_quotes(commit_key(key)) + ": " + commit.error().message;
        return std::unexpected(commit.error());
    }
    commit->stored_unix_ns = s3_header_time_ns(answer->header("last-modified"));
    return std::move(*commit);
}

Result<std::optional<StoredObject>> S3Objects::find_plain(const std::string& name) {
    const auto answer = head(key_of(name));
    if (!answer) return std::unexpected(answer.error());
    if (!*answer || is_unfinished(**answer)) return std::nullopt;
    StoredObject object = {.name = name,
                           .bytes = s3_number((*answer)->header("content-length")),
                           .stored_unix_ns = s3_header_time_ns((*answer)->header("last-modified")),
                           .version = (*answer)->etag(),
                           .part_bytes = kPartBytes};
    object.parts = part_count(object.bytes, object.part_bytes);
    object.store_checksums = store_checksums(**answer);
    object.may_lack_checksums = true;
    return object;
}

// Bytes that were copied in other parts have another ETag, and so have other bytes: the checksums
// tell them apart.
Result<std::optional<StoredObject>> S3Objects::find_committed(const std::string& name,
                                                              S3Commit commit) {
    const auto answer = head(key_of(name));
    if (!answer) return std::unexpected(answer.error());
    StoredObject object = object_of(name, std::move(commit));
    if (!*answer) return object;
    const std::string bytes = (*answer)->header("content-length");
    if (!bytes.empty() && s3_number(bytes) != object.bytes)
        return fail(Code::kCorrupt, in_quotes(key_of(name)) + " has " + bytes +
                                        " bytes: it was replaced since it was stored");
    object.version = (*answer)->etag();
    return object;
}

Result<std::optional<StoredObject>> S3Objects::follow(const std::string& name, int links_most) {
    auto commit = read_commit(key_of(name));
    if (!commit) return std::unexpected(commit.error());
    if (!*commit) return find_plain(name);
    if ((*commit)->link.empty()) return find_committed(name, std::move(**commit));
    if (links_most == 0) return fail(Code::kCorrupt, in_quotes(name) + " is a link without end");
    return follow((*commit)->link, links_most - 1);
}

Result<std::optional<StoredObject>> S3Objects::find(const std::string& name) {
    return follow(name, kS3LinksMost);
}

Result<void> S3Objects::put_commit(const std::string& key, const S3Commit& commit,
                                   Existing existing) {
    const std::string text = commit_text(commit);
    S3Request request = {.method = S3Method::kPut,
                         .key = commit_key(key),
                         .headers = {{"content-type", "application/json"}},
                         .body = std::as_bytes(std::span(text))};
    if (existing == Existing::kRefuse) request.headers.emplace_back("if-none-match", "*");
    auto answer = client_->ask(request);
    if (answer && answer->http == kHttpNotImplemented && existing == Existing::kRefuse) {
        request.headers.pop_back();
        answer = client_->ask(request);
    }
    if (!answer) return std::unexpected(answer.error());
    if (answer->is_ok()) return {};
    if (answer->http != kHttpPreconditionFailed && answer->http != kHttpConflict)
        return std::unexpected(client_->failure(*answer, "store " + in_quotes(commit_key(key))));
    // An answer that was lost: the first attempt may have stored it.
    const auto now = read_commit(key);
    if (!now) return std::unexpected(now.error());
    if (*now && commit_text(**now) == text) return {};
    return std::unexpected(s3_exists(key));
}

Result<void> S3Objects::check_store(const std::string& key, const ObjectRecord& record) {
    const auto answer = head(key);
    if (!answer) return std::unexpected(answer.error());
    const std::string bytes = *answer ? (*answer)->header("content-length") : std::string();
    if (!bytes.empty() && s3_number(bytes) != record.payload_bytes)
        return fail(Code::kCorrupt, "the store has " + bytes + " bytes of " + in_quotes(key));
    const StoreChecksums checksums = *answer ? store_checksums(**answer) : StoreChecksums();
    if (checksums.xxh3_128 && *checksums.xxh3_128 != record.digest)
        return fail(Code::kCorrupt, "the store has another XXH3-128 of " + in_quotes(key));
    return {};
}

Result<void> S3Objects::put(const ObjectRecord& record, const PutJob& job) {
    const std::string key = key_of(job.name);
    if (!is_sound_key(key)) return fail(Code::kUsage, in_quotes(key) + " is no key of an object");
    const auto old = read_commit(key);
    if (!old) return std::unexpected(old.error());
    if (*old && job.existing == Existing::kRefuse) return std::unexpected(s3_exists(key));
    const auto bytes = head(key);
    if (!bytes) return std::unexpected(bytes.error());
    S3Upload wanted = {.key = key,
                       .bytes = job.payload,
                       .part_bytes = part_bytes_of(record.payload_bytes),
                       .digest = to_hex(record.digest),
                       .existing = job.existing};
    const bool is_same = *bytes && (*bytes)->header(kS3DigestHeader) == wanted.digest &&
                         s3_number((*bytes)->header("content-length")) == record.payload_bytes;
    if (*bytes && !is_same && job.existing == Existing::kRefuse)
        return std::unexpected(s3_exists(key));
    S3Uploaded uploaded;
    if (is_same) {
        auto expected = expected_upload(wanted);
        if (!expected) return std::unexpected(expected.error());
        uploaded = std::move(*expected);
        wanted.existing = Existing::kReplace;  // what is there was to be this
    }
    if (!is_same || uploaded.etag != (*bytes)->etag()) {
        if (*old)
            if (auto removed = remove_key(commit_key(key)); !removed) return removed;
        auto done = upload(*client_, wanted, job.progress);
        if (!done) return std::unexpected(done.error());
        uploaded = std::move(*done);
    }
    if (auto sound = check_store(key, record); !sound) return sound;
    return put_commit(key,
                      {.record = record,
                       .part_bytes = wanted.part_bytes,
                       .part_xxh3 = std::move(uploaded.part_xxh3),
                       .etag = std::move(uploaded.etag)},
                      job.existing);
}

Result<void> S3Objects::put_link(const std::string& name, const std::string& target,
                                 Existing existing) {
    const std::string key = key_of(name);
    if (!is_sound_key(key)) return fail(Code::kUsage, in_quotes(key) + " is no key of an object");
    const auto bytes = head(key);
    if (!bytes) return std::unexpected(bytes.error());
    if (*bytes && existing == Existing::kRefuse) return std::unexpected(s3_exists(key));
    if (auto put = put_commit(key, {.link = target}, existing); !put) return put;
    return *bytes ? remove_key(key) : Result<void>();
}

Result<std::unique_ptr<ObjectSource>> S3Objects::open(const StoredObject& object) {
    return std::make_unique<S3Download>(*client_, key_of(object.name), object);
}

Result<std::vector<S3Objects::Listed>> S3Objects::list_keys() {
    std::vector<Listed> all;
    std::string token;
    while (true) {
        S3Request request = {.query = {{"list-type", "2"}, {"prefix", prefix_}}};
        if (!token.empty())
            request.query.insert(request.query.begin(), {"continuation-token", token});
        const auto answer = client_->ask(request);
        if (!answer) return std::unexpected(answer.error());
        if (!answer->is_ok()) return std::unexpected(client_->failure(*answer, "list the bucket"));
        for (const std::string_view item : xml_elements(answer->body, "Contents")) {
            Listed listed = {.key = xml_text(item, "Key"),
                             .bytes = s3_number(xml_text(item, "Size")),
                             .etag = xml_text(item, "ETag"),
                             .time = xml_text(item, "LastModified")};
            std::erase(listed.etag, '"');
            all.push_back(std::move(listed));
        }
        token = xml_text(answer->body, "NextContinuationToken");
        if (xml_text(answer->body, "IsTruncated") != "true" || token.empty()) return all;
    }
}

Result<std::vector<StoredObject>> S3Objects::list() {
    const auto keys = list_keys();
    if (!keys) return std::unexpected(keys.error());
    std::set<std::string> committed;
    std::vector<StoredObject> objects;
    for (const Listed& listed : *keys) {
        if (!listed.key.ends_with(kS3CommitSuffix)) continue;
        const std::string key = listed.key.substr(0, listed.key.size() - kS3CommitSuffix.size());
        auto commit = read_commit(key);
        if (!commit) return std::unexpected(commit.error());
        if (!*commit) continue;
        committed.insert(key);
        const std::string name = key.substr(prefix_.size());
        if ((*commit)->link.empty()) {
            objects.push_back(object_of(name, std::move(**commit)));
        } else if (auto object = find(name); object && *object) {
            objects.push_back(std::move(**object));
            objects.back().name = name;
        }
    }
    for (const Listed& listed : *keys) {
        if (listed.key.ends_with(kS3CommitSuffix) || committed.contains(listed.key)) continue;
        objects.push_back({.name = listed.key.substr(prefix_.size()),
                           .bytes = listed.bytes,
                           .stored_unix_ns = s3_list_time_ns(listed.time),
                           .version = listed.etag,
                           .parts = part_count(listed.bytes, kPartBytes),
                           .part_bytes = kPartBytes});
    }
    std::ranges::sort(objects, {}, &StoredObject::name);
    return objects;
}

Result<void> S3Objects::remove_key(const std::string& key) {
    const auto answer = client_->ask({.method = S3Method::kDelete, .key = key});
    if (!answer) return std::unexpected(answer.error());
    if (answer->is_ok() || answer->http == kHttpNotFound) return {};
    return std::unexpected(client_->failure(*answer, "remove " + in_quotes(key)));
}

Result<void> S3Objects::remove(const std::string& name) {
    const std::string key = key_of(name);
    const auto commit = read_commit(key);
    if (!commit && commit.error().code != Code::kCorrupt) return std::unexpected(commit.error());
    const bool has_commit = !commit || *commit;
    const auto bytes = head(key);
    if (!bytes) return std::unexpected(bytes.error());
    auto aborted = abort_uploads(*client_, key);
    if (!aborted && aborted.error().code != Code::kPermission) return aborted;
    if (!has_commit && !*bytes)
        return fail(Code::kNotFound, "there is no object " + in_quotes(key));
    // The commit first: what is half removed is not there.
    if (has_commit)
        if (auto removed = remove_key(commit_key(key)); !removed) return removed;
    return *bytes ? remove_key(key) : Result<void>();
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bridge/kept/payload_record.h"
#include "bridge/nats/exporter_place.h"
#include "bridge/nats/nats_download.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/nats/nats_upload.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr int kLinksMost = 4;
constexpr std::size_t kNuidCharacters = 22;  // as many as those of other clients

// The same name and bytes have the same nuid, so that a second run continues the first.
std::string nuid_of(const std::string& name, const ObjectRecord& record) {
    Digest128 digest;
    digest.update(std::as_bytes(std::span(name)));
    const std::string content =
        fmt::format(":{}:{}:{}", to_hex(record.digest), record.payload_bytes, kChunkBytes);
    digest.update(std::as_bytes(std::span(content)));
    return to_hex(digest.value()).substr(0, kNuidCharacters);
}

std::unexpected<Status> exists(const std::string& name) {
    return fail(Code::kCannotCreate, "there is an object " + in_quotes(name) + " already",
                "choose another name, or replace it with --overwrite");
}

Result<StoredObject> stored_object(const FoundMetadata& found) {
    const ObjectMetadata& metadata = found.metadata;
    StoredObject object = {.name = metadata.name,
                           .bytes = metadata.bytes,
                           .sha256 = metadata.sha256,
                           .stored_unix_ns = found.stored_unix_ns,
                           .version = metadata.nuid,
                           .revision = found.sequence,
                           .parts = metadata.chunks,
                           .part_bytes = metadata.chunk_bytes};
    if (metadata.record.empty()) return object;
    auto record = parse_record(metadata.record);
    if (!record) return std::unexpected(record.error());
    if (record->payload_bytes != metadata.bytes)
        return fail(Code::kCorrupt, "the object " + in_quotes(metadata.name) + " has two sizes");
    object.record = std::move(*record);
    return object;
}

}  // namespace

NatsObjects::NatsObjects(NatsConnection& connection, std::string bucket)
    : connection_(&connection), bucket_(std::move(bucket)), stream_(bucket_stream(bucket_)) {}

Result<std::optional<FoundMetadata>> NatsObjects::look(const std::string& name) {
    const auto message = last_message(*connection_, stream_, metadata_subject(bucket_, name));
    if (!message) return std::unexpected(message.error());
    if (!*message) return std::nullopt;
    auto metadata = parse_metadata(body_of(message->get()));
    if (!metadata) return std::unexpected(metadata.error());
    return FoundMetadata{.metadata = std::move(*metadata),
                         .sequence = natsMsg_GetSequence(message->get()),
                         .stored_unix_ns = natsMsg_GetTime(message->get())};
}

Result<std::optional<StoredObject>> NatsObjects::follow(const std::string& name, int links_most) {
    const auto found = look(name);
    if (!found) return std::unexpected(found.error());
    if (!*found || (*found)->metadata.is_deleted) return std::nullopt;
    const ObjectMetadata& metadata = (*found)->metadata;
    if (metadata.link_bucket.empty()) {
        auto object = stored_object(**found);
        if (!object) return std::unexpected(object.error());
        return std::move(*object);
    }
    if (metadata.link_bucket != bucket_)
        return fail(Code::kUsage, in_quotes(name) + " is a link to another bucket, " +
                                      in_quotes(metadata.link_bucket));
    if (links_most == 0) return fail(Code::kCorrupt, in_quotes(name) + " is a link without end");
    return follow(metadata.link_name, links_most - 1);
}

Result<std::optional<StoredObject>> NatsObjects::find(const std::string& name) {
    return follow(name, kLinksMost);
}

Result<void> NatsObjects::create_bucket() {
    const std::string chunks = chunk_subjects(bucket_);
    const std::string metadata = metadata_subjects(bucket_);
    std::array subjects = {chunks.c_str(), metadata.c_str()};
    jsStreamConfig config = stream_config(stream_, subjects);
    config.Discard = js_DiscardNew;
    config.AllowRollup = true;
    config.AllowDirect = true;
    return make_missing_stream(*connection_, config);
}

Result<std::uint64_t> NatsObjects::may_create(const std::string& name, Existing existing,
                                              std::optional<FoundMetadata>& old) {
    auto found = look(name);
    if (!found) return std::unexpected(found.error());
    old = std::move(*found);
    if (!old) return 0;
    if (!old->metadata.is_deleted && existing == Existing::kRefuse) return exists(name);
    return old->sequence;
}

Result<void> NatsObjects::commit(const ObjectMetadata& metadata, std::uint64_t before) {
    const std::string subject = metadata_subject(bucket_, metadata.name);
    const std::string text = metadata_text(metadata);
    const auto answer = connection_->ask_for_answer("store the metadata", [&](jsErrCode& code) {
        NatsMessage message;
        natsStatus status = natsMsg_Create(Filled(message), subject.c_str(), nullptr, text.data(),
                                           static_cast<int>(text.size()));
        // Only where there are older ones: nats-server 2.9.10 lets a mirror that lags leave out all
        // that was stored before a rollup.
        if (status == NATS_OK && before != 0)
            status = natsMsgHeader_Set(message.get(), "Nats-Rollup", "sub");
        if (status != NATS_OK) return status;
        jsPubOptions options;
        jsPubOptions_Init(&options);
        options.ExpectLastSubjectSeq = before;
        options.ExpectNoMessage = before == 0;
        return js_PublishMsg(nullptr, connection_->jetstream(), message.get(), &options, &code);
    });
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == NATS_OK) return {};
    // An answer that was lost: the first attempt may have stored it.
    const auto now = look(metadata.name);
    if (!now) return std::unexpected(now.error());
    if (*now && metadata_text((*now)->metadata) == text && (*now)->sequence != before) return {};
    if (*now && (*now)->sequence != before) return exists(metadata.name);
    return std::unexpected(
        nats_failure(*answer, "store the metadata", connection_->watch().server()));
}

Result<void> NatsObjects::purge_chunks(const std::string& nuid) {
    if (nuid.empty()) return {};
    const std::string subject = chunk_subject(bucket_, nuid);
    return connection_->ask("remove chunks", [&](jsErrCode& code) {
        jsOptions options;
        jsOptions_Init(&options);
        options.Stream.Purge.Subject = subject.c_str();
        return js_PurgeStream(connection_->jetstream(), stream_.c_str(), &options, &code);
    });
}

// Another exporter was faster: our chunks are nobody's, unless its object is made of them.
Result<void> NatsObjects::give_way(const ObjectMetadata& ours, const Result<void>& why) {
    if (why.error().code != Code::kCannotCreate) return why;
    const auto now = look(ours.name);
    if (!now || !*now || (*now)->metadata.nuid == ours.nuid) return why;
    if (auto purged = purge_chunks(ours.nuid); !purged) return purged;
    return why;
}

Result<void> NatsObjects::put(const ObjectRecord& record, const PutJob& job) {
    if (auto made = create_bucket(); !made) return made;
    std::optional<FoundMetadata> old;
    const auto before = may_create(job.name, job.existing, old);
    if (!before) return std::unexpected(before.error());
    ObjectMetadata metadata = {.name = job.name,
                               .bucket = bucket_,
                               .nuid = nuid_of(job.name, record),
                               .bytes = record.payload_bytes,
                               .chunks = (record.payload_bytes + kChunkBytes - 1) / kChunkBytes,
                               .chunk_bytes = kChunkBytes,
                               .record = record_text(record)};
    // The run makes these metadata different from those of another exporter of the same bytes.
    metadata.run = new_run_name();
    const bool is_same = old && old->metadata.nuid == metadata.nuid && !old->metadata.is_deleted;
    if (!is_same) {
        ChunkPlace place = {.bucket = bucket_, .stream = stream_, .nuid = metadata.nuid};
        auto stored = upload_chunks(*connection_, place, metadata.run, job);
        if (!stored) return stored;
        metadata.nuid = place.nuid;
    }
    auto sha256 = job.sha256();
    if (!sha256) return std::unexpected(sha256.error());
    metadata.sha256 = std::move(*sha256);
    if (auto done = commit(metadata, *before); !done) return give_way(metadata, done);
    if (old && !old->metadata.is_deleted && old->metadata.nuid != metadata.nuid)
        return purge_chunks(old->metadata.nuid);
    return {};
}

Result<void> NatsObjects::put_link(const std::string& name, const std::string& target,
                                   Existing existing) {
    std::optional<FoundMetadata> old;
    const auto before = may_create(name, existing, old);
    if (!before) return std::unexpected(before.error());
    const ObjectMetadata metadata = {
        .name = name, .bucket = bucket_, .link_bucket = bucket_, .link_name = target};
    if (auto done = commit(metadata, *before); !done) return done;
    return old && !old->metadata.is_deleted ? purge_chunks(old->metadata.nuid) : Result<void>();
}

Result<std::unique_ptr<ObjectSource>> NatsObjects::open(const StoredObject& object) {
    const ChunkPlace place = {.bucket = bucket_, .stream = stream_, .nuid = object.version};
    return std::make_unique<NatsDownload>(*connection_, place, object);
}

Result<std::vector<StoredObject>> NatsObjects::list() {
    const std::string all = metadata_subjects(bucket_);
    const auto info = find_stream(*connection_, stream_, all);
    if (!info) return std::unexpected(info.error());
    if (!*info) return fail(Code::kNotFound, "there is no bucket " + in_quotes(bucket_));
    std::vector<StoredObject> objects;
    for (const jsStreamStateSubject& subject : subjects_of(**info)) {
        const auto name = from_base64_url(std::string_view(subject.Subject).substr(all.size() - 1));
        const auto found = look(name.value_or(std::string()));
        if (!found) return std::unexpected(found.error());
        if (!*found || (*found)->metadata.is_deleted) continue;
        auto object = stored_object(**found);
        if (!object) return std::unexpected(object.error());
        objects.push_back(std::move(*object));
    }
    std::ranges::sort(objects, {}, &StoredObject::name);
    return objects;
}

Result<void> NatsObjects::remove(const std::string& name) {
    const auto found = look(name);
    if (!found) return std::unexpected(found.error());
    if (!*found || (*found)->metadata.is_deleted)
        return fail(Code::kNotFound, "there is no object " + in_quotes(name));
    ObjectMetadata gone = (*found)->metadata;
    gone.is_deleted = true;
    gone.bytes = 0;
    gone.chunks = 0;
    gone.sha256.clear();
    gone.record.clear();
    if (auto done = commit(gone, (*found)->sequence); !done) return done;
    return purge_chunks(gone.nuid);
}

}  // namespace mapferry::cli

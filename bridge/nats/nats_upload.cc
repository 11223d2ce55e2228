// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "bridge/nats/ack_inbox.h"
#include "bridge/nats/exporter_place.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/record/ascii_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kWindowBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kWindowChunks = kWindowBytes / kChunkBytes;
constexpr std::chrono::milliseconds kUploadLook{100};
constexpr std::chrono::milliseconds kOthersSilence{500};
constexpr int kAttemptsMost = 4;
constexpr const char* kStoreObject = "store the object";

std::uint64_t chunk_count(std::uint64_t bytes) {
    return (bytes + kChunkBytes - 1) / kChunkBytes;
}

// The messages of a subject.
Result<std::uint64_t> count_messages(NatsConnection& connection, const ChunkPlace& place) {
    const auto info = find_stream(connection, place.stream, place.subject());
    if (!info) return std::unexpected(info.error());
    if (!*info) return 0;
    std::uint64_t count = 0;
    for (const jsStreamStateSubject& subject : subjects_of(**info))
        count += subject.Msgs;
    return count;
}

Result<void> purge(NatsConnection& connection, const ChunkPlace& place) {
    const std::string subject = place.subject();
    return connection.ask("remove old chunks", [&](jsErrCode& code) {
        jsOptions options;
        jsOptions_Init(&options);
        options.Stream.Purge.Subject = subject.c_str();
        return js_PurgeStream(connection.jetstream(), place.stream.c_str(), &options, &code);
    });
}

// Why a run ended before all chunks were stored. Empty: it did not.
using Trouble = std::optional<NatsAck>;

// What the server holds of an object's chunks.
struct StoredChunks {
    std::uint64_t count = 0;
    std::uint64_t last_sequence = 0;  // in the stream; 0: there are none
    std::string last_id = {};

    // Whether they are the first ones, without a gap.
    [[nodiscard]] bool is_whole() const {
        return count == 0 || chunk_index(last_id) == std::optional(count - 1);
    }
    friend bool operator==(const StoredChunks&, const StoredChunks&) = default;
};

// What one run over one connection needs.
struct RunPlace {
    std::string subject;
    std::string run;
    StoredChunks before;
};

// One run over one connection: the chunks behind those that are there.
class UploadRun {
  public:
    UploadRun(NatsConnection& connection, const RunPlace& place, const PutJob& job, AckInbox& inbox)
        : connection_(&connection),
          place_(&place),
          job_(&job),
          inbox_(&inbox),
          generation_(connection.generation()),
          sent_(place.before.count),
          stored_(place.before.count) {}

    // kInterrupted; other failures are in the Trouble.
    Result<Trouble> run() {
        const std::uint64_t count = chunk_count(job_->payload.size());
        while (stored_ < count) {
            if (auto going = connection_->watch().go_on(); !going)
                return std::unexpected(going.error());
            // The first chunk goes alone: it carries the condition.
            const std::uint64_t window = stored_ == place_->before.count ? 1 : kWindowChunks;
            const bool has_room = sent_ < count && sent_ - stored_ < window;
            const auto trouble = has_room ? send() : take_answer();
            if (trouble) return trouble;
        }
        return Trouble();
    }

  private:
    Trouble send() {
        const std::uint64_t offset = sent_ * kChunkBytes;
        const auto bytes = job_->payload.subspan(static_cast<std::size_t>(offset),
                                                 static_cast<std::size_t>(std::min<std::uint64_t>(
                                                     kChunkBytes, job_->payload.size() - offset)));
        NatsMessage message;
        natsStatus status = natsMsg_Create(
            Filled(message), place_->subject.c_str(), inbox_->reply_for(sent_).c_str(),
            reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size()));
        if (status != NATS_OK) return NatsAck{.failure = {status}};
        // Over the message's own copy: what is sent is what was hashed.
        const auto copy = std::as_bytes(
            std::span(natsMsg_GetData(message.get()),
                      static_cast<std::size_t>(natsMsg_GetDataLength(message.get()))));
        const std::string xxh3 = to_hex64(xxh3_64(copy));
        const std::string id = place_->run + ":" + std::to_string(sent_);
        status = natsMsgHeader_Set(message.get(), kMessageIdHeader, id.c_str());
        if (status == NATS_OK && sent_ == place_->before.count)
            status = natsMsgHeader_Set(message.get(), "Nats-Expected-Last-Subject-Sequence",
                                       std::to_string(place_->before.last_sequence).c_str());
        if (status == NATS_OK) status = natsMsgHeader_Set(message.get(), kXxh3Header, xxh3.c_str());
        if (status == NATS_OK)
            status = natsConnection_PublishMsg(connection_->get(), message.get());
        if (status != NATS_OK) return NatsAck{.failure = {status}};
        ++sent_;
        return {};
    }

    // The answers come in the order of the chunks.
    Trouble take_answer() {
        const auto ack = inbox_->next(kUploadLook);
        if (!ack) {
            if (connection_->generation() != generation_)
                return NatsAck{.failure = {NATS_CONNECTION_DISCONNECTED}};
            if (silence_.is_over()) return NatsAck{.failure = {NATS_TIMEOUT}};
            return {};
        }
        if (ack->failure.status != NATS_OK) return ack;
        silence_ = Deadline(kNatsSilence);
        if (ack->index != stored_) return NatsAck{.failure = {NATS_MISMATCH}};
        ++stored_;
        connection_->watch().connected();
        if (job_->progress)
            job_->progress(std::min<std::uint64_t>(stored_ * kChunkBytes, job_->payload.size()));
        return {};
    }

    NatsConnection* connection_;
    const RunPlace* place_;
    const PutJob* job_;
    AckInbox* inbox_;
    std::uint64_t generation_;
    std::uint64_t sent_;
    std::uint64_t stored_;
    Deadline silence_{kNatsSilence};
};

Status refused(const NatsConnection& connection, const NatsAck& ack) {
    Status failure = nats_failure(ack.failure, kStoreObject, connection.watch().server());
    if (!ack.text.empty())
        failure.message = std::string("cannot ") + kStoreObject + " at " +
                          connection.watch().server() + ": " + ack.text;
    return failure;
}

Result<StoredChunks> look(NatsConnection& connection, const ChunkPlace& place) {
    StoredChunks stored;
    const auto last = last_message(connection, place.stream, place.subject());
    if (!last) return std::unexpected(last.error());
    if (!*last) return stored;
    const char* id = nullptr;
    if (natsMsgHeader_Get(last->get(), kMessageIdHeader, &id) == NATS_OK) stored.last_id = id;
    stored.last_sequence = natsMsg_GetSequence(last->get());
    const auto count = count_messages(connection, place);
    if (!count) return std::unexpected(count.error());
    stored.count = *count;
    return stored;
}

bool is_of_run(const StoredChunks& stored, const std::string& run) {
    return stored.last_id.starts_with(run + ":");
}

// An upload from its beginning to its end, over any number of connections and nuids.
class Upload {
  public:
    Upload(NatsConnection& connection, ChunkPlace& place, const std::string& run, const PutJob& job)
        : connection_(&connection), place_(&place), run_(run), job_(&job) {}

    Result<void> run() {
        while (true) {
            const auto before = find_beginning();
            if (!before) return std::unexpected(before.error());
            if (before->count == chunk_count(job_->payload.size())) return {};
            if (before->count != 0)
                connection_->watch().resumed(before->count * kChunkBytes, job_->payload.size());
            auto inbox = AckInbox::open(*connection_);
            if (!inbox) return std::unexpected(inbox.error());
            const RunPlace place = {.subject = place_->subject(), .run = run_, .before = *before};
            const auto trouble = UploadRun(*connection_, place, *job_, *inbox).run();
            if (!trouble) return std::unexpected(trouble.error());
            // All that was sent is stored. The next round counts it.
            if (!*trouble) continue;
            if (auto again = look_at(**trouble); !again) return again;
        }
    }

  private:
    // What is there and can be continued. Changes the nuid where that is another exporter's.
    Result<StoredChunks> find_beginning() {
        auto stored = look(*connection_, *place_);
        if (!stored || stored->count == 0) return stored;
        const bool is_ours = is_of_run(*stored, run_);
        if (!is_ours && has_begun_) return begin_elsewhere();
        if (!is_ours) {
            // An exporter that lives stores more meanwhile.
            if (auto slept = connection_->watch().pause(kOthersSilence); !slept)
                return std::unexpected(slept.error());
            const auto later = look(*connection_, *place_);
            if (!later) return later;
            if (*later != *stored) return begin_elsewhere();
        }
        has_begun_ = true;
        if (stored->is_whole() && stored->count <= chunk_count(job_->payload.size())) return stored;
        if (auto purged = purge(*connection_, *place_); !purged)
            return std::unexpected(purged.error());
        return begin_elsewhere();
    }

    Result<StoredChunks> begin_elsewhere() {
        if (attempts_ == kAttemptsMost)
            return fail(Code::kIo, "the server " + connection_->watch().server() +
                                       " does not keep the chunks in their order");
        run_ = new_run_name();
        place_->nuid = run_ + std::to_string(attempts_++);
        has_begun_ = true;
        return StoredChunks();
    }

    Result<void> look_at(const NatsAck& ack) {
        if (ack.failure.code == JSStreamWrongLastSequenceErr) return {};  // look again
        if (ack.failure.status == NATS_ERR || is_full(ack.failure))
            return std::unexpected(refused(*connection_, ack));
        has_begun_ = true;
        return connection_->before_next_attempt(ack.failure, kStoreObject);
    }

    NatsConnection* connection_;
    ChunkPlace* place_;
    std::string run_;
    const PutJob* job_;
    bool has_begun_ = false;  // something of this run may be stored
    int attempts_ = 0;
};

}  // namespace

std::string ChunkPlace::subject() const {
    return chunk_subject(bucket, nuid);
}

std::optional<std::uint64_t> chunk_index(std::string_view id) {
    const std::size_t colon = id.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    id.remove_prefix(colon + 1);
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), index);
    if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
    return index;
}

Result<void> upload_chunks(NatsConnection& connection, ChunkPlace& place, const std::string& run,
                           const PutJob& job) {
    if (job.payload.empty()) return {};
    return Upload(connection, place, run, job).run();
}

}  // namespace mapferry::cli

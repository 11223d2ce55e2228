// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "bridge/kept/payload_record.h"
#include "bridge/nats/ack_inbox.h"
#include "bridge/nats/nats_objects.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kWindowBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kWindowChunks = kWindowBytes / kChunkBytes;
constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::milliseconds kSilence{3000};
constexpr const char* kWhat = "store the object";

std::string chunk_id(const std::string& nuid, std::uint64_t index) {
    return nuid + ":" + std::to_string(index);
}

std::uint64_t chunk_count(std::uint64_t bytes) {
    return (bytes + kChunkBytes - 1) / kChunkBytes;
}

// The index in a chunk's id; empty: the id is of another object.
std::optional<std::uint64_t> index_of(std::string_view id, const std::string& nuid) {
    if (!id.starts_with(nuid) || id.size() <= nuid.size() || id[nuid.size()] != ':')
        return std::nullopt;
    id.remove_prefix(nuid.size() + 1);
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), index);
    if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
    return index;
}

// The messages of a subject.
Result<std::uint64_t> count_messages(NatsConnection& connection, const ChunkPlace& place) {
    std::uint64_t count = 0;
    auto asked = connection.ask(kWhat, [&](jsErrCode& code) {
        jsOptions options;
        jsOptions_Init(&options);
        options.Stream.Info.SubjectsFilter = place.subject.c_str();
        StreamInfo info;
        const natsStatus status = js_GetStreamInfo(Filled(info), connection.jetstream(),
                                                   place.stream.c_str(), &options, &code);
        if (status != NATS_OK) return status;
        count = 0;
        if (info->State.Subjects != nullptr)
            for (int i = 0; i < info->State.Subjects->Count; ++i)
                count += info->State.Subjects->List[i].Msgs;
        return status;
    });
    if (!asked) return std::unexpected(asked.error());
    return count;
}

Result<void> purge(NatsConnection& connection, const ChunkPlace& place) {
    return connection.ask("remove old chunks", [&](jsErrCode& code) {
        jsOptions options;
        jsOptions_Init(&options);
        options.Stream.Purge.Subject = place.subject.c_str();
        return js_PurgeStream(connection.jetstream(), place.stream.c_str(), &options, &code);
    });
}

// Why a run ended before all chunks were stored. Empty: it did not.
using Trouble = std::optional<NatsAck>;

// One run over one connection: the chunks from `next` on.
class UploadRun {
  public:
    UploadRun(NatsConnection& connection, const ChunkPlace& place, const PutJob& job,
              AckInbox& inbox, std::uint64_t next)
        : connection_(&connection),
          place_(&place),
          job_(&job),
          inbox_(&inbox),
          generation_(connection.generation()),
          sent_(next),
          stored_(next) {}

    // kInterrupted; other failures are in the Trouble.
    Result<Trouble> run() {
        const std::uint64_t count = chunk_count(job_->payload.size());
        while (stored_ < count) {
            if (auto going = connection_->watch().go_on(); !going)
                return std::unexpected(going.error());
            const bool has_room = sent_ < count && sent_ - stored_ < kWindowChunks;
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
        const std::string id = chunk_id(place_->nuid, sent_);
        status = natsMsgHeader_Set(message.get(), kMessageIdHeader, id.c_str());
        if (status == NATS_OK) status = natsMsgHeader_Set(message.get(), kXxh3Header, xxh3.c_str());
        if (status == NATS_OK)
            status = natsConnection_PublishMsg(connection_->get(), message.get());
        if (status != NATS_OK) return NatsAck{.failure = {status}};
        ++sent_;
        return {};
    }

    // The answers come in the order of the chunks.
    Trouble take_answer() {
        const auto ack = inbox_->next(kLook);
        if (!ack) {
            if (connection_->generation() != generation_)
                return NatsAck{.failure = {NATS_CONNECTION_DISCONNECTED}};
            if (silence_.is_over()) return NatsAck{.failure = {NATS_TIMEOUT}};
            return {};
        }
        if (ack->failure.status != NATS_OK) return ack;
        silence_ = Deadline(kSilence);
        if (ack->index != stored_) return NatsAck{.failure = {NATS_MISMATCH}};
        ++stored_;
        connection_->watch().connected();
        if (job_->progress)
            job_->progress(std::min<std::uint64_t>(stored_ * kChunkBytes, job_->payload.size()));
        return {};
    }

    NatsConnection* connection_;
    const ChunkPlace* place_;
    const PutJob* job_;
    AckInbox* inbox_;
    std::uint64_t generation_;
    std::uint64_t sent_;
    std::uint64_t stored_;
    Deadline silence_{kSilence};
};

Status refused(const NatsConnection& connection, const NatsAck& ack) {
    Status failure = nats_failure(ack.failure, kWhat, connection.watch().server());
    if (!ack.text.empty())
        failure.message =
            std::string("cannot ") + kWhat + " at " + connection.watch().server() + ": " + ack.text;
    return failure;
}

}  // namespace

Result<std::uint64_t> stored_chunks(NatsConnection& connection, const ChunkPlace& place) {
    const auto last = last_message(connection, place.stream, place.subject);
    if (!last) return std::unexpected(last.error());
    if (!*last) return 0;
    const char* id = nullptr;
    const bool has_id = natsMsgHeader_Get(last->get(), kMessageIdHeader, &id) == NATS_OK;
    const auto index = has_id ? index_of(id, place.nuid) : std::nullopt;
    const auto count = count_messages(connection, place);
    if (!count) return std::unexpected(count.error());
    if (index && *index + 1 == *count) return *count;
    if (auto purged = purge(connection, place); !purged) return std::unexpected(purged.error());
    return 0;
}

Result<void> upload_chunks(NatsConnection& connection, const ChunkPlace& place, const PutJob& job) {
    while (true) {
        const auto next = stored_chunks(connection, place);
        if (!next) return std::unexpected(next.error());
        if (*next > chunk_count(job.payload.size()))
            return fail(Code::kCorrupt, "the server has more chunks than the payload");
        if (*next != 0) connection.watch().resumed(*next * kChunkBytes, job.payload.size());
        auto inbox = AckInbox::open(connection);
        if (!inbox) return std::unexpected(inbox.error());
        const auto trouble = UploadRun(connection, place, job, *inbox, *next).run();
        if (!trouble) return std::unexpected(trouble.error());
        if (!*trouble) return {};
        const NatsAck& ack = **trouble;
        if (ack.failure.status == NATS_ERR || is_full(ack.failure))
            return std::unexpected(refused(connection, ack));
        if (auto again = connection.before_next_attempt(ack.failure, kWhat); !again) return again;
    }
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <optional>

#include "bridge/kept/payload_record.h"
#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/nats/part_inbox.h"
#include "cli/deadline.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/frame_writer.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kAskedMost = 4;  // parts that are on their way at once
constexpr std::int64_t kLookMs = 100;
constexpr std::chrono::milliseconds kPartMost{2000};
constexpr std::chrono::milliseconds kFrameLoanMost{100};

// What became of a frame.
enum class Fetched : std::uint8_t { kWhole, kReplaced };

class FramesImport {
  public:
    FramesImport(const BridgeCommand& command, NatsConnection& connection)
        : command_(&command), connection_(&connection), stream_(frame_stream(command.url.place)) {}

    Result<void> run() {
        if (auto subscribed = subscribe(); !subscribed) return subscribed;
        auto record = first_news();
        while (true) {
            if (!record) return end_with(record.error());
            if (auto taken = take(*record); !taken) return end_with(taken.error());
            if (record->has_ended && command_->once) return {};
            record = next_news();
        }
    }

  private:
    // Readers of this machine learn why no more frames come.
    std::unexpected<Status> end_with(const Status& why) {
        if (writer_) writer_->abort(why);
        return std::unexpected(why);
    }

    Result<void> subscribe() {
        auto asked = connection_->ask("follow the frames", [&](jsErrCode&) {
            return natsConnection_SubscribeSync(Filled(news_), connection_->get(),
                                                frame_subject(command_->url.place, "news").c_str());
        });
        if (!asked) return asked;
        auto inbox = PartInbox::open(*connection_, stream_);
        if (!inbox) return std::unexpected(inbox.error());
        inbox_.emplace(std::move(*inbox));
        return {};
    }

    // The newest frame that the server has, or the first that comes.
    Result<FrameRecord> first_news() {
        const auto last =
            last_message(*connection_, stream_, frame_subject(command_->url.place, "news"));
        if (!last) return std::unexpected(last.error());
        if (*last) {
            auto record = parse_frame(text_of(last->get()));
            if (!record || !record->has_ended) return record;
        }
        return next_news();
    }

    // The newest of the news that have come; those before it are left out.
    Result<FrameRecord> next_news() {
        const Deadline deadline(command_->common.timeout);
        while (true) {
            NatsMessage message;
            if (natsSubscription_NextMsg(Filled(message), news_.get(), kLookMs) == NATS_OK) {
                while (newer(message)) {
                }
                return parse_frame(text_of(message.get()));
            }
            if (auto ready = connection_->ready(); !ready) return std::unexpected(ready.error());
            if (writer_) {
                if (auto sound = writer_->check(); !sound) return std::unexpected(sound.error());
            } else if (deadline.is_over()) {
                return fail(Code::kTimedOut,
                            "no frames came to " + stream_ + " at " + connection_->watch().server(),
                            Remedy::kRaiseTimeout);
            }
        }
    }

    // Puts the message that follows in the place of this one.
    bool newer(NatsMessage& message) {
        std::uint64_t queued = 0;
        if (natsSubscription_QueuedMsgs(news_.get(), &queued) != NATS_OK || queued == 0)
            return false;
        NatsMessage next;
        if (natsSubscription_NextMsg(Filled(next), news_.get(), kLookMs) != NATS_OK) return false;
        message = std::move(next);
        return true;
    }

    Result<void> take(const FrameRecord& record) {
        if (record.epoch != last_.epoch) return begin(record);
        if (record.has_ended) return end();
        return record.ordinal > last_.ordinal ? take_frame(record) : Result<void>();
    }

    // Another writer at the source is another writer here.
    Result<void> begin(const FrameRecord& record) {
        if (record.has_ended) return {};
        const bool had_writer = writer_.has_value();
        if (had_writer) writer_->abort(Code::kPeerGone);
        writer_.reset();
        auto writer = FrameWriter::create(
            {.address = command_->common.address,
             .frame_limit_bytes = std::clamp(record.frame_limit_bytes, record.bytes,
                                             std::max(kFrameLimitMost, record.bytes)),
             .checksum = record.has_checksum ? Checksum::kAll : Checksum::kNone,
             .stop = &connection_->watch().stop()});
        if (!writer) return std::unexpected(writer.error());
        writer_.emplace(std::move(*writer));
        last_ = {.epoch = record.epoch, .ordinal = record.ordinal - 1};
        about_ = 0;
        return take_frame(record);
    }

    Result<void> end() {
        if (!writer_) return {};
        const auto report = writer_->close();
        writer_.reset();
        last_ = {};
        return report ? Result<void>() : std::unexpected(report.error());
    }

    // What the stream says of itself, when it has changed.
    Result<void> tell_about(const FrameRecord& record) {
        if (record.about == about_) return {};
        about_ = record.about;
        const auto last =
            last_message(*connection_, stream_, frame_subject(command_->url.place, "about"));
        if (!last) return std::unexpected(last.error());
        if (!*last) return {};
        const auto about = parse_stream(text_of(last->get()));
        if (!about) return std::unexpected(about.error());
        if (!about->description.empty()) {
            if (auto told = writer_->describe(about->description); !told) return told;
        }
        return writer_->set_facts(about->facts);
    }

    Result<void> take_frame(const FrameRecord& record) {
        if (auto told = tell_about(record); !told) return told;
        auto loan = writer_->loan(record.bytes, kFrameLoanMost);
        // Readers that hold every slot miss this frame.
        if (!loan && loan.error().code == Code::kBusy) return {};
        if (!loan) return std::unexpected(loan.error());
        const auto fetched = fetch(record, loan->bytes());
        if (!fetched) return std::unexpected(fetched.error());
        if (*fetched == Fetched::kReplaced) return {};
        if (auto noted = give_notes(record, *loan); !noted) return noted;
        const std::uint64_t missed = record.ordinal - last_.ordinal - 1;
        if (missed != 0) writer_->skip(missed);
        last_ = record;
        const auto sequence = writer_->publish(std::move(*loan));
        return sequence ? Result<void>() : std::unexpected(sequence.error());
    }

    // Gets the parts into the slot, a few at once, and verifies each where it lies.
    Result<Fetched> fetch(const FrameRecord& record, std::span<std::byte> target) {
        const std::uint64_t chunks = frame_chunks(record);
        const std::uint64_t base = asked_;  // answers to earlier questions have lower numbers
        std::uint64_t taken = 0;
        Deadline silence(kPartMost);
        while (taken < chunks) {
            while (asked_ - base < chunks && asked_ - base - taken < kAskedMost) {
                const std::string subject =
                    frame_chunk_subject(command_->url.place, record.slot, asked_ - base);
                if (inbox_->ask(*connection_, subject, asked_) != NATS_OK)
                    return Fetched::kReplaced;
                ++asked_;
            }
            auto part = inbox_->next(std::chrono::milliseconds(kLookMs));
            if (!part) {
                if (auto ready = connection_->ready(); !ready)
                    return std::unexpected(ready.error());
                if (silence.is_over()) return Fetched::kReplaced;
                continue;
            }
            if (part->number < base) continue;
            const auto put = put_part(record, part->number - base, part->message.get(), target);
            if (!put || *put == Fetched::kReplaced) return put;
            ++taken;
        }
        return Fetched::kWhole;
    }

    Result<Fetched> put_part(const FrameRecord& record, std::uint64_t chunk, natsMsg* message,
                             std::span<std::byte> target) {
        if (message == nullptr) return Fetched::kReplaced;
        const char* mark = nullptr;
        const char* xxh3 = nullptr;
        if (natsMsgHeader_Get(message, kFrameHeader, &mark) != NATS_OK ||
            natsMsgHeader_Get(message, kXxh3Header, &xxh3) != NATS_OK)
            return damaged();
        if (frame_mark(record, chunk) != mark) return Fetched::kReplaced;
        const std::string_view bytes = text_of(message);
        const std::uint64_t offset = chunk * record.chunk_bytes;
        const std::uint64_t wanted = std::min(record.chunk_bytes, target.size() - offset);
        if (bytes.size() != wanted) return damaged();
        const auto place = target.subspan(static_cast<std::size_t>(offset), bytes.size());
        std::memcpy(place.data(), bytes.data(), bytes.size());
        if (to_hex64(xxh3_64(place)) != xxh3) return damaged();
        return Fetched::kWhole;
    }

    std::unexpected<Status> damaged() const {
        return fail(Code::kCorrupt, "a frame of " + stream_ + " at " +
                                        connection_->watch().server() + " is damaged");
    }

    const BridgeCommand* command_;
    NatsConnection* connection_;
    std::string stream_;
    NatsSubscription news_;
    std::optional<PartInbox> inbox_;
    std::uint64_t asked_ = 0;  // parts, by all frames
    std::optional<FrameWriter> writer_;
    FrameRecord last_;         // that was published
    std::uint64_t about_ = 0;  // the version of what the stream says of itself
};

}  // namespace

Result<void> import_frames(const BridgeCommand& command, NatsConnection& connection) {
    return FramesImport(command, connection).run();
}

}  // namespace mapferry::cli

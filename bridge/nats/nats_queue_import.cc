// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "bridge/live/far_writer.h"
#include "bridge/live/frame_record.h"
#include "bridge/nats/nats_queue.h"
#include "bridge/nats/queue_receiver.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kQueueImportLook{200};

std::string_view text_of_body(const QueueMessage& message) {
    return {reinterpret_cast<const char*>(message.body.data()), message.body.size()};
}

class QueueImport {
  public:
    QueueImport(const BridgeCommand& command, NatsConnection& connection)
        : command_(&command),
          connection_(&connection),
          receiver_(connection, command.url.place, command.reader_id) {}

    Result<void> run() {
        if (auto opened = receiver_.open(); !opened) return opened;
        while (true) {
            auto message = receiver_.next();
            if (!message) return end_with(message.error());
            if (!*message) {
                if (auto sound = look_at_writer(); !sound) return end_with(sound.error());
                continue;
            }
            auto taken = take(**message);
            if (!taken) return end_with(taken.error());
            receiver_.done(**message);
            if (has_closed_ && command_->once) return {};
        }
    }

  private:
    std::unexpected<Status> end_with(const Status& why) {
        if (far_) far_->abort(why);
        return std::unexpected(why);
    }

    // While nothing comes: whether somebody here still reads. Otherwise the next payload waits for
    // the next reader.
    Result<void> look_at_writer() {
        if (!far_) return {};
        return forgive(far_->check());
    }

    // The readers of this machine have gone: the rest of this payload is lost for them, and the
    // next one waits for others.
    Result<void> forgive(Result<void> result) {
        if (result || result.error().code != Code::kPeerGone) return result;
        if (is_under_way_)
            connection_->watch().messages().warning(
                "no reader is left here: the rest of this "
                "payload is left out");
        far_.reset();
        is_under_way_ = false;
        return {};
    }

    Result<void> take(const QueueMessage& message) {
        has_closed_ = false;
        if (message.kind == kKindBegin) return begin(text_of_body(message));
        if (message.kind == kKindClose) return close();
        if (!is_under_way_) return {};  // the rest of something that began before this importer
        if (message.kind == kKindChunk) return forgive(far_->write(message.body));
        if (message.kind == kKindEnd) return end(text_of_body(message));
        return fail(Code::kVersion, "the stream is of a later version of this program");
    }

    // A writer that died has left its last payload without an end.
    void abort_unfinished() {
        if (!is_under_way_) return;
        far_->abort({.code = Code::kPeerGone, .message = "the writer at the source has gone"});
        far_.reset();
        is_under_way_ = false;
    }

    Result<void> begin(std::string_view text) {
        abort_unfinished();
        auto began = read_begin(text);
        if (!began) return std::unexpected(began.error());
        if (far_ && far_->run() != began->run) {
            if (auto closed = forgive(far_->close()); !closed) return closed;
            far_.reset();
        }
        if (far_) {
            if (auto sound = forgive(far_->check()); !sound) return sound;
        }
        if (auto opened = open(*began); !opened) return opened;
        is_under_way_ = true;
        return forgive(far_->begin(*began));
    }

    // Makes the section, if it is not there. As long as nobody reads it, the message stays at the
    // server, and the source waits.
    Result<void> open(const QueueBegin& began) {
        if (far_) return {};
        auto made = FarWriter::create(command_->common.address, began, connection_->watch().stop());
        if (!made) return std::unexpected(made.error());
        far_ = std::move(*made);
        while (true) {
            auto came = far_->wait_for_reader(kQueueImportLook);
            if (came || came.error().code != Code::kTimedOut) return came;
            if (auto going = connection_->watch().go_on(); !going) return going;
        }
    }

    Result<void> end(std::string_view text) {
        is_under_way_ = false;
        const auto ended = read_end(text);
        if (!ended) return std::unexpected(ended.error());
        return forgive(far_->end(*ended));
    }

    Result<void> close() {
        abort_unfinished();
        has_closed_ = true;
        if (!far_) return {};
        auto closed = forgive(far_->close());
        far_.reset();
        return closed;
    }

    const BridgeCommand* command_;
    NatsConnection* connection_;
    QueueReceiver receiver_;
    std::unique_ptr<FarWriter> far_;
    bool is_under_way_ = false;  // a payload or frame
    bool has_closed_ = false;
};

}  // namespace

Result<void> import_queue(const BridgeCommand& command, NatsConnection& connection) {
    return QueueImport(command, connection).run();
}

}  // namespace mapferry::cli

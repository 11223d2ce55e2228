// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "bridge/nats/exporter_place.h"
#include "bridge/nats/frame_choice.h"
#include "bridge/nats/frame_fetch.h"
#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_stream.h"
#include "cli/deadline.h"
#include "cli/short_names.h"
#include "mapferry/frame_writer.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kFrameLoanMost{100};

class FramesImport {
  public:
    FramesImport(const BridgeCommand& command, NatsConnection& connection)
        : command_(&command), connection_(&connection), stream_(frame_stream(command.url.place)) {}

    Result<void> run() {
        if (auto subscribed = subscribe(); !subscribed) return subscribed;
        auto record = first_record();
        while (true) {
            if (!record) return end_with(record.error());
            if (auto taken = take(*record); !taken) return end_with(taken.error());
            if (record->has_ended && command_->once) return {};
            record = next_record();
        }
    }

  private:
    // Readers of this machine learn why no more frames come.
    std::unexpected<Status> end_with(const Status& why) {
        if (writer_) writer_->abort(why);
        return std::unexpected(why);
    }

    Result<void> subscribe() {
        const std::string importer = new_run_name();
        auto choice = FrameChoice::open(*connection_, command_->url.place, importer);
        if (!choice) return std::unexpected(choice.error());
        choice_.emplace(std::move(*choice));
        auto fetch = FrameFetch::open(*connection_, command_->url.place, importer);
        if (!fetch) return std::unexpected(fetch.error());
        fetch_.emplace(std::move(*fetch));
        return {};
    }

    // The newest frame that the server has, or the first that comes.
    Result<FrameRecord> first_record() {
        const auto last =
            last_message(*connection_, stream_, frame_subject(command_->url.place, kFrameNews));
        if (!last) return std::unexpected(last.error());
        if (*last) {
            auto record = parse_frame(text_of(last->get()));
            if (!record || !record->has_ended) return record;
        }
        return next_record();
    }

    // What the choice falls on, whenever that is.
    Result<FrameRecord> next_record() {
        const Deadline deadline(command_->common.timeout);
        while (true) {
            auto record = choice_->next();
            if (!record) return std::unexpected(record.error());
            if (*record) return std::move(**record);
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
        const auto fetched = fetch_->fetch(record, loan->bytes());
        if (!fetched) return std::unexpected(fetched.error());
        if (*fetched == Fetched::kReplaced) {
            choice_->fell_behind();
            return {};
        }
        if (auto told = choice_->fetched(record); !told) return told;
        if (auto noted = give_notes(record, *loan); !noted) return noted;
        const std::uint64_t missed = record.ordinal - last_.ordinal - 1;
        if (missed != 0) writer_->skip(missed);
        last_ = record;
        const auto sequence = writer_->publish(std::move(*loan));
        return sequence ? Result<void>() : std::unexpected(sequence.error());
    }

    const BridgeCommand* command_;
    NatsConnection* connection_;
    std::string stream_;
    std::optional<FrameChoice> choice_;
    std::optional<FrameFetch> fetch_;
    std::optional<FrameWriter> writer_;
    FrameRecord last_;         // that was published
    std::uint64_t about_ = 0;  // the version of what the stream says of itself
};

}  // namespace

Result<void> import_frames(const BridgeCommand& command, NatsConnection& connection) {
    return FramesImport(command, connection).run();
}

}  // namespace mapferry::cli

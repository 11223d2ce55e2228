// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/far_writer.h"

#include <algorithm>
#include <cstring>

#include "bridge/far_slot.h"
#include "bridge/record/ascii_text.h"
#include "bridge/record/description_json.h"
#include "bridge/record/read_json.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/frame_writer.h"
#include "mapferry/writer.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kLoanMost{200};

std::unexpected<Status> damaged() {
    return fail(Code::kCorrupt, "what came from the engine differs from what was sent");
}

class FarStream : public FarWriter {
  public:
    FarStream(std::string run, Writer writer)
        : FarWriter(std::move(run)), writer_(std::move(writer)) {}

    Result<void> wait_for_reader(Timeout timeout) override {
        return writer_.wait_for_readers(1, timeout);
    }
    Result<void> begin(const QueueBegin& began) override {
        digest_.reset();
        bytes_ = 0;
        if (!began.payload) return damaged();
        return writer_.begin(*began.payload);
    }
    Result<void> write(std::span<const std::byte> bytes) override {
        digest_.update(bytes);
        bytes_ += bytes.size();
        if (auto written = writer_.write(bytes); !written) return written;
        return writer_.flush();
    }
    Result<void> end(const QueueEnd& ended) override {
        if (ended.bytes != bytes_ || ended.digest != digest_.value()) return damaged();
        const auto summary =
            writer_.end(ended.source_changed ? PayloadSource::kChanged : PayloadSource::kUnchanged);
        return summary ? Result<void>() : std::unexpected(summary.error());
    }
    Result<void> check() override { return writer_.check(); }
    Result<void> close() override {
        const auto report = writer_.close();
        return report ? Result<void>() : std::unexpected(report.error());
    }
    void abort(const Status& why) override { writer_.abort(why); }

  private:
    Writer writer_;
    Digest128 digest_;
    std::uint64_t bytes_ = 0;
};

class FarFrames : public FarWriter {
  public:
    FarFrames(std::string run, FrameWriter writer)
        : FarWriter(std::move(run)), writer_(std::move(writer)) {}

    Result<void> wait_for_reader(Timeout timeout) override {
        return writer_.wait_for_readers(1, timeout);
    }
    Result<void> begin(const QueueBegin& began) override {
        if (!began.frame) return damaged();
        record_ = *began.frame;
        filled_ = 0;
        // Without a reader the frame would be lost: it waits, and with it the source.
        auto came = writer_.wait_for_readers(1, kLoanMost);
        while (!came && came.error().code == Code::kTimedOut)
            came = writer_.wait_for_readers(1, kLoanMost);
        if (!came) return came;
        while (true) {
            auto loan = writer_.loan(record_.bytes, kLoanMost);
            if (loan) {
                loan_.emplace(std::move(*loan));
                return {};
            }
            const Code code = loan.error().code;
            if (code != Code::kTimedOut && code != Code::kBusy)
                return std::unexpected(loan.error());
        }
    }
    Result<void> write(std::span<const std::byte> bytes) override {
        if (!loan_ || bytes.size() > record_.bytes - filled_) return damaged();
        std::memcpy(loan_->bytes().data() + filled_, bytes.data(), bytes.size());
        filled_ += bytes.size();
        return {};
    }
    Result<void> end(const QueueEnd& ended) override {
        if (!loan_ || ended.bytes != filled_ || filled_ != record_.bytes) return damaged();
        Digest128 digest(loan_->bytes());
        digest.update(loan_->bytes());
        if (digest.value() != ended.digest) return damaged();
        if (auto noted = give_notes(record_, *loan_); !noted) return noted;
        if (record_.ordinal > last_ + 1 && last_ != 0) writer_.skip(record_.ordinal - last_ - 1);
        last_ = record_.ordinal;
        const auto sequence = writer_.publish(std::move(*loan_));
        loan_.reset();
        return sequence ? Result<void>() : std::unexpected(sequence.error());
    }
    Result<void> check() override { return writer_.check(); }
    Result<void> close() override {
        loan_.reset();
        const auto report = writer_.close();
        return report ? Result<void>() : std::unexpected(report.error());
    }
    void abort(const Status& why) override { writer_.abort(why); }

  private:
    FrameWriter writer_;
    FrameRecord record_;
    std::optional<FrameLoan> loan_;
    std::uint64_t filled_ = 0;
    std::uint64_t last_ = 0;
};

Result<std::unique_ptr<FarWriter>> create_stream(const SectionAddress& address,
                                                 const QueueBegin& began,
                                                 const std::atomic<int>& stop) {
    WriterOptions options = {.address = address, .stop = &stop};
    options.slot_capacity_bytes = began.slot_bytes <= kFarSlotBytesMost ? began.slot_bytes : 0;
    auto writer = Writer::create(options);
    if (!writer && writer.error().code == Code::kUsage && options.slot_capacity_bytes != 0) {
        options.slot_capacity_bytes = 0;
        writer = Writer::create(options);
    }
    if (!writer) return std::unexpected(writer.error());
    return std::make_unique<FarStream>(began.run, std::move(*writer));
}

Result<std::unique_ptr<FarWriter>> create_frames(const SectionAddress& address,
                                                 const QueueBegin& began,
                                                 const std::atomic<int>& stop) {
    const FrameRecord& record = *began.frame;
    auto writer =
        FrameWriter::create({.address = address,
                             .delivery = FrameDelivery::kEach,
                             .frame_limit_bytes = std::max(
                                 std::min(record.frame_limit_bytes, kFrameLimitMost), record.bytes),
                             .checksum = record.has_checksum ? Checksum::kAll : Checksum::kNone,
                             .stop = &stop});
    if (!writer) return std::unexpected(writer.error());
    return std::make_unique<FarFrames>(began.run, std::move(*writer));
}

}  // namespace

Result<QueueBegin> read_begin(std::string_view text) {
    QueueBegin began;
    std::string frame;
    std::uint32_t version = 0;
    auto read = read_json(text, [&](const nlohmann::json& object) {
        version = read_number<std::uint32_t>(object.at("version"));
        if (version > kRecordVersion) return;
        began.run = object.at("run").get<std::string>();
        began.slot_bytes = read_number<std::uint64_t>(object.at("slot_bytes"));
        if (object.contains("payload"))
            began.payload = payload_from_json(object.at("payload"));
        else
            frame = object.at("frame").get<std::string>();
    });
    if (!read) return std::unexpected(read.error());
    if (version > kRecordVersion)
        return fail(Code::kVersion, "the stream is of a later version of this program");
    if (began.payload) return began;
    auto record = parse_frame(frame);
    if (!record) return std::unexpected(record.error());
    began.frame = std::move(*record);
    return began;
}

Result<QueueEnd> read_end(std::string_view text) {
    QueueEnd ended;
    auto read = read_json(text, [&ended](const nlohmann::json& object) {
        ended.bytes = read_number<std::uint64_t>(object.at("bytes"));
        const auto digest = hash_of_hex(object.at("xxh3_128").get<std::string>());
        if (!digest) throw std::out_of_range("no digest");
        ended.digest = *digest;
        ended.source_changed = object.value("source_changed", false);
    });
    if (!read) return std::unexpected(read.error());
    return ended;
}

Result<std::unique_ptr<FarWriter>> FarWriter::create(const SectionAddress& address,
                                                     const QueueBegin& began,
                                                     const std::atomic<int>& stop) {
    return began.payload ? create_stream(address, began, stop)
                         : create_frames(address, began, stop);
}

}  // namespace mapferry::cli

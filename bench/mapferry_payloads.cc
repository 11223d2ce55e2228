// SPDX-License-Identifier: Apache-2.0
// mapferry's own ways: payloads of one stream, and frames with the delivery "each".
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "bench/give_up.h"
#include "bench/payload_way.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"

namespace mapferry::bench {

namespace {

constexpr std::chrono::milliseconds kPatience{30'000};

template <typename T>
T must(Result<T> result) {
    if (!result) give_up(describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

enum class Tuning : std::uint8_t { kNone, kTuned };

class StreamSender : public PayloadSender {
  public:
    StreamSender(const PayloadTask& task, Tuning tuning)
        : sizes_(tuning == Tuning::kTuned ? task.payload_count : 0, task.payload_bytes),
          writer_(must(Writer::create(
              {.address = {.name = task.channel}, .workload = {.known_bytes = sizes_}}))) {
        must(writer_.wait_for_readers(1));
    }
    void send(std::span<const std::byte> record) override {
        const auto payload = record.subspan(kDigestBytes);
        must(writer_.begin({.payload_bytes = payload.size()}));
        must(writer_.write(payload));
        static_cast<void>(must(writer_.end()));
    }
    void finish() override { static_cast<void>(must(writer_.close())); }

  private:
    std::vector<std::uint64_t> sizes_;
    Writer writer_;
};

class StreamReceiver : public PayloadReceiver {
  public:
    explicit StreamReceiver(const PayloadTask& task)
        : reader_(must(Reader::open({.address = {.name = task.channel}, .timeout = kPatience}))) {}
    std::span<std::byte> receive() override {
        if (is_held_) acknowledge();
        if (!must(reader_.next())) give_up("the writer has ended");
        is_held_ = true;
        const auto bytes = reader_.read();
        if (!bytes && bytes.error().code == Code::kCorrupt) return {};
        // The caller only reads these bytes, although it may change the bytes of other ways.
        const auto payload = must(bytes);
        return {const_cast<std::byte*>(payload.data()), payload.size()};
    }
    // A reader has everything when it has seen the writer's end.
    void finish() override {
        if (is_held_) acknowledge();
        if (must(reader_.next())) give_up("there are more payloads than were sent");
        must(reader_.close());
    }

  private:
    // The caller has read the bytes of the last payload.
    void acknowledge() {
        if (!must(reader_.read()).empty()) give_up("a payload is longer than it was sent");
        must(reader_.acknowledge());
        is_held_ = false;
    }

    Reader reader_;
    bool is_held_ = false;
};

FrameWriterOptions frame_options(const PayloadTask& task, Tuning tuning) {
    FrameWriterOptions options = {.address = {.name = task.channel},
                                  .delivery = FrameDelivery::kEach};
    if (tuning == Tuning::kTuned) {
        options.frame_limit_bytes = task.payload_bytes;
        options.reader_limit = 1;
    }
    return options;
}

class FrameSender : public PayloadSender {
  public:
    FrameSender(const PayloadTask& task, Tuning tuning)
        : writer_(must(FrameWriter::create(frame_options(task, tuning)))) {
        must(writer_.wait_for_readers(1, kPatience));
    }
    void send(std::span<const std::byte> record) override {
        const auto payload = record.subspan(kDigestBytes);
        static_cast<void>(must(writer_.publish_copy(payload, {}, kPatience)));
    }
    void finish() override { static_cast<void>(must(writer_.close())); }

  private:
    FrameWriter writer_;
};

class FrameReceiver : public PayloadReceiver {
  public:
    explicit FrameReceiver(const PayloadTask& task)
        : reader_(
              must(FrameReader::open({.address = {.name = task.channel}, .timeout = kPatience}))) {}
    std::span<std::byte> receive() override {
        frame_ = must(reader_.next(kPatience));
        if (!frame_) give_up("the writer has ended");
        if (!frame_->verify()) return {};
        const auto payload = frame_->bytes();
        return {const_cast<std::byte*>(payload.data()), payload.size()};
    }
    void finish() override { frame_.reset(); }

  private:
    FrameReader reader_;
    std::optional<Frame> frame_;
};

template <typename Sender, Tuning tuning>
std::unique_ptr<PayloadSender> make_sender(const PayloadTask& task) {
    return std::make_unique<Sender>(task, tuning);
}

template <typename Receiver>
std::unique_ptr<PayloadReceiver> make_receiver(const PayloadTask& task) {
    return std::make_unique<Receiver>(task);
}

}  // namespace

void add_mapferry_payload_ways(std::vector<PayloadWay>& ways) {
    ways.push_back({.name = "mapferry stream, defaults",
                    .verifies = Verifies::kItself,
                    .make_sender = make_sender<StreamSender, Tuning::kNone>,
                    .make_receiver = make_receiver<StreamReceiver>});
    ways.push_back({.name = "mapferry stream",
                    .verifies = Verifies::kItself,
                    .make_sender = make_sender<StreamSender, Tuning::kTuned>,
                    .make_receiver = make_receiver<StreamReceiver>});
    ways.push_back({.name = "mapferry frames, defaults",
                    .verifies = Verifies::kItself,
                    .make_sender = make_sender<FrameSender, Tuning::kNone>,
                    .make_receiver = make_receiver<FrameReceiver>});
    ways.push_back({.name = "mapferry frames",
                    .verifies = Verifies::kItself,
                    .make_sender = make_sender<FrameSender, Tuning::kTuned>,
                    .make_receiver = make_receiver<FrameReceiver>});
}

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// mapferry's own ways.
#include <chrono>
#include <optional>
#include <utility>

#include "bench/frame_way.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"

namespace mapferry::bench {

namespace {

constexpr std::chrono::milliseconds kPatience{30'000};
constexpr const char* kFlatOutOptions = "delivery each";

template <typename T>
T must(Result<T> result) {
    if (!result) give_up(describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Sender : public FrameSender {
  public:
    Sender(const FrameTask& task, Checksum checksum)
        : bytes_(task.frame_bytes),
          writer_(must(
              FrameWriter::create({.address = {.name = task.channel},
                                   .delivery = task.pace == Pace::kFlatOut ? FrameDelivery::kEach
                                                                           : FrameDelivery::kLatest,
                                   .checksum = checksum}))) {}
    void wait_for_receiver() override { must(writer_.wait_for_readers(1, kPatience)); }
    std::span<std::byte> loan() override {
        loan_.emplace(must(writer_.loan(bytes_, kPatience)));
        return loan_->bytes();
    }
    void send_loan() override {
        must(writer_.publish(std::move(*loan_)));
        loan_.reset();
    }
    void send_copy(std::span<const std::byte> frame) override {
        must(writer_.publish_copy(frame, {}, kPatience));
    }

  private:
    std::size_t bytes_;
    FrameWriter writer_;
    std::optional<FrameLoan> loan_;
};

class Receiver : public FrameReceiver {
  public:
    Receiver(const FrameTask& task, Waiting waiting)
        : reader_(must(FrameReader::open(
              {.address = {.name = task.channel}, .timeout = kPatience, .waiting = waiting}))) {}
    std::span<const std::byte> receive(ContentCheck&) override {
        frame_ = must(reader_.next(kPatience));
        if (!frame_) give_up("the writer has ended");
        return frame_->bytes();
    }
    [[nodiscard]] bool checks_on_the_way() const override { return false; }

  protected:
    FrameReader reader_;
    std::optional<Frame> frame_;
};

// Compares the frame with the checksum that the writer took.
class VerifyingReceiver : public Receiver {
  public:
    using Receiver::Receiver;
    bool is_right(ContentCheck&, std::span<const std::byte>) override {
        return frame_->verify().has_value();
    }
};

template <Checksum checksum>
std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    return std::make_unique<Sender>(task, checksum);
}

template <typename Type, Waiting waiting>
std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    return std::make_unique<Type>(task, waiting);
}

}  // namespace

void add_mapferry_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "mapferry loan, sleeping reader",
                    .kind = Kind::kHandOver,
                    .make_sender = make_sender<Checksum::kCopied>,
                    .make_receiver = make_receiver<Receiver, Waiting::kSleep>,
                    .flat_out_options = kFlatOutOptions});
    ways.push_back({.name = "mapferry loan, spinning reader",
                    .kind = Kind::kHandOver,
                    .make_sender = make_sender<Checksum::kCopied>,
                    .make_receiver = make_receiver<Receiver, Waiting::kSpin>,
                    .options = "defaults but a spinning reader",
                    .flat_out_options = kFlatOutOptions});
    ways.push_back({.name = "mapferry copy",
                    .kind = Kind::kCopy,
                    .make_sender = make_sender<Checksum::kNone>,
                    .make_receiver = make_receiver<Receiver, Waiting::kSleep>,
                    .options = "defaults but no checksum by the sender, as the peers",
                    .flat_out_options = kFlatOutOptions});
    ways.push_back({.name = "mapferry copy, hashed by both",
                    .kind = Kind::kCopy,
                    .hashing = Hashing::kByBoth,
                    .make_sender = make_sender<Checksum::kCopied>,
                    .make_receiver = make_receiver<VerifyingReceiver, Waiting::kSleep>,
                    .flat_out_options = kFlatOutOptions});
}

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// A POSIX message queue. The system limits the size of its messages (for ordinary users to 8 KiB,
// unless the limit was raised), so a frame may need several messages. The system also limits the
// size of the whole queue, so frames are small.
#include <fcntl.h>
#include <mqueue.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

constexpr std::size_t kFrameBytesMax = std::size_t{64} << 10;
constexpr long kQueuedMessages = 8;

[[noreturn]] void give_up_for_errno(const std::string& what) {
    give_up(what + ": " + std::strerror(errno));
}

std::string name_of(const FrameTask& task) {
    return "/" + task.channel;
}

class Queue {
  public:
    explicit Queue(mqd_t native) : native_(native) {}
    ~Queue() { ::mq_close(native_); }
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;
    [[nodiscard]] mqd_t get() const { return native_; }
    [[nodiscard]] std::size_t message_bytes() const {
        mq_attr facts{};
        if (::mq_getattr(native_, &facts) != 0) give_up_for_errno("mq_getattr");
        return static_cast<std::size_t>(facts.mq_msgsize);
    }

  private:
    mqd_t native_;
};

// Makes a queue with messages as large as a frame. If that fails, the messages have the largest
// size that every user may have.
mqd_t make_queue(const FrameTask& task) {
    for (const std::size_t bytes : {task.frame_bytes, std::size_t{8192}}) {
        mq_attr facts{};
        facts.mq_maxmsg = kQueuedMessages;
        facts.mq_msgsize = static_cast<long>(bytes);
        const mqd_t queue =
            ::mq_open(name_of(task).c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &facts);
        if (queue >= 0) return queue;
    }
    give_up_for_errno("mq_open");
}

// Opens the queue that the receiver has made, and removes its name.
mqd_t open_queue(const FrameTask& task) {
    while (true) {
        const mqd_t queue = ::mq_open(name_of(task).c_str(), O_WRONLY | O_CLOEXEC);
        if (queue >= 0) {
            ::mq_unlink(name_of(task).c_str());
            return queue;
        }
        if (errno != ENOENT) give_up_for_errno("mq_open");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

class Sender : public FrameSender {
  public:
    explicit Sender(const FrameTask& task)
        : queue_(open_queue(task)), message_bytes_(queue_.message_bytes()) {}
    void wait_for_receiver() override {}  // the receiver has made the queue
    std::span<std::byte> loan() override { return {}; }
    void send_loan() override {}
    void send_copy(std::span<const std::byte> frame) override {
        while (!frame.empty()) {
            const auto piece = frame.first(std::min(frame.size(), message_bytes_));
            const auto* const bytes = reinterpret_cast<const char*>(piece.data());
            if (::mq_send(queue_.get(), bytes, piece.size(), 0) != 0) give_up_for_errno("mq_send");
            frame = frame.subspan(piece.size());
        }
    }

  private:
    Queue queue_;
    std::size_t message_bytes_;
};

class Receiver : public FrameReceiver {
  public:
    explicit Receiver(const FrameTask& task)
        : queue_(make_queue(task)),
          message_bytes_(queue_.message_bytes()),
          frame_(task.frame_bytes) {}
    [[nodiscard]] bool checks_on_the_way() const override { return true; }
    std::span<const std::byte> receive(ContentCheck& check) override {
        check.begin();
        for (std::size_t filled = 0; filled < frame_.size(); filled += message_bytes_) {
            const auto piece = std::span(frame_).subspan(filled).first(
                std::min(message_bytes_, frame_.size() - filled));
            auto* const bytes = reinterpret_cast<char*>(piece.data());
            if (::mq_receive(queue_.get(), bytes, message_bytes_, nullptr) < 0)
                give_up_for_errno("mq_receive");
            check.update(piece);
        }
        return frame_;
    }

  private:
    Queue queue_;
    std::size_t message_bytes_;
    std::vector<std::byte> frame_;
};

std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    return std::make_unique<Sender>(task);
}

std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    return std::make_unique<Receiver>(task);
}

}  // namespace

void add_posix_queue_ways(std::vector<FrameWay>& ways) {
    ways.push_back(
        {.name = "POSIX message queue",
         .kind = Kind::kCopy,
         .arrival = Arrival::kInPieces,
         .make_sender = make_sender,
         .make_receiver = make_receiver,
         .frame_bytes_max = kFrameBytesMax,
         .options = "tuned: 8 messages, of 8 KiB where the system allows no larger ones"});
}

}  // namespace mapferry::bench

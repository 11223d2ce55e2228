// SPDX-License-Identifier: Apache-2.0
// A POSIX message queue.
#include <fcntl.h>
#include <mqueue.h>

#include "bench/payload_way.h"
#include "bench/spawn.h"

namespace mapferry::bench {

namespace {

constexpr long kQueueMessages = 10;  // the maximum for an ordinary user

mqd_t open_queue(const PayloadTask& task) {
    mq_attr attributes = {};
    attributes.mq_maxmsg = kQueueMessages;
    attributes.mq_msgsize = static_cast<long>(task.record_bytes());
    const mqd_t queue =
        ::mq_open(("/" + task.channel).c_str(), O_RDWR | O_CREAT, 0600, &attributes);
    if (queue < 0) give_up_for_errno("mq_open");
    return queue;
}

class Sender : public PayloadSender {
  public:
    explicit Sender(const PayloadTask& task) : queue_(open_queue(task)) {}
    void send(std::span<const std::byte> record) override {
        if (::mq_send(queue_, reinterpret_cast<const char*>(record.data()), record.size(), 0) != 0)
            give_up_for_errno("mq_send");
    }

  private:
    mqd_t queue_;
};

class Receiver : public PayloadReceiver {
  public:
    explicit Receiver(const PayloadTask& task)
        : queue_(open_queue(task)), record_(task.record_bytes()) {}
    std::span<std::byte> receive() override {
        if (::mq_receive(queue_, reinterpret_cast<char*>(record_.data()), record_.size(), nullptr) <
            0)
            give_up_for_errno("mq_receive");
        return record_;
    }

  private:
    mqd_t queue_;
    std::vector<std::byte> record_;
};

}  // namespace

void add_queue_payload_ways(std::vector<PayloadWay>& ways) {
    ways.push_back(
        {.name = "POSIX message queue",
         .make_sender = [](const PayloadTask& task) -> std::unique_ptr<PayloadSender> {
             return std::make_unique<Sender>(task);
         },
         .make_receiver = [](const PayloadTask& task) -> std::unique_ptr<PayloadReceiver> {
             return std::make_unique<Receiver>(task);
         }});
}

}  // namespace mapferry::bench

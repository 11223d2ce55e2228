// SPDX-License-Identifier: Apache-2.0
// Boost.Interprocess message_queue.
#include <boost/interprocess/ipc/message_queue.hpp>

#include "bench/payload_way.h"

namespace mapferry::bench {

namespace {

using boost::interprocess::message_queue;

constexpr std::size_t kQueueMessages = 1024;  // 4 MiB of payloads of 4 KiB

class Queue {
  public:
    explicit Queue(const PayloadTask& task)
        : queue_(boost::interprocess::open_or_create, task.channel.c_str(), kQueueMessages,
                 task.record_bytes()) {}
    message_queue& get() { return queue_; }

  private:
    message_queue queue_;
};

class Sender : public PayloadSender {
  public:
    explicit Sender(const PayloadTask& task) : queue_(task) {}
    void send(std::span<const std::byte> record) override {
        queue_.get().send(record.data(), record.size(), 0);
    }

  private:
    Queue queue_;
};

class Receiver : public PayloadReceiver {
  public:
    explicit Receiver(const PayloadTask& task) : queue_(task), record_(task.record_bytes()) {}
    std::span<std::byte> receive() override {
        message_queue::size_type got = 0;
        unsigned priority = 0;
        queue_.get().receive(record_.data(), record_.size(), got, priority);
        return record_;
    }

  private:
    Queue queue_;
    std::vector<std::byte> record_;
};

}  // namespace

void add_boost_payload_ways(std::vector<PayloadWay>& ways) {
    ways.push_back(
        {.name = "Boost message_queue",
         .make_sender = [](const PayloadTask& task) -> std::unique_ptr<PayloadSender> {
             return std::make_unique<Sender>(task);
         },
         .make_receiver = [](const PayloadTask& task) -> std::unique_ptr<PayloadReceiver> {
             return std::make_unique<Receiver>(task);
         }});
}

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// iceoryx 2.0: loans from its daemon's memory pools. The daemon, iox-roudi, must run with pools for
// frames of this size (bench/iceoryx_pools.toml).
#include <iceoryx_hoofs/cxx/string.hpp>
#include <iceoryx_posh/popo/untyped_publisher.hpp>
#include <iceoryx_posh/popo/untyped_subscriber.hpp>
#include <iceoryx_posh/popo/wait_set.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>

#include <cstring>
#include <thread>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

using iox::capro::IdString_t;

void start_runtime(const FrameTask& task, const char* role) {
    iox::runtime::PoshRuntime::initRuntime(
        iox::RuntimeName_t(iox::cxx::TruncateToCapacity, (task.channel + role).c_str()));
}

iox::capro::ServiceDescription service_of(const FrameTask& task) {
    return {"mapferry-bench", IdString_t(iox::cxx::TruncateToCapacity, task.channel.c_str()),
            "frame"};
}

// Flat out: the sender waits for the receiver. Otherwise the newest frame wins.
constexpr std::uint64_t kQueuedFrames = 3;
constexpr const char* kOptions = "tuned: a queue of 3 frames, pools of bench/iceoryx_pools.toml";
constexpr const char* kFlatOutOptions = "a full queue blocks the sender";

iox::popo::PublisherOptions publisher_options(const FrameTask& task) {
    iox::popo::PublisherOptions options;
    if (task.pace == Pace::kFlatOut)
        options.subscriberTooSlowPolicy = iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
    return options;
}

iox::popo::SubscriberOptions subscriber_options(const FrameTask& task) {
    iox::popo::SubscriberOptions options;
    options.queueCapacity = kQueuedFrames;
    if (task.pace == Pace::kFlatOut)
        options.queueFullPolicy = iox::popo::QueueFullPolicy::BLOCK_PRODUCER;
    return options;
}

class Sender : public FrameSender {
  public:
    explicit Sender(const FrameTask& task)
        : bytes_(task.frame_bytes), publisher_(service_of(task), publisher_options(task)) {}
    void wait_for_receiver() override {
        while (!publisher_.hasSubscribers())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::span<std::byte> loan() override {
        publisher_.loan(static_cast<std::uint32_t>(bytes_))
            .and_then([&](void* chunk) { chunk_ = chunk; })
            .or_else([](auto&) { give_up("iceoryx has no chunk of this size"); });
        return {static_cast<std::byte*>(chunk_), bytes_};
    }
    void send_loan() override { publisher_.publish(chunk_); }
    void send_copy(std::span<const std::byte> frame) override {
        std::memcpy(loan().data(), frame.data(), frame.size());
        send_loan();
    }

  private:
    std::size_t bytes_;
    iox::popo::UntypedPublisher publisher_;
    void* chunk_ = nullptr;
};

class Receiver : public FrameReceiver {
  public:
    explicit Receiver(const FrameTask& task)
        : bytes_(task.frame_bytes), subscriber_(service_of(task), subscriber_options(task)) {}
    ~Receiver() override { release(); }
    [[nodiscard]] bool checks_on_the_way() const override { return false; }

  protected:
    bool try_take() {
        const void* next = nullptr;
        subscriber_.take().and_then([&](const void* chunk) { next = chunk; });
        if (next == nullptr) return false;
        release();
        chunk_ = next;
        return true;
    }
    [[nodiscard]] std::span<const std::byte> taken() const {
        return {static_cast<const std::byte*>(chunk_), bytes_};
    }
    void release() {
        if (chunk_ != nullptr) subscriber_.release(chunk_);
        chunk_ = nullptr;
    }

    std::size_t bytes_;
    iox::popo::UntypedSubscriber subscriber_;
    const void* chunk_ = nullptr;
};

class SleepingReceiver : public Receiver {
  public:
    explicit SleepingReceiver(const FrameTask& task) : Receiver(task) {
        waitset_.attachState(subscriber_, iox::popo::SubscriberState::HAS_DATA).or_else([](auto) {
            give_up("iceoryx's WaitSet refuses the subscriber");
        });
    }
    std::span<const std::byte> receive(ContentCheck&) override {
        while (!try_take())
            waitset_.wait();
        return taken();
    }

  private:
    iox::popo::WaitSet<> waitset_;
};

class SpinningReceiver : public Receiver {
  public:
    using Receiver::Receiver;
    std::span<const std::byte> receive(ContentCheck&) override {
        while (!try_take()) {
        }
        return taken();
    }
};

std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    start_runtime(task, "-sender");
    return std::make_unique<Sender>(task);
}

template <typename Type>
std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    start_runtime(task, "-receiver");
    return std::make_unique<Type>(task);
}

}  // namespace

void add_iceoryx_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "iceoryx loan, sleeping reader",
                    .kind = Kind::kHandOver,
                    .make_sender = make_sender,
                    .make_receiver = make_receiver<SleepingReceiver>,
                    .options = kOptions,
                    .flat_out_options = kFlatOutOptions});
    ways.push_back({.name = "iceoryx loan, spinning reader",
                    .kind = Kind::kHandOver,
                    .make_sender = make_sender,
                    .make_receiver = make_receiver<SpinningReceiver>,
                    .options = kOptions,
                    .flat_out_options = kFlatOutOptions});
    ways.push_back({.name = "iceoryx copy",
                    .kind = Kind::kCopy,
                    .make_sender = make_sender,
                    .make_receiver = make_receiver<SleepingReceiver>,
                    .options = kOptions,
                    .flat_out_options = kFlatOutOptions});
}

}  // namespace mapferry::bench

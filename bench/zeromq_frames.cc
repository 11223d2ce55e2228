// SPDX-License-Identifier: Apache-2.0
// ZeroMQ over its ipc transport, which is a Unix socket: PUSH and PULL.
#include <zmq.h>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

// The number of messages that may wait in memory on each side. The default is a thousand, of any
// size.
constexpr int kQueuedFrames = 2;

[[noreturn]] void give_up_for_zeromq(const std::string& what) {
    give_up("ZeroMQ, " + what + ": " + zmq_strerror(zmq_errno()));
}

class Socket {
  public:
    explicit Socket(int type) : context_(zmq_ctx_new()), socket_(zmq_socket(context_, type)) {
        if (socket_ == nullptr) give_up_for_zeromq("socket");
        for (const int option : {ZMQ_SNDHWM, ZMQ_RCVHWM})
            zmq_setsockopt(socket_, option, &kQueuedFrames, sizeof(kQueuedFrames));
    }
    ~Socket() {
        zmq_close(socket_);
        zmq_ctx_term(context_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] void* get() const { return socket_; }

  private:
    void* context_;
    void* socket_;
};

std::string address_of(const FrameTask& task) {
    return "ipc://" + task.folder + "/zeromq";
}

class Sender : public FrameSender {
  public:
    explicit Sender(const FrameTask& task) : socket_(ZMQ_PUSH) {
        if (zmq_connect(socket_.get(), address_of(task).c_str()) != 0)
            give_up_for_zeromq("connect");
    }
    void wait_for_receiver() override {}  // PUSH waits for a receiver before it sends
    std::span<std::byte> loan() override { return {}; }
    void send_loan() override {}
    void send_copy(std::span<const std::byte> frame) override {
        if (zmq_send(socket_.get(), frame.data(), frame.size(), 0) < 0) give_up_for_zeromq("send");
    }

  private:
    Socket socket_;
};

class Receiver : public FrameReceiver {
  public:
    explicit Receiver(const FrameTask& task) : socket_(ZMQ_PULL) {
        if (zmq_bind(socket_.get(), address_of(task).c_str()) != 0) give_up_for_zeromq("bind");
        zmq_msg_init(&message_);
    }
    ~Receiver() override { zmq_msg_close(&message_); }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    [[nodiscard]] bool checks_on_the_way() const override { return false; }
    std::span<const std::byte> receive(ContentCheck&) override {
        if (zmq_msg_recv(&message_, socket_.get(), 0) < 0) give_up_for_zeromq("receive");
        return {static_cast<const std::byte*>(zmq_msg_data(&message_)), zmq_msg_size(&message_)};
    }

  private:
    Socket socket_;
    zmq_msg_t message_ = {};
};

std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    return std::make_unique<Sender>(task);
}

std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    return std::make_unique<Receiver>(task);
}

}  // namespace

void add_zeromq_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "ZeroMQ ipc",
                    .kind = Kind::kCopy,
                    .make_sender = make_sender,
                    .make_receiver = make_receiver,
                    .options = "tuned: 2 messages may wait on each side, by default 1000"});
}

}  // namespace mapferry::bench

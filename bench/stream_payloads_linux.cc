// SPDX-License-Identifier: Apache-2.0
// Pipes and sockets, which are the standard input and output of the processes.
#include <unistd.h>

#include <array>

#include "bench/give_up.h"
#include "bench/payload_way.h"
#include "bench/stream_roles.h"

namespace mapferry::bench {

namespace {

class Sender : public PayloadSender {
  public:
    void send(std::span<const std::byte> record) override { write_all(STDOUT_FILENO, record); }
};

// Reads all available bytes, at most the whole content of a default pipe, and returns them as
// records.
class StreamReceiver : public PayloadReceiver {
  public:
    explicit StreamReceiver(const PayloadTask& task) : record_bytes_(task.record_bytes()) {}
    std::span<std::byte> receive() override {
        if (filled_ - taken_ < record_bytes_) refill();
        const auto record = std::span(buffer_).subspan(taken_, record_bytes_);
        taken_ += record_bytes_;
        return record;
    }

  private:
    void refill() {
        const auto rest = std::span(buffer_).subspan(taken_, filled_ - taken_);
        std::ranges::copy(rest, buffer_.begin());
        filled_ -= taken_;
        taken_ = 0;
        while (filled_ < record_bytes_) {
            const std::size_t got = read_some(STDIN_FILENO, std::span(buffer_).subspan(filled_));
            if (got == 0) give_up("the sender has gone");
            filled_ += got;
        }
    }
    std::size_t record_bytes_;
    std::array<std::byte, 65536> buffer_ = {};
    std::size_t taken_ = 0;
    std::size_t filled_ = 0;
};

// Each read gets one record.
class RecordReceiver : public PayloadReceiver {
  public:
    explicit RecordReceiver(const PayloadTask& task) : record_(task.record_bytes()) {}
    std::span<std::byte> receive() override {
        if (read_some(STDIN_FILENO, record_) != record_.size()) give_up("the sender has gone");
        return record_;
    }

  private:
    std::vector<std::byte> record_;
};

std::unique_ptr<PayloadSender> make_sender(const PayloadTask&) {
    return std::make_unique<Sender>();
}

template <typename Receiver>
std::unique_ptr<PayloadReceiver> make_receiver(const PayloadTask& task) {
    return std::make_unique<Receiver>(task);
}

}  // namespace

// The program that starts the processes chooses their standard input and output.
void add_stream_payload_ways(std::vector<PayloadWay>& ways) {
    for (const std::string_view name : {"pipe", "pipe of 1 MiB", "Unix stream socket"})
        ways.push_back({.name = name,
                        .make_sender = make_sender,
                        .make_receiver = make_receiver<StreamReceiver>});
    ways.push_back({.name = "Unix seqpacket socket",
                    .make_sender = make_sender,
                    .make_receiver = make_receiver<RecordReceiver>});
}

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// Pipes and a Unix socket: the frame's bytes in order, hashed while they arrive.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

// The size of one read. 256 KiB stay in the cache until they are hashed.
constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
constexpr int kTunedPipeBytes = 1 << 20;  // the maximum for an ordinary user

[[noreturn]] void give_up_for_errno(const std::string& what) {
    give_up(what + ": " + std::strerror(errno));
}

std::string path_of(const FrameTask& task) {
    return task.folder + "/stream";
}

enum class Moment : std::uint8_t { kOnTheWay, kAfterwards };

class Descriptor {
  public:
    explicit Descriptor(int native) : native_(native) {}
    ~Descriptor() { ::close(native_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return native_; }

  private:
    int native_;
};

class Sender : public FrameSender {
  public:
    explicit Sender(int descriptor) : descriptor_(descriptor) {}
    void wait_for_receiver() override {}  // there is no descriptor before the receiver connects
    std::span<std::byte> loan() override { return {}; }
    void send_loan() override {}
    void send_copy(std::span<const std::byte> frame) override {
        while (!frame.empty()) {
            const ssize_t sent = ::write(descriptor_.get(), frame.data(), frame.size());
            if (sent < 0) give_up_for_errno("write");
            frame = frame.subspan(static_cast<std::size_t>(sent));
        }
    }

  private:
    Descriptor descriptor_;
};

class Receiver : public FrameReceiver {
  public:
    Receiver(int descriptor, std::size_t frame_bytes, Moment hashing)
        : descriptor_(descriptor), frame_(frame_bytes), hashing_(hashing) {}
    [[nodiscard]] bool checks_on_the_way() const override { return hashing_ == Moment::kOnTheWay; }
    std::span<const std::byte> receive(ContentCheck& check) override {
        check.begin();
        std::size_t filled = 0;
        while (filled < frame_.size()) {
            const auto piece =
                std::span(frame_).subspan(filled, std::min(kPieceBytes, frame_.size() - filled));
            const ssize_t got = ::read(descriptor_.get(), piece.data(), piece.size());
            if (got < 0) give_up_for_errno("read");
            if (got == 0) give_up("the sender has gone");
            if (checks_on_the_way()) check.update(piece.first(static_cast<std::size_t>(got)));
            filled += static_cast<std::size_t>(got);
        }
        return frame_;
    }

  private:
    Descriptor descriptor_;
    std::vector<std::byte> frame_;
    Moment hashing_;
};

int open_pipe(const FrameTask& task, int mode, int pipe_bytes) {
    const std::string path = path_of(task);
    if (::mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST) give_up_for_errno(path);
    const int descriptor = ::open(path.c_str(), mode | O_CLOEXEC);
    if (descriptor < 0) give_up_for_errno(path);
    if (pipe_bytes > 0 && ::fcntl(descriptor, F_SETPIPE_SZ, pipe_bytes) < 0)
        give_up_for_errno("F_SETPIPE_SZ");
    return descriptor;
}

template <int pipe_bytes>
std::unique_ptr<FrameSender> make_pipe_sender(const FrameTask& task) {
    return std::make_unique<Sender>(open_pipe(task, O_WRONLY, pipe_bytes));
}

template <int pipe_bytes>
std::unique_ptr<FrameReceiver> make_pipe_receiver(const FrameTask& task) {
    const int descriptor = open_pipe(task, O_RDONLY, pipe_bytes);
    return std::make_unique<Receiver>(descriptor, task.frame_bytes, Moment::kOnTheWay);
}

sockaddr_un address_of(const FrameTask& task) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = path_of(task);
    if (path.size() >= sizeof(address.sun_path)) give_up("the path is too long: " + path);
    std::ranges::copy(path, address.sun_path);
    return address;
}

int open_socket() {
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) give_up_for_errno("socket");
    return descriptor;
}

// Connects as soon as the receiver listens.
std::unique_ptr<FrameSender> make_socket_sender(const FrameTask& task) {
    const int descriptor = open_socket();
    const sockaddr_un address = address_of(task);
    while (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
           0) {
        if (errno != ENOENT && errno != ECONNREFUSED) give_up_for_errno("connect");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::make_unique<Sender>(descriptor);
}

template <Moment hashing>
std::unique_ptr<FrameReceiver> make_socket_receiver(const FrameTask& task) {
    const Descriptor listener(open_socket());
    const sockaddr_un address = address_of(task);
    if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        give_up_for_errno("bind");
    if (::listen(listener.get(), 1) != 0) give_up_for_errno("listen");
    const int descriptor = ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) give_up_for_errno("accept");
    return std::make_unique<Receiver>(descriptor, task.frame_bytes, hashing);
}

}  // namespace

void add_stream_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "Unix socket, hashed afterwards",
                    .kind = Kind::kHandOver,
                    .extent = Extent::kPacedOnly,
                    .make_sender = make_socket_sender,
                    .make_receiver = make_socket_receiver<Moment::kAfterwards>,
                    .options = "defaults: the system's buffers; reads of 256 KiB"});
    ways.push_back({.name = "Unix socket",
                    .kind = Kind::kCopy,
                    .arrival = Arrival::kInPieces,
                    .make_sender = make_socket_sender,
                    .make_receiver = make_socket_receiver<Moment::kOnTheWay>,
                    .options = "defaults: the system's buffers; reads of 256 KiB"});
    ways.push_back({.name = "Unix socket, hashed when whole",
                    .kind = Kind::kCopy,
                    .extent = Extent::kPacedOnly,
                    .make_sender = make_socket_sender,
                    .make_receiver = make_socket_receiver<Moment::kAfterwards>,
                    .options = "defaults: the system's buffers; reads of 256 KiB"});
    ways.push_back({.name = "pipe of 1 MiB",
                    .kind = Kind::kCopy,
                    .arrival = Arrival::kInPieces,
                    .make_sender = make_pipe_sender<kTunedPipeBytes>,
                    .make_receiver = make_pipe_receiver<kTunedPipeBytes>,
                    .options = "tuned: a pipe of 1 MiB; reads of 256 KiB"});
    ways.push_back({.name = "pipe",
                    .kind = Kind::kCopy,
                    .arrival = Arrival::kInPieces,
                    .make_sender = make_pipe_sender<0>,
                    .make_receiver = make_pipe_receiver<0>,
                    .options = "defaults: a pipe of 64 KiB; reads of 256 KiB"});
}

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// A pipe that gets the sender's pages instead of copies of them. The receiver still copies. The
// sender must not change a frame until the pipe has released it. A pipe that holds less than a
// frame has released a frame when it has taken the next one.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
constexpr std::size_t kTunedPipeBytes = std::size_t{1} << 20;

[[noreturn]] void give_up_for_errno(const std::string& what) {
    give_up(what + ": " + std::strerror(errno));
}

// An end of the pipe that both sides find in the round's folder.
class PipeEnd {
  public:
    PipeEnd(const FrameTask& task, int mode) {
        const std::string path = task.folder + "/vmsplice";
        if (::mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST) give_up_for_errno(path);
        native_ = ::open(path.c_str(), mode | O_CLOEXEC);
        if (native_ < 0) give_up_for_errno(path);
        if (task.frame_bytes >= kTunedPipeBytes &&
            ::fcntl(native_, F_SETPIPE_SZ, static_cast<int>(kTunedPipeBytes)) < 0)
            give_up_for_errno("F_SETPIPE_SZ");
    }
    ~PipeEnd() { ::close(native_); }
    PipeEnd(const PipeEnd&) = delete;
    PipeEnd& operator=(const PipeEnd&) = delete;
    [[nodiscard]] int get() const { return native_; }

  private:
    int native_ = -1;
};

class Sender : public FrameSender {
  public:
    explicit Sender(const FrameTask& task) : pipe_(task, O_WRONLY) {}
    void wait_for_receiver() override {}  // the receiver has opened the pipe
    std::span<std::byte> loan() override { return {}; }
    void send_loan() override {}
    void send_copy(std::span<const std::byte> frame) override {
        while (!frame.empty()) {
            const iovec piece{.iov_base = const_cast<std::byte*>(frame.data()),
                              .iov_len = frame.size()};
            const ssize_t put = ::vmsplice(pipe_.get(), &piece, 1, 0);
            if (put < 0) give_up_for_errno("vmsplice");
            frame = frame.subspan(static_cast<std::size_t>(put));
        }
    }

  private:
    PipeEnd pipe_;
};

class Receiver : public FrameReceiver {
  public:
    explicit Receiver(const FrameTask& task) : pipe_(task, O_RDONLY), frame_(task.frame_bytes) {}
    [[nodiscard]] bool checks_on_the_way() const override { return true; }
    std::span<const std::byte> receive(ContentCheck& check) override {
        check.begin();
        for (std::size_t filled = 0; filled < frame_.size();) {
            const auto piece =
                std::span(frame_).subspan(filled, std::min(kPieceBytes, frame_.size() - filled));
            const ssize_t got = ::read(pipe_.get(), piece.data(), piece.size());
            if (got < 0) give_up_for_errno("read");
            if (got == 0) give_up("the sender has gone");
            check.update(piece.first(static_cast<std::size_t>(got)));
            filled += static_cast<std::size_t>(got);
        }
        return frame_;
    }

  private:
    PipeEnd pipe_;
    std::vector<std::byte> frame_;
};

std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    return std::make_unique<Sender>(task);
}

std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    return std::make_unique<Receiver>(task);
}

}  // namespace

void add_vmsplice_ways(std::vector<FrameWay>& ways) {
    ways.push_back(
        {.name = "vmsplice into a pipe",
         .kind = Kind::kCopy,
         .arrival = Arrival::kInPieces,
         .make_sender = make_sender,
         .make_receiver = make_receiver,
         .options = "tuned: a pipe of 1 MiB for frames of 1 MiB and more; reads of 256 KiB"});
}

}  // namespace mapferry::bench

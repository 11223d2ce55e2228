// Standard output as a target. A full pipe must not silence this process for long: its writer would
// take it for stopped. So pipes are written through a non-blocking description of their own, and
// the caller's beat is called while nothing can be written.
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

constexpr int kBeatMs = 250;
constexpr int kPipeBytes = 1 << 20;

class StandardOutput final : public OutputFile {
  public:
    // `own`: a non-blocking description of the same pipe, or invalid. `piecewise`: at most so many
    // bytes go into one write, because the descriptor blocks and poll promises no more.
    StandardOutput(Handle own, std::size_t piece_bytes, bool patient)
        : own_(std::move(own)), piece_bytes_(piece_bytes), patient_(patient) {}

    Result<void> write(std::span<const std::byte> bytes,
                       const std::function<Result<void>()>& beat) override {
        while (!bytes.empty()) {
            if (patient_ && !own_.valid()) {
                if (auto ready = wait_writable(beat); !ready) return ready;
            }
            const ssize_t put =
                ::write(descriptor(), bytes.data(), std::min(bytes.size(), piece_bytes_));
            if (put >= 0) {
                bytes = bytes.subspan(static_cast<std::size_t>(put));
            } else if (errno == EAGAIN) {
                if (auto ready = wait_writable(beat); !ready) return ready;
            } else if (errno != EINTR) {
                return pass(write_error());
            } else if (auto alive = beat(); !alive) {
                return alive;
            }
        }
        return {};
    }

    Result<void> commit(const FileAttributes&) override { return {}; }

  private:
    int descriptor() const { return own_.valid() ? static_cast<int>(own_.get()) : STDOUT_FILENO; }

    static Status write_error() {
        Status status = native_status("cannot write standard output");
        status.code = Code::kIo;
        return status;
    }

    Result<void> wait_writable(const std::function<Result<void>()>& beat) {
        while (true) {
            pollfd watched{.fd = descriptor(), .events = POLLOUT, .revents = 0};
            const int ready = ::poll(&watched, 1, kBeatMs);
            if (ready > 0) return {};
            if (ready < 0 && errno != EINTR) return pass(write_error());
            if (auto alive = beat(); !alive) return alive;
        }
    }

    Handle own_;
    std::size_t piece_bytes_;
    bool patient_;
};

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::standard_output(
    const std::optional<FileIdentity>& source) {
    struct stat facts{};
    if (::fstat(STDOUT_FILENO, &facts) != 0) {
        Status status = native_status("cannot write standard output");
        status.code = Code::kIo;
        return pass(std::move(status));
    }
    if (S_ISREG(facts.st_mode)) {
        const FileIdentity target{.device = facts.st_dev, .file = {facts.st_ino, 0}};
        if (source && *source == target)
            return fail(Code::kCannotCreate, "standard output is the very file that is being sent");
        return std::make_unique<StandardOutput>(Handle(), SSIZE_MAX, false);
    }
    Handle own;
    if (S_ISFIFO(facts.st_mode)) {
        ::fcntl(STDOUT_FILENO, F_SETPIPE_SZ, kPipeBytes);
        const std::string path = descriptor_path(STDOUT_FILENO);
        if (!path.empty()) own = Handle(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    }
    const std::size_t piece = own.valid() ? std::size_t{SSIZE_MAX} : std::size_t{PIPE_BUF};
    return std::make_unique<StandardOutput>(std::move(own), piece, true);
}

}  // namespace mapferry::platform

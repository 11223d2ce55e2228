// SPDX-License-Identifier: Apache-2.0
// Standard output as a target. While a pipe is full, this process must still notice that it has to
// stop. So pipes are written through a non-blocking description of their own, and the stop flag is
// looked at while nothing can be written.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "platform/handle.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/held_signal_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/role_lock_linux.h"
#include "platform/linux/written_file_linux.h"
#include "platform/native_error.h"
#include "platform/output_file.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr int kLookMs = 100;

enum class Kind : std::uint8_t {
    kPlain,      // a file or device: a write does not wait for another process
    kPipe,       // written through a non-blocking description of its own
    kSocket,     // written with MSG_DONTWAIT
    kPiecewise,  // a terminal, or a pipe that can't be reopened: poll promises room for PIPE_BUF
};

class StandardOutput final : public OutputFile {
  public:
    StandardOutput(Kind kind, Handle own, const std::atomic<int>* stop)
        : kind_(kind), own_(std::move(own)), stop_(stop) {}

    Result<void> write(std::span<const std::byte> bytes) override {
        if (kind_ == Kind::kPlain && is_used_section(descriptor()))
            return section_in_use("standard output");
        while (!bytes.empty()) {
            if (kind_ == Kind::kPiecewise) {
                TRY(wait_writable());
            }
            const ssize_t put = write_some(bytes);
            if (put >= 0) {
                bytes = bytes.subspan(static_cast<std::size_t>(put));
            } else if (errno == EAGAIN) {
                TRY(wait_writable());
            } else if (errno != EINTR) {
                return std::unexpected(write_error(errno));
            } else if (auto wanted = check_stop(stop_); !wanted) {
                return wanted;
            }
        }
        return {};
    }

    // Only in a file that the shell has opened, and not in append mode: other processes may move
    // its end.
    Result<bool> leave_hole(std::uint64_t bytes) override {
        struct stat facts{};
        if (kind_ != Kind::kPlain || ::fstat(descriptor(), &facts) != 0 ||
            !S_ISREG(facts.st_mode) || (::fcntl(descriptor(), F_GETFL) & O_APPEND) != 0)
            return false;
        if (is_used_section(descriptor())) return section_in_use("standard output");
        has_hole_ = true;
        return platform::leave_hole(descriptor(), bytes, "standard output");
    }

    Result<void> commit(const FileAttributes&, Durability durability) override {
        if (durability != Durability::kBuffered)
            return fail(Code::kUsage, "standard output can't be made durable");
        if (kind_ != Kind::kPlain) return {};
        if (has_hole_) TRY(end_at_position(descriptor(), Rest::kStay, "standard output"));
        // Closing reports what a server or a quota did not accept (NFS, FUSE), and closing a second
        // descriptor reports it too. The process keeps its own one for the next payload.
        Handle second = duplicate(descriptor());
        if (!second.valid()) return std::unexpected(write_error(errno));
        return second.close_checked("cannot store all of standard output");
    }

    static Status write_error(int error) {
        Status status = native_status("cannot write standard output", error);
        if (status.os_error == EBADF) status.hint = "it is closed, or not open for writing";
        status.code = Code::kIo;
        return status;
    }

  private:
    int descriptor() const { return own_.valid() ? static_cast<int>(own_.get()) : STDOUT_FILENO; }

    ssize_t write_some(std::span<const std::byte> bytes) {
        if (kind_ == Kind::kSocket)
            return ::send(descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        const HeldSignal held(kind_ == Kind::kPlain ? SIGXFSZ : SIGPIPE);
        const std::size_t most = kind_ == Kind::kPiecewise ? PIPE_BUF : bytes.size();
        return ::write(descriptor(), bytes.data(), std::min(bytes.size(), most));
    }

    Result<void> wait_writable() {
        while (true) {
            pollfd watched{.fd = descriptor(), .events = POLLOUT, .revents = 0};
            const int ready = ::poll(&watched, 1, kLookMs);
            if (ready > 0) return {};
            if (ready < 0 && errno != EINTR) return std::unexpected(write_error(errno));
            TRY(check_stop(stop_));
        }
    }

    Kind kind_;
    Handle own_;
    const std::atomic<int>* stop_;
    bool has_hole_ = false;
};

// A second, non-blocking description of the pipe behind standard output. Changing the shared one
// would surprise the other processes that have it.
Handle reopen_pipe() {
    enlarge_pipe(STDOUT_FILENO);
    const std::string path = descriptor_path(STDOUT_FILENO);
    if (path.empty()) return {};
    return open_file(path.c_str(), O_WRONLY | O_NONBLOCK);
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::standard_output(
    const std::optional<FileIdentity>& source, const std::atomic<int>* stop) {
    // Checked before anything is taken from a section.
    const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
        return std::unexpected(StandardOutput::write_error(EBADF));
    struct stat facts{};
    if (::fstat(STDOUT_FILENO, &facts) != 0)
        return std::unexpected(StandardOutput::write_error(errno));
    const FileIdentity target{.device = facts.st_dev, .file = {facts.st_ino, 0}};
    if (S_ISREG(facts.st_mode) && source && *source == target)
        return fail(Code::kCannotCreate, "standard output is the very file that is being sent");
    Handle own = S_ISFIFO(facts.st_mode) ? reopen_pipe() : Handle();
    Kind kind = Kind::kPlain;
    if (S_ISSOCK(facts.st_mode)) kind = Kind::kSocket;
    if (S_ISFIFO(facts.st_mode)) kind = own.valid() ? Kind::kPipe : Kind::kPiecewise;
    if (::isatty(STDOUT_FILENO) == 1) kind = Kind::kPiecewise;
    return std::make_unique<StandardOutput>(kind, std::move(own), stop);
}

}  // namespace mapferry::inline v1::platform

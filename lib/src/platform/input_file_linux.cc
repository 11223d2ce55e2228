// Reading the source.
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

// A pipe of 1 MiB costs its two ends far fewer switches than the usual 64 KiB. Best effort.
constexpr int kPipeBytes = 1 << 20;

class LinuxInputFile final : public InputFile {
  public:
    LinuxInputFile(Handle handle, std::string what, bool regular)
        : handle_(std::move(handle)),
          what_(std::move(what)),
          regular_(regular),
          began_(regular ? ::lseek(descriptor(), 0, SEEK_CUR) : 0) {}

    Result<std::size_t> read(std::span<std::byte> target) override {
        return count_of(::read(descriptor(), target.data(), target.size()));
    }

    Result<std::size_t> read_at(std::span<std::byte> target, std::uint64_t offset) override {
        return count_of(::pread(descriptor(), target.data(), target.size(),
                                began_ + static_cast<off_t>(offset)));
    }

    Result<void> skip(std::uint64_t bytes) override {
        if (::lseek(descriptor(), static_cast<off_t>(bytes), SEEK_CUR) >= 0) return {};
        return pass(native_status("cannot move on in " + what_));
    }

    Result<bool> wait_ready(std::int64_t timeout_ms) override {
        if (regular_) return true;
        pollfd watched{.fd = descriptor(), .events = POLLIN, .revents = 0};
        const int ready = ::poll(&watched, 1, static_cast<int>(timeout_ms));
        if (ready >= 0) return ready > 0;  // end of file and errors are ready too: read() tells
        if (errno == EINTR) return false;
        return pass(native_status("cannot wait for " + what_));
    }

    bool may_block() const override { return !regular_; }

    Result<std::size_t> peek(std::span<std::byte> target) override {
        if (!regular_) return std::size_t{0};
        const off_t position = ::lseek(descriptor(), 0, SEEK_CUR);
        ssize_t got = 0;
        do {
            got = ::pread(descriptor(), target.data(), target.size(), position);
        } while (got < 0 && errno == EINTR);
        if (got < 0) return pass(native_status("cannot read " + what_));
        return static_cast<std::size_t>(got);
    }

  private:
    int descriptor() const { return static_cast<int>(handle_.get()); }

    // What a read returned, or why it failed.
    Result<std::size_t> count_of(ssize_t got) const {
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN) return fail(Code::kInterrupted, "reading " + what_ + " must wait");
        Status status = native_status("cannot read " + what_);
        status.code = status.os_error == EINTR ? Code::kInterrupted : Code::kIo;
        return pass(std::move(status));
    }

    Handle handle_;
    std::string what_;
    bool regular_;
    off_t began_;  // where the reading position stood
};

void describe_file(const struct stat& facts, PayloadInfo& info) {
    info.source = FileIdentity{.device = facts.st_dev, .file = {facts.st_ino, 0}};
    info.mtime_unix_ns =
        static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1'000'000'000 + facts.st_mtim.tv_nsec;
    info.permission_bits = facts.st_mode & 0777u;
}

Result<std::unique_ptr<InputFile>> wrap(Handle handle, const std::string& what, PayloadInfo& info) {
    struct stat facts{};
    const int descriptor = static_cast<int>(handle.get());
    if (::fstat(descriptor, &facts) != 0) return pass(native_status("cannot examine " + what));
    if (S_ISDIR(facts.st_mode))
        return fail(Code::kNotFound, what + " is a folder, not a file",
                    "send it as an archive: tar c FOLDER | mapferry-writer -");
    const bool regular = S_ISREG(facts.st_mode);
    auto file = std::make_unique<LinuxInputFile>(std::move(handle), what, regular);
    if (S_ISFIFO(facts.st_mode)) ::fcntl(descriptor, F_SETPIPE_SZ, kPipeBytes);
    if (!regular) return file;
    describe_file(facts, info);
    const off_t position = ::lseek(descriptor, 0, SEEK_CUR);
    if (position < 0) return pass(native_status("cannot examine " + what));
    std::byte probe{};
    const auto first = file->peek({&probe, 1});
    if (!first) return pass(first.error());
    // Files of /proc and the like have bytes but no size: theirs is known only at the end.
    if (facts.st_size > position)
        info.payload_bytes = static_cast<std::uint64_t>(facts.st_size - position);
    else if (*first == 0)
        info.payload_bytes = 0;
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return file;
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path, PayloadInfo& info) {
    const std::string what = "\"" + path + "\"";
    Handle handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!handle.valid()) {
        Status status = native_status("cannot open " + what);
        // A missing device or an unreadable symbolic-link loop is "no input" for the caller.
        if (status.os_error == ENXIO || status.os_error == ELOOP) status.code = Code::kNotFound;
        // A pipe that nobody writes to was waited for, and a signal came.
        if (status.os_error == EINTR) status.code = Code::kInterrupted;
        return pass(std::move(status));
    }
    info.name = split_path(path).name;
    return wrap(std::move(handle), what, info);
}

Result<std::unique_ptr<InputFile>> InputFile::standard_input(PayloadInfo& info) {
    Handle handle(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));  // the process keeps its own
    if (!handle.valid()) return pass(native_status("cannot read standard input"));
    return wrap(std::move(handle), "standard input", info);
}

}  // namespace mapferry::platform

// SPDX-License-Identifier: Apache-2.0
// Reading the source.
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <limits>
#include <optional>
#include <utility>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/printable_text.h"
#include "platform/byte_range.h"
#include "platform/handle.h"
#include "platform/input_file.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr off_t kBlockBytes = 512;  // the unit of st_blocks
constexpr off_t kPageBytes = 4096;

// Whether some process has a pipe's other end open.
enum class Producer : std::uint8_t { kThere, kToCome };

class LinuxInputFile final : public InputFile {
  public:
    LinuxInputFile(Handle handle, std::string what, const struct stat& facts, Producer producer)
        : handle_(std::move(handle)),
          what_(std::move(what)),
          facts_(facts),
          regular_(S_ISREG(facts.st_mode)),
          began_(regular_ ? ::lseek(descriptor(), 0, SEEK_CUR) : 0),
          awaits_producer_(producer == Producer::kToCome) {}

    // As long as nobody has opened the other end, a read returns "end". With a silent writer it
    // returns "wait". A writer that has come and gone is seen by poll() alone.
    Result<bool> has_producer() override {
        if (!awaits_producer_) return true;
        TRY_ASSIGN(auto ready, wait_ready(0));
        if (!ready) {
            std::byte byte{};
            const ssize_t got = ::read(descriptor(), &byte, 1);
            if (got == 0 || (got < 0 && errno == EINTR)) return false;
            if (got < 0 && errno != EAGAIN) return std::unexpected(count_of(got).error());
            if (got > 0) early_byte_ = byte;
        }
        awaits_producer_ = false;
        return true;
    }

    Result<std::size_t> read(std::span<std::byte> target) override {
        if (early_byte_ && !target.empty()) {
            target.front() = *std::exchange(early_byte_, std::nullopt);
            return 1;
        }
        if (awaits_producer_) {
            TRY_ASSIGN(auto ready, wait_ready(INT_MAX));
            if (!ready) return fail(Code::kInterrupted, "reading " + what_ + " must wait");
            awaits_producer_ = false;
        }
        return count_of(::read(descriptor(), target.data(), target.size()));
    }

    Result<std::size_t> read_at(std::span<std::byte> target, std::uint64_t offset) override {
        return count_of(::pread(descriptor(), target.data(), target.size(),
                                began_ + static_cast<off_t>(offset)));
    }

    // Setting back the time of the last write moves the time of the last change. That time also
    // moves with the links, the mode and the owner, for example when another file replaces this one
    // under its name: the bytes behind this descriptor stay as they are then.
    Result<bool> changed() const override {
        if (!regular_) return false;
        struct stat now{};
        if (::fstat(descriptor(), &now) != 0)
            return std::unexpected(native_status("cannot examine " + what_));
        if (now.st_size != facts_.st_size || !same_time(now.st_mtim, facts_.st_mtim)) return true;
        return !same_time(now.st_ctim, facts_.st_ctim) && now.st_nlink == facts_.st_nlink &&
               now.st_mode == facts_.st_mode && now.st_uid == facts_.st_uid &&
               now.st_gid == facts_.st_gid;
    }

    Result<void> skip(std::uint64_t bytes) override {
        if (::lseek(descriptor(), began_ + static_cast<off_t>(bytes), SEEK_SET) >= 0) return {};
        return std::unexpected(native_status("cannot move on in " + what_));
    }

    // Counts whole pages of holes: a small file may be stored where its file system keeps its name.
    bool may_have_holes() const override {
        return regular_ && facts_.st_blocks * kBlockBytes + kPageBytes <= facts_.st_size;
    }

    Result<ByteRange> next_stored(std::uint64_t offset) override {
        const off_t from = began_ + static_cast<off_t>(offset);
        const off_t begin = ::lseek(descriptor(), from, SEEK_DATA);
        if (begin < 0) return all_from(from, errno);
        const off_t end = ::lseek(descriptor(), begin, SEEK_HOLE);
        if (end <= begin) return all_from(begin, 0);
        return ByteRange{.begin = static_cast<std::uint64_t>(begin - began_),
                         .end = static_cast<std::uint64_t>(end - began_)};
    }

    Result<bool> wait_ready(std::int64_t timeout_ms) override {
        if (regular_ || early_byte_) return true;
        pollfd watched{.fd = descriptor(), .events = POLLIN, .revents = 0};
        const int ready =
            ::poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(timeout_ms, 0, INT_MAX)));
        if (ready >= 0) return ready > 0;  // read() shows end of file and errors
        if (errno == EINTR) return false;
        return std::unexpected(native_status("cannot wait for " + what_));
    }

    bool may_block() const override { return !regular_; }

    Result<std::size_t> peek(std::span<std::byte> target) override {
        if (!regular_) return std::size_t{0};
        const off_t position = ::lseek(descriptor(), 0, SEEK_CUR);
        ssize_t got = 0;
        do {
            got = ::pread(descriptor(), target.data(), target.size(), position);
        } while (got < 0 && errno == EINTR);
        if (got < 0) return std::unexpected(native_status("cannot read " + what_));
        return static_cast<std::size_t>(got);
    }

  private:
    int descriptor() const { return static_cast<int>(handle_.get()); }

    // The answer where lseek() had none. ENXIO: no bytes follow, in a hole or behind the end. A
    // file that was cut ends where reading finds its end.
    Result<ByteRange> all_from(off_t from, int error) const {
        struct stat now{};
        if (error == ENXIO && ::fstat(descriptor(), &now) == 0 && now.st_size >= facts_.st_size)
            from = now.st_size;
        return ByteRange{.begin = static_cast<std::uint64_t>(from - began_),
                         .end = std::numeric_limits<std::uint64_t>::max()};
    }

    static bool same_time(const timespec& a, const timespec& b) {
        return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
    }

    // What a read returned, or why it failed.
    Result<std::size_t> count_of(ssize_t got) const {
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN) return fail(Code::kInterrupted, "reading " + what_ + " must wait");
        Status status = native_status("cannot read " + what_);
        status.code = status.os_error == EINTR ? Code::kInterrupted : Code::kIo;
        return std::unexpected(std::move(status));
    }

    Handle handle_;
    std::string what_;
    struct stat facts_;  // when it was opened
    bool regular_;
    off_t began_;  // where the reading position stood
    bool awaits_producer_;
    std::optional<std::byte> early_byte_;  // taken from the pipe by the look for a producer
};

// Empty for a time that 64 bits of nanoseconds can't hold, before September 1677 or after April
// 2262: any other time would be wrong.
std::optional<std::int64_t> unix_ns_of(const timespec& time) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    std::int64_t ns = 0;
    if (__builtin_mul_overflow(std::int64_t{time.tv_sec}, kSecond, &ns) ||
        __builtin_add_overflow(ns, std::int64_t{time.tv_nsec}, &ns))
        return std::nullopt;
    return ns;
}

void describe_file(const struct stat& facts, PayloadInfo& info) {
    info.source = FileIdentity{.device = facts.st_dev, .file = {facts.st_ino, 0}};
    info.mtime_unix_ns = unix_ns_of(facts.st_mtim);
    info.permission_bits = facts.st_mode & 0777u;
}

// A file of /sys has the size of a page, however much can be read of it. It takes no space, like a
// file of holes. But of a file of holes the last byte can be read.
bool has_its_size(int descriptor, const struct stat& facts) {
    if (facts.st_blocks != 0) return true;
    std::byte last{};
    return ::pread(descriptor, &last, 1, facts.st_size - 1) == 1;
}

// Whether it is a pipe that its writer opens by name (fifo(7)), and not one of pipe(2), which
// /dev/stdin and the shell's <(command) open.
bool is_named_pipe(int descriptor) {
    struct stat facts{};
    struct statfs system{};
    return ::fstat(descriptor, &facts) == 0 && S_ISFIFO(facts.st_mode) &&
           ::fstatfs(descriptor, &system) == 0 && system.f_type != PIPEFS_MAGIC;
}

Result<std::unique_ptr<InputFile>> wrap(Handle handle, const std::string& what, PayloadInfo& info,
                                        Producer producer) {
    struct stat facts{};
    const int descriptor = static_cast<int>(handle.get());
    if (::fstat(descriptor, &facts) != 0)
        return std::unexpected(native_status("cannot examine " + what));
    if (S_ISDIR(facts.st_mode))
        return fail(Code::kNotFound, what + " is a folder, not a file", Remedy::kSendArchive);
    auto file = std::make_unique<LinuxInputFile>(std::move(handle), what, facts, producer);
    if (S_ISFIFO(facts.st_mode)) enlarge_pipe(descriptor);
    if (!S_ISREG(facts.st_mode)) return file;
    describe_file(facts, info);
    const off_t position = ::lseek(descriptor, 0, SEEK_CUR);
    if (position < 0) return std::unexpected(native_status("cannot examine " + what));
    // Space that is only reserved becomes data for ext4's SEEK_DATA when it is read, even by
    // reading ahead. So a file with holes is read without reading ahead.
    ::posix_fadvise(descriptor, 0, 0,
                    file->may_have_holes() ? POSIX_FADV_RANDOM : POSIX_FADV_SEQUENTIAL);
    std::byte probe{};
    TRY_ASSIGN(const auto first, file->peek({&probe, 1}));
    // Files of /proc and the like have bytes but no size: the size is known only at the end.
    if (facts.st_size > position && has_its_size(descriptor, facts))
        info.payload_bytes = static_cast<std::uint64_t>(facts.st_size - position);
    else if (first == 0)
        info.payload_bytes = 0;
    return file;
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path, PayloadInfo& info) {
    const std::string what = in_quotes(path);
    // O_NONBLOCK: a FIFO without a writer must not hang this process.
    Handle handle = open_file(path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK);
    if (!handle.valid()) {
        Status status = native_status("cannot open " + what);
        // A missing device or an unreadable symbolic-link loop is "no input" for the caller.
        if (status.os_error == ENXIO || status.os_error == ELOOP) status.code = Code::kNotFound;
        return std::unexpected(std::move(status));
    }
    info.name = split_path(path).name;
    const int descriptor = static_cast<int>(handle.get());
    const Producer producer = is_named_pipe(descriptor) ? Producer::kToCome : Producer::kThere;
    if (producer == Producer::kThere)
        ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    return wrap(std::move(handle), what, info, producer);
}

Result<std::unique_ptr<InputFile>> InputFile::standard_input(PayloadInfo& info) {
    Handle handle = duplicate(STDIN_FILENO);  // the process keeps its own
    if (!handle.valid()) {
        Status status = native_status("cannot read standard input");
        if (status.os_error == EBADF) status.code = Code::kIo;
        return std::unexpected(std::move(status));
    }
    return wrap(std::move(handle), "standard input", info, Producer::kThere);
}

}  // namespace mapferry::inline v1::platform

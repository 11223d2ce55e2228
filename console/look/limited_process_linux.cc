// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "console/look/limited_process.h"

namespace mapferry::cli {

namespace {

constexpr int kSliceMs = 100;
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

Status os_failure(const char* what) {
    return {Code::kSystem, std::string("cannot ") + what, {}, errno};
}

class Pipe {
  public:
    Pipe() = default;
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    bool open() { return pipe2(ends_.data(), O_CLOEXEC) == 0; }
    [[nodiscard]] int end(std::size_t index) const { return ends_[index]; }
    void close_end(std::size_t index) {
        if (ends_[index] >= 0) close(std::exchange(ends_[index], -1));
    }

  private:
    std::array<int, 2> ends_{-1, -1};
};

// The child process. The destructor ends it.
class Child {
  public:
    Child() = default;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (process_ > 0) end();
    }
    int start(const std::string& argument, int input, int output) {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#if defined(__GLIBC__)
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
#endif
        // The signals of the terminal's keys must reach the parent only.
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        std::string program = "mapferry";
        std::string word = argument;
        const std::array<char*, 3> words{program.data(), word.data(), nullptr};
        const int error =
            posix_spawn(&process_, "/proc/self/exe", &actions, &attributes, words.data(), environ);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        if (error != 0) process_ = 0;
        return error;
    }
    // Ends the child and returns its status of waitpid(). A child that has already ended keeps its
    // own status.
    int end() {
        int how = 0;
        kill(process_, SIGKILL);
        while (waitpid(process_, &how, 0) < 0 && errno == EINTR) {
        }
        process_ = 0;
        return how;
    }

  private:
    pid_t process_ = 0;
};

// Writes the input to the child and reads its answer, until the answer is complete.
class Talk {
  public:
    Talk(Pipe& to, Pipe& from, std::span<const std::byte> input, std::uint64_t answer_bytes)
        : to_(&to), from_(&from), input_(input), answer_bytes_(answer_bytes) {
        fcntl(to.end(1), F_SETFL, O_NONBLOCK);
        fcntl(from.end(0), F_SETFL, O_NONBLOCK);
    }

    // False: the answer has ended.
    bool step() {
        std::array<pollfd, 2> ends{pollfd{.fd = from_->end(0), .events = POLLIN, .revents = 0},
                                   pollfd{.fd = to_->end(1), .events = POLLOUT, .revents = 0}};
        if (poll(ends.data(), ends.size(), kSliceMs) <= 0) return true;
        if (ends[1].revents != 0) give();
        return ends[0].revents == 0 || take();
    }
    [[nodiscard]] bool said_too_much() const { return answer.size() > answer_bytes_; }

    std::vector<std::byte> answer = {};

  private:
    void give() {
        const ssize_t written =
            write(to_->end(1), input_.data(), std::min(input_.size(), kPieceBytes));
        if (written > 0) input_ = input_.subspan(static_cast<std::size_t>(written));
        // A child that stops reading already knows its answer.
        if (input_.empty() || (written < 0 && errno == EPIPE)) to_->close_end(1);
    }
    bool take() {
        const std::size_t before = answer.size();
        answer.resize(before + kPieceBytes);
        const ssize_t count = read(from_->end(0), answer.data() + before, kPieceBytes);
        answer.resize(before + static_cast<std::size_t>(std::max(count, ssize_t{0})));
        return (count > 0 || (count < 0 && errno == EAGAIN)) && !said_too_much();
    }

    Pipe* to_;
    Pipe* from_;
    std::span<const std::byte> input_;
    std::uint64_t answer_bytes_;
};

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#elif defined(__i386__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_I386;
#elif defined(__ARM_EABI__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_ARM;
#else
constexpr std::uint32_t kArchitecture = 0;  // the filter has not been tested there
#endif

// Calls for memory, the two pipes, the clock and the exit, and those that sanitizers need.
constexpr std::array kAllowedCalls = {
    SYS_read,
    SYS_write,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_brk,
    SYS_futex,
    SYS_rt_sigreturn,
    SYS_rt_sigaction,
    SYS_sched_yield,
    SYS_rt_sigprocmask,
    SYS_getpid,
    SYS_gettid,
    SYS_sigaltstack,
    SYS_exit,
    SYS_exit_group,
    SYS_fstat,
    SYS_restart_syscall,
    SYS_clock_gettime,
#if defined(SYS_mmap2)  // 32 bits: the same calls with wider numbers
    SYS_mmap2,
    SYS_futex_time64,
    SYS_fstat64,
    SYS_clock_gettime64,
#else
    SYS_mmap,
#endif
};

constexpr sock_filter statement(unsigned code, std::uint32_t value) {
    return {.code = static_cast<std::uint16_t>(code), .jt = 0, .jf = 0, .k = value};
}
constexpr sock_filter jump_if_equal(std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    return {.code = BPF_JMP | BPF_JEQ | BPF_K, .jt = yes, .jf = no, .k = value};
}

// All other calls fail with EPERM. They do not end the process, because a future library may try
// some of them for reasons of its own.
Result<void> filter_calls() {
    if (kArchitecture == 0)
        return fail(Code::kSystem, "system calls are not filtered on this architecture");
    std::vector<sock_filter> program{
        statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        jump_if_equal(kArchitecture, 1, 0),
        statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    };
    for (const long call : kAllowedCalls) {
        program.push_back(jump_if_equal(static_cast<std::uint32_t>(call), 0, 1));
        program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    const sock_fprog filter{.len = static_cast<unsigned short>(program.size()),
                            .filter = program.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return std::unexpected(os_failure("give up privileges"));
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        return std::unexpected(os_failure("filter system calls"));
    return {};
}

// Bytes of address space that the program has used to start. A sanitizer uses many.
std::optional<std::uint64_t> mapped_bytes() {
    std::FILE* const file = std::fopen("/proc/self/statm", "re");
    if (file == nullptr) return std::nullopt;
    std::array<char, 64> line{};
    const bool found = std::fgets(line.data(), static_cast<int>(line.size()), file) != nullptr;
    std::fclose(file);
    std::uint64_t pages = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), pages);
    if (!found || parsed.ec != std::errc()) return std::nullopt;
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// The files that the parent got from its own parent. With glibc it has already kept them back.
Result<void> close_other_files() {
#if !defined(__GLIBC__)
    if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0) != 0)
        return std::unexpected(os_failure("close the files of the decoding process"));
#endif
    return {};
}

// An enumeration in glibc, an int in musl.
using Resource = decltype(RLIMIT_AS);

Result<void> limit(Resource resource, std::uint64_t value) {
    const rlimit limits{.rlim_cur = value, .rlim_max = value};
    if (setrlimit(resource, &limits) != 0)
        return std::unexpected(os_failure("limit the decoding process"));
    return {};
}

}  // namespace

Result<std::vector<std::byte>> ask_limited_process(const std::string& argument,
                                                   std::span<const std::byte> input,
                                                   const ProcessLimits& limits,
                                                   const std::atomic<int>& stop) {
    Pipe to;
    Pipe from;
    if (!to.open() || !from.open()) return std::unexpected(os_failure("make a pipe"));
    Child child;
    if (const int error = child.start(argument, to.end(0), from.end(1)); error != 0)
        return std::unexpected(
            Status{Code::kSystem, "cannot start the decoding process", {}, error});
    to.close_end(0);
    from.close_end(1);
    Talk talk(to, from, input, limits.answer_bytes);
    const double end_s = clock_s() + static_cast<double>(limits.time_ms) / 1000;
    while (talk.step()) {
        if (is_stopped(stop)) return interrupted();
        if (clock_s() > end_s)
            return fail(Code::kCorrupt, "the decoding process took too long and was ended");
    }
    if (talk.said_too_much())
        return fail(Code::kCorrupt, "the decoding process said too much and was ended");
    const int how = child.end();
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0) return std::move(talk.answer);
    return fail(Code::kCorrupt, WIFSIGNALED(how) ? "the decoding process was ended by signal " +
                                                       std::to_string(WTERMSIG(how))
                                                 : "the decoding process failed");
}

Result<void> give_up_rights(const ProcessLimits& limits) {
    if (auto done = close_other_files(); !done) return done;
    const auto mapped = mapped_bytes();
    if (!mapped) return fail(Code::kSystem, "cannot tell the memory that the program has");
    const std::uint64_t memory_bytes = *mapped + limits.memory_bytes;
    const auto seconds = static_cast<std::uint64_t>((limits.time_ms + 999) / 1000);
    if (auto done = limit(RLIMIT_AS, memory_bytes); !done) return done;
    if (auto done = limit(RLIMIT_CPU, seconds); !done) return done;
    if (auto done = limit(RLIMIT_CORE, 0); !done) return done;
    if (auto done = limit(RLIMIT_FSIZE, 0); !done) return done;
    if (auto done = limit(RLIMIT_NPROC, 0); !done) return done;
    if (auto done = limit(RLIMIT_NOFILE, 0); !done) return done;
    return filter_calls();
}

void end_at_once(int code) {
    _exit(code);
}

}  // namespace mapferry::cli

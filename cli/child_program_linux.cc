// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "cli/child_program.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr int kCleanUpMs = 2000;
// The interval between two looks in a wait with a timeout: waitid() takes no timeout.
constexpr std::int64_t kLookMs = 5;

Status os_failure(const std::string& what, Code code = Code::kSystem) {
    return {code, "cannot " + what, {}, errno};
}

int descriptor_of(const OpenFile& file) {
    return static_cast<int>(file.native());
}

// Whether this process is in the terminal's foreground group. Its children are too, as long as they
// stay in its group.
bool has_the_terminal() {
    const OpenFile terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    return terminal.native() >= 0 && ::tcgetpgrp(descriptor_of(terminal)) == ::getpgrp();
}

struct Start {
    char* const* words;
    int input;
    int output;
    int errors;
    int report;  // receives the error of a failed start; closed by a successful one
    pid_t parent;
    bool own_group;
};

// Runs in the new process, which may not allocate.
[[noreturn]] void become(const Start& start) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before that.
    if (::getppid() != start.parent) ::_exit(127);
    if (start.own_group) ::setpgid(0, 0);
    // The new program must not inherit the signals that this one ignores.
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
    if (::dup2(start.input, STDIN_FILENO) >= 0 && ::dup2(start.output, STDOUT_FILENO) >= 0 &&
        ::dup2(start.errors, STDERR_FILENO) >= 0)
        ::execvp(start.words[0], start.words);
    const int error = errno;
    (void)!::write(start.report, &error, sizeof error);
    ::_exit(127);
}

// The error of a failed start; 0: the program started.
int error_of_start(const OpenFile& report) {
    int error = 0;
    ssize_t got = 0;
    do {
        got = ::read(descriptor_of(report), &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    return got == sizeof error ? error : 0;
}

Status start_failure(const std::string& program, int error) {
    Code code = Code::kSystem;
    if (error == ENOENT || error == ENOTDIR) code = Code::kNotFound;
    if (error == EACCES || error == EPERM) code = Code::kPermission;
    return {code, "cannot start " + in_quotes(program), {}, error};
}

void reap(pid_t process) {
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

// How a process ended; empty when it still runs and `flags` has WNOHANG. The process is not reaped
// yet, so that no other process can get its number.
std::optional<ProgramEnd> look_at_end(pid_t process, int flags) {
    siginfo_t end{};
    while (::waitid(P_PID, static_cast<id_t>(process), &end, WEXITED | WNOWAIT | flags) != 0) {
        if (errno != EINTR) return ProgramEnd{.status = 127};  // not our child: counts as failed
    }
    if (end.si_pid == 0) return std::nullopt;
    return ProgramEnd{.status = static_cast<std::uint32_t>(end.si_status),
                      .by_signal = end.si_code != CLD_EXITED};
}

}  // namespace

void OpenFile::close() {
    if (native_ != kNone) ::close(static_cast<int>(std::exchange(native_, kNone)));
}

Result<std::size_t> OpenFile::read(std::span<std::byte> target) const {
    while (true) {
        const ssize_t got = ::read(descriptor_of(*this), target.data(), target.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return std::unexpected(os_failure("read", Code::kIo));
    }
}

Result<void> OpenFile::write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t put = ::write(descriptor_of(*this), bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) return std::unexpected(os_failure("write", Code::kIo));
        if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

Result<void> OpenFile::rewind() const {
    if (::lseek(descriptor_of(*this), 0, SEEK_SET) == 0) return {};
    return std::unexpected(os_failure("go to a file's beginning"));
}

OpenFile standard_input() {
    return OpenFile(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
}

OpenFile standard_output() {
    return OpenFile(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
}

Result<void> become_standard_input(OpenFile file) {
    if (::dup2(descriptor_of(file), STDIN_FILENO) >= 0) return {};
    return std::unexpected(os_failure("set standard input"));
}

Result<Channel> open_pipe(std::size_t bytes) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(os_failure("make a pipe"));
    Channel channel{OpenFile(ends[0]), OpenFile(ends[1])};
    if (bytes > 0 && ::fcntl(ends[0], F_SETPIPE_SZ, static_cast<int>(bytes)) < 0)
        return std::unexpected(os_failure("enlarge a pipe"));
    return channel;
}

struct ChildProgram::Impl {
    pid_t process = 0;
    bool own_group = false;

    void send(int signal) const { ::kill(own_group ? -process : process, signal); }
};

ChildProgram::ChildProgram(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ChildProgram::ChildProgram(ChildProgram&&) noexcept = default;
ChildProgram& ChildProgram::operator=(ChildProgram&&) noexcept = default;

ChildProgram::~ChildProgram() {
    if (impl_ == nullptr) return;
    if (!ended(0)) {
        impl_->send(SIGTERM);
        (void)ended(kCleanUpMs);
        impl_->send(SIGKILL);
    }
    reap(impl_->process);
}

Result<ChildProgram> ChildProgram::start(const std::vector<std::string>& words,
                                         const ProgramStreams& streams, ProgramGroup group) {
    std::vector<char*> texts;
    texts.reserve(words.size() + 1);
    for (const std::string& word : words)
        texts.push_back(const_cast<char*>(word.c_str()));
    texts.push_back(nullptr);
    auto report = open_pipe(0);
    if (!report) return std::unexpected(report.error());
    // When SIGCHLD is ignored, as some parents leave it, the program's exit status is lost.
    std::signal(SIGCHLD, SIG_DFL);
    auto impl = std::make_unique<Impl>();
    impl->own_group = group == ProgramGroup::kOwn && !has_the_terminal();
    const Start start{.words = texts.data(),
                      .input = descriptor_of(streams.input),
                      .output = descriptor_of(streams.output),
                      .errors = streams.errors ? descriptor_of(*streams.errors) : STDERR_FILENO,
                      .report = descriptor_of(report->theirs),
                      .parent = ::getpid(),
                      .own_group = impl->own_group};
    impl->process = ::fork();
    if (impl->process < 0) return std::unexpected(os_failure("start " + words[0]));
    if (impl->process == 0) become(start);
    report->theirs.close();
    if (const int error = error_of_start(report->ours); error != 0) {
        reap(impl->process);
        return std::unexpected(start_failure(words[0], error));
    }
    return ChildProgram(std::move(impl));
}

void ChildProgram::kill() {
    impl_->send(SIGTERM);
}

std::optional<ProgramEnd> ChildProgram::ended(std::int64_t timeout_ms) const {
    if (timeout_ms < 0) return look_at_end(impl_->process, 0);
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    while (true) {
        auto end = look_at_end(impl_->process, WNOHANG);
        if (end || std::chrono::steady_clock::now() >= until) return end;
        std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
    }
}

}  // namespace mapferry::cli

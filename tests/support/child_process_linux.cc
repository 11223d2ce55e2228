// SPDX-License-Identifier: Apache-2.0
#include "support/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/shared_object.h"

namespace mapferry::testing {

namespace {

using platform::Handle;

constexpr std::int64_t kLookUs = 1000;

std::int64_t now_ms() {
    return platform::monotonic_ns() / 1'000'000;
}

int descriptor_of(const Handle& handle) {
    return static_cast<int>(handle.get());
}

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

struct Pipe {
    Handle out;  // to read from
    Handle in;   // to write to
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe2");
    return {.out = Handle(ends[0]), .in = Handle(ends[1])};
}

Handle open_or_die(const char* path, int flags) {
    Handle handle(::open(path, flags | O_CLOEXEC, 0666));
    if (!handle.valid()) give_up(std::string("open ") + path);
    return handle;
}

// A file that no other process can find.
Handle make_kept_output() {
    const char* const folder = std::getenv("TMPDIR");
    std::string pattern = std::string(folder != nullptr ? folder : "/tmp") + "/mapferry-out-XXXXXX";
    Handle handle(::mkostemp(pattern.data(), O_CLOEXEC));
    if (!handle.valid()) give_up("mkostemp");
    ::unlink(pattern.c_str());
    return handle;
}

std::string read_from_start(const Handle& handle) {
    std::string text;
    std::array<char, 4096> piece{};
    while (handle.valid()) {
        const ssize_t got = ::pread(descriptor_of(handle), piece.data(), piece.size(),
                                    static_cast<off_t>(text.size()));
        if (got <= 0) break;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
}

// One standard stream: the child's end, and the end that the test keeps.
struct Ends {
    Handle child;
    Handle test;
};

Ends open_input(const Stream& stream) {
    if (stream.kind == Stream::Kind::kFile)
        return {.child = open_or_die(stream.path.c_str(), O_RDONLY), .test = {}};
    if (stream.kind == Stream::Kind::kDefault)
        return {.child = open_or_die("/dev/null", O_RDONLY), .test = {}};
    Pipe pipe = make_pipe();
    return {.child = std::move(pipe.out), .test = std::move(pipe.in)};
}

Ends open_output(const Stream& stream) {
    if (stream.kind == Stream::Kind::kFile)
        return {.child = open_or_die(stream.path.c_str(), O_WRONLY | O_CREAT), .test = {}};
    if (stream.kind == Stream::Kind::kPipe) {
        Pipe pipe = make_pipe();
        return {.child = std::move(pipe.in), .test = std::move(pipe.out)};
    }
    Handle kept = make_kept_output();
    Handle copy(::fcntl(descriptor_of(kept), F_DUPFD_CLOEXEC, 0));
    return {.child = std::move(copy), .test = std::move(kept)};
}

// An enumeration in glibc, an int in musl.
using Resource = decltype(RLIMIT_AS);

// The child's actions between vfork() and exec: system calls only.
struct ChildSide {
    std::array<int, 3> streams;
    const char* folder;  // null: stay
    std::vector<std::pair<Resource, rlimit>> limits;
    char* const* arguments;
    char* const* environment;
    int failure;  // pipe on which the child sends the parent the errno of a failed exec
    pid_t parent;

    [[noreturn]] void run() const;
};

void ChildSide::run() const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool good = ::getppid() == parent;
    std::signal(SIGPIPE, SIG_DFL);
    for (int i = 0; i < 3; ++i)
        good = good && ::dup2(streams[static_cast<std::size_t>(i)], i) == i;
    // The child gets no descriptor that the test itself inherited. Best effort: Linux 5.11.
    (void)::close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    if (folder != nullptr) good = good && ::chdir(folder) == 0;
    for (const auto& [resource, limit] : limits)
        good = good && ::setrlimit(resource, &limit) == 0;
    if (good) ::execve(arguments[0], arguments, environment);
    const int error = errno;
    const ssize_t told = ::write(failure, &error, sizeof error);
    ::_exit(told == sizeof error ? 127 : 126);
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (std::string& text : strings)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
    std::vector<std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        const auto replaced = [&](const auto& item) { return item.first == name; };
        if (std::ranges::none_of(added, replaced)) environment.emplace_back(text);
    }
    for (const auto& [name, value] : added)
        environment.emplace_back(name).append("=").append(value);
    return environment;
}

}  // namespace

int signal_number(Signal signal) {
    switch (signal) {
        case Signal::kInterrupt:
            return SIGINT;
        case Signal::kTerminate:
            return SIGTERM;
        case Signal::kHangUp:
            return SIGHUP;
        case Signal::kKill:
            return SIGKILL;
        case Signal::kStop:
            return SIGSTOP;
        case Signal::kContinue:
            return SIGCONT;
    }
    return 0;
}

std::ostream& operator<<(std::ostream& stream, const Exit& how) {
    if (how.code) return stream << "exit code " << *how.code;
    return stream << "signal " << how.signal << " (" << ::strsignal(how.signal) << ")";
}

struct ChildProcess::Impl {
    pid_t process = -1;
    std::string command;
    Handle input;
    Handle output;
    Handle errors;
    Stream::Kind output_kind = Stream::Kind::kDefault;
    std::optional<Exit> end;
    std::uint64_t peak_resident_bytes = 0;

    void start(const Launch& launch);
    bool collect(int options);
    bool await(const Handle& handle, short events, const char* what);
    void kill();
};

void ChildProcess::Impl::start(const Launch& launch) {
    std::signal(SIGPIPE, SIG_IGN);  // the test must survive a child that stops reading
    Ends in = open_input(launch.input);
    Ends out = open_output(launch.output);
    Ends err = open_output(launch.errors);
    Pipe failure = make_pipe();
    std::vector<std::string> words = launch.arguments;
    words.insert(words.begin(), launch.program);
    for (const std::string& word : words)
        command.append(command.empty() ? "" : " ").append(word);
    std::vector<std::string> variables = environment_with(launch.environment);
    const std::vector<char*> arguments = pointers_to(words);
    const std::vector<char*> environment = pointers_to(variables);
    ChildSide side{
        .streams = {descriptor_of(in.child), descriptor_of(out.child), descriptor_of(err.child)},
        .folder = launch.folder.empty() ? nullptr : launch.folder.c_str(),
        .limits = {},
        .arguments = arguments.data(),
        .environment = environment.data(),
        .failure = descriptor_of(failure.in),
        .parent = ::getpid()};
    const auto limit = [&](Resource resource, const std::optional<std::uint64_t>& value) {
        if (value) side.limits.push_back({resource, {.rlim_cur = *value, .rlim_max = *value}});
    };
    limit(RLIMIT_FSIZE, launch.file_bytes_limit);
    limit(RLIMIT_NOFILE, launch.open_files_limit);
    limit(RLIMIT_AS, launch.address_bytes_limit);
    // Not fork(), which blocks page faults of this process while it copies its memory: another
    // thread of the test may be a camera that must not sleep.
    // NOLINTNEXTLINE(bugprone-unsafe-functions): posix_spawn() cannot set limits.
    const pid_t child = ::vfork();
    if (child < 0) give_up("vfork");
    // NOLINTNEXTLINE(clang-analyzer-unix.Vfork): changes only its own variables, never returns.
    if (child == 0) side.run();
    process = child;
    failure.in.close();
    int error = 0;
    if (::read(descriptor_of(failure.out), &error, sizeof error) > 0) {
        (void)collect(0);
        errno = error;
        give_up("cannot start " + command);
    }
    input = std::move(in.test);
    output = std::move(out.test);
    errors = std::move(err.test);
    output_kind = launch.output.kind;
}

// True when the end is known.
bool ChildProcess::Impl::collect(int options) {
    if (end) return true;
    int status = 0;
    rusage usage{};
    pid_t got = 0;
    do {
        got = ::wait4(process, &status, options, &usage);
    } while (got < 0 && errno == EINTR);
    if (got != process) return false;
    end = WIFEXITED(status) ? exited(WEXITSTATUS(status))
                            : Exit{.code = std::nullopt, .signal = WTERMSIG(status)};
    peak_resident_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    return true;
}

void ChildProcess::Impl::kill() {
    if (collect(WNOHANG)) return;
    ::kill(process, SIGKILL);
    (void)collect(0);
}

// Waits until the pipe is ready. When the watchdog bites: false, and the test fails.
bool ChildProcess::Impl::await(const Handle& handle, short events, const char* what) {
    const std::int64_t give_up_ms = now_ms() + kWatchdogMs;
    while (now_ms() < give_up_ms) {
        pollfd watched{.fd = descriptor_of(handle), .events = events, .revents = 0};
        const int ready = ::poll(&watched, 1, 1000);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) break;
    }
    ADD_FAILURE() << "cannot " << what << ": " << command << "\n" << read_from_start(errors);
    kill();
    return false;
}

ChildProcess::ChildProcess(const Launch& launch) : impl_(std::make_unique<Impl>()) {
    impl_->start(launch);
}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    if (this != &other) {
        if (impl_) impl_->kill();
        impl_ = std::move(other.impl_);
    }
    return *this;
}

ChildProcess::~ChildProcess() {
    if (impl_) impl_->kill();
}

bool ChildProcess::is_running() {
    return !impl_->collect(WNOHANG);
}

const Exit& ChildProcess::wait() {
    const std::int64_t give_up_ms = now_ms() + kWatchdogMs;
    while (!impl_->collect(WNOHANG)) {
        if (now_ms() >= give_up_ms) {
            ADD_FAILURE() << "hangs: " << command() << "\n" << errors();
            impl_->kill();
            break;
        }
        platform::sleep_us(kLookUs);  // between two looks
    }
    return *impl_->end;
}

void ChildProcess::send(Signal signal) {
    if (impl_->end) return;  // another process may have the number by now
    ::kill(impl_->process, signal_number(signal));
}

std::uint32_t ChildProcess::process_id() const {
    return static_cast<std::uint32_t>(impl_->process);
}

bool ChildProcess::write_input(std::span<const std::byte> bytes) {
    const int descriptor = descriptor_of(impl_->input);
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);  // only this end's file description
    while (!bytes.empty()) {
        const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
        if (put >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        } else if (errno == EAGAIN) {
            if (!impl_->await(impl_->input, POLLOUT, "write to")) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void ChildProcess::close_input() {
    impl_->input.close();
}

std::size_t ChildProcess::read_output(std::span<std::byte> target) {
    while (impl_->await(impl_->output, POLLIN, "read from")) {
        const ssize_t got = ::read(descriptor_of(impl_->output), target.data(), target.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) break;
    }
    return 0;
}

void ChildProcess::close_output() {
    impl_->output.close();
}

std::string ChildProcess::output() const {
    return impl_->output_kind == Stream::Kind::kDefault ? read_from_start(impl_->output) : "";
}

std::string ChildProcess::errors() const {
    return read_from_start(impl_->errors);
}

std::uint64_t ChildProcess::peak_resident_bytes() const {
    return impl_->peak_resident_bytes;
}

const std::string& ChildProcess::command() const {
    return impl_->command;
}

}  // namespace mapferry::testing

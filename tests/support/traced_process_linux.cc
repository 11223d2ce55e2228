// SPDX-License-Identifier: Apache-2.0
#include "support/traced_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <deque>
#include <optional>
#include <stdexcept>

#include "platform/clock.h"
#include "platform/handle.h"
#include "support/sanitizer.h"
#include "support/traced_registers_linux.h"

namespace mapferry::testing {

namespace {

using platform::Handle;

constexpr int kSystemCallStop = SIGTRAP | 0x80;
// The first system call of main(): it asks for SIGINT.
constexpr std::uint64_t kFirstNumber = SYS_rt_sigaction;
constexpr std::uint64_t kFirstArgument = SIGINT;

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

int descriptor_of(const Handle& handle) {
    return static_cast<int>(handle.get());
}

Handle make_memory_file(const char* name) {
    Handle handle(::memfd_create(name, MFD_CLOEXEC));
    if (!handle.valid()) give_up("memfd_create");
    return handle;
}

std::string text_in(const Handle& handle) {
    std::string text;
    std::array<char, 4096> piece{};
    while (true) {
        const ssize_t got = ::pread(descriptor_of(handle), piece.data(), piece.size(),
                                    static_cast<off_t>(text.size()));
        if (got <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (std::string& text : strings)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

struct TracedThread {
    pid_t id = 0;
    bool started = false;                   // the first stop only marks the start
    std::optional<long long> pending = {};  // the result that the current call will return
    bool kill_at_exit = false;
};

// SIGCHLD reports that the child stopped. The tracer waits for it with a time limit, so no handler
// may take it.
class ChildNews {
  public:
    ChildNews() {
        sigemptyset(&news_);
        sigaddset(&news_, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &news_, &before_);
    }
    ~ChildNews() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
    ChildNews(const ChildNews&) = delete;
    ChildNews& operator=(const ChildNews&) = delete;

    [[nodiscard]] const sigset_t& before() const { return before_; }
    // The next stop or end of one of the child's threads; null when the watchdog bites. Waits for
    // each thread by its number, because the process has other children.
    [[nodiscard]] TracedThread* wait_for(std::deque<TracedThread>& threads, int& status,
                                         std::int64_t give_up_ns) const {
        while (true) {
            for (TracedThread& thread : threads) {
                const pid_t got = ::waitpid(thread.id, &status, WNOHANG | __WALL);
                if (got == thread.id) return &thread;
                if (got < 0 && errno != EINTR) give_up("waitpid");
            }
            if (platform::monotonic_ns() > give_up_ns) return nullptr;
            const timespec most{.tv_sec = 1, .tv_nsec = 0};
            ::sigtimedwait(&news_, nullptr, &most);
        }
    }

  private:
    sigset_t news_{};
    sigset_t before_{};
};

class Tracer {
  public:
    Tracer(const Launch& launch, const Intervention& what)
        : what_(what), output_(make_memory_file("output")), errors_(make_memory_file("errors")) {
        result_.command = launch.program;
        for (const std::string& word : launch.arguments)
            result_.command.append(" ").append(word);
        start(launch);
    }
    Traced run();

  private:
    void start(const Launch& launch);
    [[noreturn]] void run_child(char* const* arguments, char* const* environment,
                                const char* folder) const;
    // Handles a stop; returns the signal to continue with.
    int attend(TracedThread& thread, int status);
    void at_entry(TracedThread& thread, const __ptrace_syscall_info& info);
    void at_exit(TracedThread& thread) const;
    void intervene(TracedThread& thread, const __ptrace_syscall_info& info);
    void kill() const { ::kill(child_, SIGKILL); }
    // Removes a thread that has ended; true when the process has ended.
    bool forget(const TracedThread& thread, int status);
    [[nodiscard]] bool is_refused(const __ptrace_syscall_info& info) const;
    [[nodiscard]] bool is_met(const __ptrace_syscall_info& info) const;
    // Replaces the call by one that does not exist, and makes it return `error`.
    static void refuse(TracedThread& thread, const __ptrace_syscall_info& info, int error);

    Intervention what_;
    Traced result_;
    Handle output_;
    Handle errors_;
    ChildNews news_;
    pid_t child_ = 0;
    std::deque<TracedThread> threads_;  // a deque, so that its elements stay in place
    bool in_main_ = false;
    bool threaded_ = false;  // the process has, or had, more than one thread
};

void Tracer::run_child(char* const* arguments, char* const* environment, const char* folder) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::sigprocmask(SIG_SETMASK, &news_.before(), nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    const int empty = ::open("/dev/null", O_RDONLY);
    bool good = empty >= 0 && ::dup2(empty, 0) == 0 && ::dup2(descriptor_of(output_), 1) == 1 &&
                ::dup2(descriptor_of(errors_), 2) == 2;
    (void)::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    if (folder != nullptr) good = good && ::chdir(folder) == 0;
    if (good && ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0)
        ::execve(arguments[0], arguments, environment);
    ::_exit(127);
}

void Tracer::start(const Launch& launch) {
    std::vector<std::string> words = launch.arguments;
    words.insert(words.begin(), launch.program);
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry)
        variables.emplace_back(*entry);
    for (const auto& [name, value] : launch.environment)
        variables.emplace_back(name).append("=").append(value);
    const std::vector<char*> arguments = pointers_to(words);
    const std::vector<char*> environment = pointers_to(variables);
    child_ = ::fork();
    if (child_ < 0) give_up("fork");
    if (child_ == 0)
        run_child(arguments.data(), environment.data(),
                  launch.folder.empty() ? nullptr : launch.folder.c_str());
}

Traced Tracer::run() {
    const std::int64_t give_up_ns = platform::monotonic_ns() + kWatchdogMs * 1'000'000;
    threads_.push_back({.id = child_});
    while (true) {
        int status = 0;
        TracedThread* thread = news_.wait_for(threads_, status, give_up_ns);
        if (thread == nullptr) {
            result_.hung = true;
            kill();
            thread = news_.wait_for(threads_, status, platform::monotonic_ns() + 10'000'000'000);
            if (thread == nullptr) throw std::runtime_error("a traced process cannot be killed");
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (forget(*thread, status)) break;
            continue;
        }
        const int signal = attend(*thread, status);
        ::ptrace(PTRACE_SYSCALL, thread->id, nullptr, signal);
    }
    result_.output = text_in(output_);
    result_.errors = text_in(errors_);
    return std::move(result_);
}

bool Tracer::forget(const TracedThread& thread, int status) {
    const pid_t id = thread.id;
    std::erase_if(threads_, [id](const TracedThread& one) { return one.id == id; });
    if (id != child_) return false;  // the process itself is reported last
    result_.exit = WIFEXITED(status) ? exited(WEXITSTATUS(status))
                                     : Exit{.code = std::nullopt, .signal = WTERMSIG(status)};
    return true;
}

int Tracer::attend(TracedThread& thread, int status) {
    if (!thread.started) {  // the process is at its execve, a thread at its first instruction
        thread.started = true;
        if (thread.id == child_)
            ::ptrace(PTRACE_SETOPTIONS, child_, nullptr,
                     PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE);
        return 0;
    }
    if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_CLONE << 8))) {
        unsigned long id = 0;
        if (::ptrace(PTRACE_GETEVENTMSG, thread.id, nullptr, &id) == 0)
            threads_.push_back({.id = static_cast<pid_t>(id)});
        threaded_ = true;
        return 0;
    }
    const int signal = WSTOPSIG(status);
    if (signal != kSystemCallStop) return signal;
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread.id, sizeof info, &info) <= 0)
        return 0;  // killed in the meantime
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        at_entry(thread, info);
    else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
        at_exit(thread);
    return 0;
}

bool Tracer::is_refused(const __ptrace_syscall_info& info) const {
    return what_.no_nameless_files && info.entry.nr == SYS_openat &&
           (info.entry.args[2] & O_TMPFILE) == O_TMPFILE;
}

// Whether the newest call is the chosen one and the kind of intervention fits it.
bool Tracer::is_met(const __ptrace_syscall_info& info) const {
    const SystemCall& call = result_.calls.back();
    if (what_.kind == Intervention::Kind::kNone || result_.calls.size() - 1 != what_.call)
        return false;
    if (what_.kind == Intervention::Kind::kShorten)
        return may_be_short(call) && info.entry.args[2] > what_.most_bytes;
    if (what_.kind != Intervention::Kind::kFail) return true;
    // In a process with threads, the C library starts them with rseq and joins them with futexes.
    // It ends the process when such a call fails.
    const bool is_librarys = call.number == SYS_rseq || (call.number == SYS_futex && threaded_);
    return !is_end(call) && !is_librarys;
}

void Tracer::at_entry(TracedThread& thread, const __ptrace_syscall_info& info) {
    in_main_ = in_main_ || (info.entry.nr == kFirstNumber && info.entry.args[0] == kFirstArgument);
    if (!in_main_) return;
    result_.calls.push_back({.number = info.entry.nr,
                             .first_argument = info.entry.args[0],
                             .third_argument = info.entry.args[2]});
    if (is_refused(info)) refuse(thread, info, EOPNOTSUPP);
    if (!is_met(info)) return;
    result_.intervened = true;
    intervene(thread, info);
}

void Tracer::intervene(TracedThread& thread, const __ptrace_syscall_info& info) {
    switch (what_.kind) {
        case Intervention::Kind::kKillBefore:
            kill();
            break;
        case Intervention::Kind::kKillAfter:
            thread.kill_at_exit = true;
            break;
        case Intervention::Kind::kFail:
            refuse(thread, info, what_.error);
            break;
        case Intervention::Kind::kShorten:
            set_third_argument(thread.id, what_.most_bytes);
            break;
        case Intervention::Kind::kNone:
            break;
    }
}

void Tracer::at_exit(TracedThread& thread) const {
    if (thread.pending) {
        set_result(thread.id, *thread.pending);
        thread.pending.reset();
    }
    if (thread.kill_at_exit) kill();
    thread.kill_at_exit = false;
}

void Tracer::refuse(TracedThread& thread, const __ptrace_syscall_info& info, int error) {
    cancel_call(thread.id);
    // A failed brk returns no error, but an end of the heap other than the requested one.
    thread.pending = info.entry.nr == SYS_brk ? 0 : -static_cast<long long>(error);
}

}  // namespace

bool can_trace() {
    if (kSanitized) return false;  // the leak sanitizer does not work under a tracer
    const pid_t child = ::fork();
    if (child < 0) return false;
    if (child == 0) ::_exit(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Traced run_traced(const Launch& launch, const Intervention& what) {
    return Tracer(launch, what).run();
}

bool may_be_interrupted(const SystemCall& call) {
    switch (call.number) {
        case SYS_read:
        case SYS_write:
        case SYS_pread64:
        case SYS_pwrite64:
        case SYS_futex:
#ifdef SYS_poll  // Arm64 has none
        case SYS_poll:
#endif
        case SYS_ppoll:
        case SYS_clock_nanosleep:
        case SYS_nanosleep:
        case SYS_fallocate:
        case SYS_ftruncate:
        case SYS_fsync:
        case SYS_fdatasync:
        case SYS_sendto:
            return true;
        default:
            return false;
    }
}

bool may_be_short(const SystemCall& call) {
    const bool moves_bytes = call.number == SYS_read || call.number == SYS_write ||
                             call.number == SYS_pread64 || call.number == SYS_pwrite64;
    return moves_bytes && call.third_argument > 1;
}

bool speaks(const SystemCall& call) {
    return call.number == SYS_write && call.first_argument <= STDERR_FILENO;
}

bool is_end(const SystemCall& call) {
    return call.number == SYS_exit_group || call.number == SYS_exit;
}

}  // namespace mapferry::testing

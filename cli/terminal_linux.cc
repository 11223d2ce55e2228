// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <initializer_list>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/terminal.h"

namespace mapferry::cli {

namespace {

std::atomic<int> caught_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may not lock");

std::atomic<std::int64_t> first_signal_ms{0};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

// Signals within this time are one request to end: `timeout` sends its signal to the program and
// then to the program's group, and the kernel reports a parent's death once for each of the
// parent's threads.
constexpr std::int64_t kOneRequestMs = 300;

std::int64_t monotonic_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 + 1;  // never 0
}

void note_signal(int number) {
    const int error = errno;
    const std::int64_t now_ms = monotonic_ms();
    std::int64_t first_ms = 0;
    // relaxed, all: the flag alone is the message, and it goes to this process's own threads
    if (first_signal_ms.compare_exchange_strong(first_ms, now_ms, std::memory_order_relaxed)) {
        caught_signal.store(number, std::memory_order_relaxed);
    } else if (now_ms - first_ms >= kOneRequestMs) {
        // The signal is blocked until this handler returns. Then it ends the process.
        std::signal(number, SIG_DFL);
        ::raise(number);
    }
    errno = error;
}

// A process that is started with a signal ignored (nohup) keeps ignoring it.
void catch_unless_ignored(int signal) {
    struct sigaction old{};
    sigaction(signal, nullptr, &old);
    if (old.sa_handler == SIG_IGN) return;
    struct sigaction action{};
    action.sa_handler = note_signal;  // no SA_RESTART: a signal ends waits
    sigaction(signal, &action, nullptr);
}

// When `number` is closed, opens a descriptor there that fails when the stream is used. REQUIRES:
// the lower numbers are open.
void take_place(int number, int flags) {
    if (fcntl(number, F_GETFD) >= 0) return;
    // Without /dev, a descriptor of a path alone fails in the same way.
    if (open("/dev/null", flags) < 0) (void)open("/", O_PATH);
}

}  // namespace

std::vector<std::string> utf8_arguments(int argc, char** argv) {
    return {argv + std::min(argc, 1), argv + argc};
}

void prepare_streams() {
    take_place(STDIN_FILENO, O_WRONLY);
    take_place(STDOUT_FILENO, O_RDONLY);
    take_place(STDERR_FILENO, O_RDONLY);
}

Result<void> write_errors(const std::string& text) {
    const bool written = std::fwrite(text.data(), 1, text.size(), stderr) == text.size();
    if (std::fflush(stderr) == 0 && written) return {};
    return std::unexpected(Status{Code::kIo, "cannot write standard error", {}, errno});
}

bool stdout_is_terminal() {
    return isatty(STDOUT_FILENO) == 1;
}

bool stderr_is_terminal() {
    return isatty(STDERR_FILENO) == 1;
}

int terminal_columns() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

const std::atomic<int>& catch_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        catch_unless_ignored(signal);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    return caught_signal;
}

const std::atomic<int>& signal_flag() {
    return caught_signal;
}

void end_by_signal(int signal) {
    std::signal(signal, SIG_DFL);
    sigset_t all;
    sigemptyset(&all);
    sigaddset(&all, signal);
    sigprocmask(SIG_UNBLOCK, &all, nullptr);
    raise(signal);
    std::_Exit(128 + signal);  // not reached: the default action ends the process
}

}  // namespace mapferry::cli

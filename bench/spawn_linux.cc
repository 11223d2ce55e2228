// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "bench/give_up.h"
#include "bench/spawn.h"

extern char** environ;

namespace mapferry::bench {

namespace {

// Above every number that a started program uses, so that a descriptor that moves to its place
// there never replaces another one.
constexpr int kLowestOwnDescriptor = 100;
constexpr int k1MiBPipe = 1 << 20;  // the maximum for an ordinary user
// The time that the partners of a failed process have to notice the failure.
constexpr std::chrono::milliseconds kTryEvery{10};
constexpr int kTriesAfterFailure = 300;

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (const std::string& word : words)
        pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

pid_t spawn(const Command& command, int errors) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (const auto& [theirs, ours] : command.descriptors)
        ::posix_spawn_file_actions_adddup2(&actions, ours, theirs);
    if (errors >= 0) ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    const auto words = pointers_to(command.words);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0 ? child : -1;
}

pid_t fork_and_run(const Command& command, int errors) {
    const auto words = pointers_to(command.words);
    const pid_t child = ::fork();
    if (child != 0) return child;
    for (const auto& [theirs, ours] : command.descriptors)
        ::dup2(ours, theirs);
    if (errors >= 0) ::dup2(errors, STDERR_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void give_up_for_errno(const std::string& what) {
    give_up(what + ": " + std::strerror(errno));
}

Descriptor::Descriptor(int native, const std::string& what) {
    if (native < 0) give_up_for_errno(what);
    native_ = ::fcntl(native, F_DUPFD_CLOEXEC, kLowestOwnDescriptor);
    if (native_ < 0) give_up_for_errno(what);
    ::close(native);
}

void Descriptor::close() {
    if (native_ >= 0) ::close(native_);
    native_ = -1;
}

Channel make_pipe(PipeSize size) {
    std::array<int, 2> ends = {-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up_for_errno("pipe");
    if (size == PipeSize::k1MiB && ::fcntl(ends[0], F_SETPIPE_SZ, k1MiBPipe) < 0)
        give_up_for_errno("F_SETPIPE_SZ");
    return {.from = Descriptor(ends[0], "pipe"), .to = Descriptor(ends[1], "pipe")};
}

Channel make_socket(SocketKind kind) {
    std::array<int, 2> ends = {-1, -1};
    const int type = kind == SocketKind::kStream ? SOCK_STREAM : SOCK_SEQPACKET;
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0)
        give_up_for_errno("socketpair");
    return {.from = Descriptor(ends[0], "socket"), .to = Descriptor(ends[1], "socket")};
}

Descriptor open_file(const std::string& path, OpenFor purpose) {
    int flags = O_RDONLY;
    if (purpose == OpenFor::kOverwriting) flags = O_WRONLY;
    if (purpose == OpenFor::kCreating) flags = O_WRONLY | O_CREAT | O_TRUNC;
    return {::open(path.c_str(), flags | O_CLOEXEC, 0600), path};
}

ProcessGroup::~ProcessGroup() {
    for (const Process& process : running_) {
        ::kill(process.id, SIGKILL);
        ::waitpid(process.id, nullptr, 0);
    }
}

void ProcessGroup::start(const Command& command) {
    Descriptor hidden;
    if (errors_ == Errors::kHide) hidden = open_file("/dev/null", OpenFor::kOverwriting);
    const pid_t child = start_ == Start::kSpawn ? spawn(command, hidden.get())
                                                : fork_and_run(command, hidden.get());
    if (child < 0) give_up_for_errno(command.words[0]);
    running_.push_back({.id = child, .name = command.words[0]});
}

void ProcessGroup::note(int id, int status, std::uint64_t peak_bytes) {
    const auto process = std::ranges::find(running_, id, &Process::id);
    if (process == running_.end()) return;
    const int code = exit_code_of(status);
    ending_.peak_bytes += peak_bytes;
    if (code != 0 && (ending_.exit_code == 0 || code == kWrongBytes)) {
        ending_.exit_code = code;
        ending_.who = process->name;
    }
    running_.erase(process);
}

Ending ProcessGroup::wait() {
    int tries_left = kTriesAfterFailure;
    while (!running_.empty()) {
        const bool is_failed = ending_.exit_code != 0;
        int status = 0;
        rusage usage{};
        const pid_t ended = ::wait4(-1, &status, is_failed ? WNOHANG : 0, &usage);
        if (ended < 0) give_up_for_errno("wait4");
        if (ended > 0) note(ended, status, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024);
        if (ended > 0 || !is_failed) continue;
        if (--tries_left == 0)
            for (const Process& process : running_)
                ::kill(process.id, SIGKILL);
        std::this_thread::sleep_for(kTryEvery);
    }
    return ending_;
}

}  // namespace mapferry::bench

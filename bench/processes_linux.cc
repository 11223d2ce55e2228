// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include "bench/frame_way.h"
#include "bench/processes.h"

namespace mapferry::bench {

namespace {

[[noreturn]] void give_up_for_errno(const std::string& what) {
    give_up(what + ": " + std::strerror(errno));
}

[[noreturn]] void become(const std::vector<std::string>& arguments, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    std::vector<char*> words = {const_cast<char*>("bench")};
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execv("/proc/self/exe", words.data());
    ::_exit(127);
}

}  // namespace

RoleProcess::RoleProcess(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up_for_errno("pipe");
    const pid_t child = ::fork();
    if (child < 0) give_up_for_errno("fork");
    if (child == 0) become(arguments, ends[1]);
    ::close(ends[1]);
    process_ = child;
    output_ = ends[0];
}

RoleProcess::~RoleProcess() {
    if (process_ > 0) {
        ::kill(static_cast<pid_t>(process_), SIGKILL);
        ::waitpid(static_cast<pid_t>(process_), nullptr, 0);
    }
    ::close(output_);
}

bool RoleProcess::read_some() {
    std::array<char, 65536> piece{};
    const ssize_t got = ::read(output_, piece.data(), piece.size());
    if (got < 0) give_up_for_errno("read");
    printed_.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0;
}

int RoleProcess::exit_code() {
    int status = 0;
    if (::waitpid(static_cast<pid_t>(process_), &status, 0) < 0) give_up_for_errno("waitpid");
    process_ = 0;
    if (!WIFEXITED(status)) give_up("a process of the benchmark was killed");
    return WEXITSTATUS(status);
}

int RoleProcess::wait_for(std::vector<RoleProcess*> processes) {
    while (!processes.empty()) {
        std::vector<pollfd> outputs;
        for (const RoleProcess* one : processes)
            outputs.push_back({.fd = one->output_, .events = POLLIN, .revents = 0});
        if (::poll(outputs.data(), outputs.size(), -1) < 0) give_up_for_errno("poll");
        std::vector<RoleProcess*> running;
        for (std::size_t i = 0; i < processes.size(); ++i) {
            if (outputs[i].revents == 0 || processes[i]->read_some()) {
                running.push_back(processes[i]);
            } else if (const int code = processes[i]->exit_code(); code != 0) {
                return code;
            }
        }
        processes = std::move(running);
    }
    return 0;
}

void become_program(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const std::string& word : words)
        pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    ::execv(pointers.front(), pointers.data());
    give_up_for_errno(words.front());
}

void stay_on(Processor processor) {
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
        give_up_for_errno("sched_getaffinity");
    int skip = processor == Processor::kSecond && CPU_COUNT(&allowed) > 1 ? 1 : 0;
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
        if (!CPU_ISSET(i, &allowed) || skip-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(i, &one);
        if (::sched_setaffinity(0, sizeof(one), &one) != 0) give_up_for_errno("sched_setaffinity");
        return;
    }
}

Progress::Progress(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) give_up_for_errno(path);
    if (::ftruncate(descriptor, sizeof(Shared)) != 0) give_up_for_errno(path);
    void* const mapped =
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) give_up_for_errno(path);
    ::close(descriptor);
    shared_ = static_cast<Shared*>(mapped);
}

Progress::~Progress() {
    ::munmap(shared_, sizeof(Shared));
}

std::uint64_t Progress::done() const {
    // acquire: partner is the store in set_done(), after the receiver's last look at the frame
    return std::atomic_ref(shared_->done).load(std::memory_order_acquire);
}

void Progress::set_done(std::uint64_t frames) {
    // release: partner is the load in done()
    std::atomic_ref(shared_->done).store(frames, std::memory_order_release);
}

std::int64_t Progress::sent_ns() const {
    // relaxed: the frame that arrived proves that the store in set_sent_ns() was before
    return std::atomic_ref(shared_->sent_ns).load(std::memory_order_relaxed);
}

void Progress::set_sent_ns(std::int64_t ns) {
    // relaxed: partner is the load in sent_ns(); the frame is published after this store
    std::atomic_ref(shared_->sent_ns).store(ns, std::memory_order_relaxed);
}

BenchFolder::BenchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mapferry-bench.XXXXXX");
    if (::mkdtemp(pattern.data()) == nullptr) give_up_for_errno(pattern);
    path_ = pattern;
}

BenchFolder::~BenchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace mapferry::bench

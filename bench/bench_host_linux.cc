// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <mqueue.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "bench/give_up.h"
#include "bench/spawn.h"

namespace mapferry::bench {

bool has_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
    const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
    return false;
}

bool can_queue_messages() {
    const std::string channel = fmt::format("/mapferry-bench-{}", ::getpid());
    mq_attr attributes = {};
    attributes.mq_maxmsg = 10;
    attributes.mq_msgsize = 4104;
    const mqd_t queue = ::mq_open(channel.c_str(), O_RDWR | O_CREAT, 0600, &attributes);
    if (queue < 0) return false;
    ::mq_close(queue);
    return ::mq_unlink(channel.c_str()) == 0;
}

void remove_channel(const std::string& channel) {
    ::mq_unlink(("/" + channel).c_str());
    ::shm_unlink(channel.c_str());
    ::shm_unlink(("/mapferry." + channel).c_str());
}

// After an interrupt every wait ends with EINTR, and EINTR ends in give_up().
void clean_up_when_interrupted() {
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        ::sigaction(signal, &action, nullptr);
}

bool has_option(const std::string& program, const std::string& option) {
    if (!has_program(program)) give_up("not built: " + program);
    Channel output = make_pipe();
    ProcessGroup group(Start::kSpawn, Errors::kShow);
    group.start({.words = {program, "--help"}, .descriptors = {{1, output.to.get()}}});
    output.to.close();
    std::string help;
    std::array<char, 4096> piece = {};
    for (ssize_t got = 0; (got = ::read(output.from.get(), piece.data(), piece.size())) > 0;)
        help.append(piece.data(), static_cast<std::size_t>(got));
    return group.wait().exit_code == 0 && help.find(option) != std::string::npos;
}

}  // namespace mapferry::bench

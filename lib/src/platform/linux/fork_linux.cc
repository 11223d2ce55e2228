// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/fork_linux.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "platform/clock.h"

namespace mapferry::inline v1::platform {

namespace {

std::atomic<std::uint32_t> forks{0};

struct Withheld {
    std::mutex mutex;  // held over a fork, so that the child finds the list whole
    std::vector<int> descriptors;
};

// Never destroyed, because objects of the program may live longer than this file's.
Withheld& withheld() {
    static Withheld& list = *new Withheld;
    return list;
}

void before_fork() {
    withheld().mutex.lock();
}

void after_fork_in_parent() {
    withheld().mutex.unlock();
}

// Makes only calls that a signal handler may make, and allocates no memory.
void after_fork_in_child() {
    // relaxed, like the load in fork_count(): a child begins with one thread, which runs after this
    forks.fetch_add(1, std::memory_order_relaxed);
    const int placeholder = ::open("/", O_PATH | O_CLOEXEC);
    // The placeholder replaces the parent's open file under each number. So the child holds no copy
    // of a lock, and closing the number later does no harm.
    for (const int descriptor : withheld().descriptors)
        if (placeholder >= 0) ::dup3(placeholder, descriptor, O_CLOEXEC);
    if (placeholder >= 0) ::close(placeholder);
    withheld().descriptors.clear();
    withheld().mutex.unlock();
}

bool follows_forks() {
    static const bool followed =
        ::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
    return followed;
}

}  // namespace

std::uint32_t fork_count() {
    // relaxed, like the addition in after_fork_in_child(). Without memory for a handler the process
    // id stands in: it differs in a child too, and only takes longer.
    return follows_forks() ? forks.load(std::memory_order_relaxed) : process_id();
}

void withhold_from_children(int descriptor) {
    if (!follows_forks()) return;
    const std::lock_guard lock(withheld().mutex);
    withheld().descriptors.push_back(descriptor);
}

void forget_withheld(int descriptor) {
    const std::lock_guard lock(withheld().mutex);
    std::vector<int>& all = withheld().descriptors;
    const auto found = std::ranges::find(all, descriptor);
    if (found == all.end()) return;
    *found = all.back();
    all.pop_back();
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/fork_linux.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "platform/clock.h"

namespace mapferry::inline v1::platform {

namespace {

std::atomic<std::uint32_t> forks{0};

struct Withheld {
    std::mutex mutex;  // held over a fork, so that the child finds the list whole and true
    std::vector<int> descriptors;
};

// How many ForksHeldOff this thread has.
thread_local int held_off = 0;

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

ForksHeldOff::ForksHeldOff() {
    if (held_off++ != 0) return;
    (void)follows_forks();  // before the lock: pthread_atfork() waits for a fork in progress
    withheld().mutex.lock();
}

ForksHeldOff::~ForksHeldOff() {
    if (--held_off == 0) withheld().mutex.unlock();
}

void make_room_to_withhold() {
    std::vector<int>& all = withheld().descriptors;
    // Doubled, as push_back() would: reserve() alone takes exactly what it is asked for.
    if (all.size() == all.capacity()) all.reserve(std::max<std::size_t>(16, 2 * all.size()));
}

void withhold(int descriptor) {
    if (follows_forks()) withheld().descriptors.push_back(descriptor);
}

int close_own(int descriptor) {
    std::optional<ForksHeldOff> held(std::in_place);
    std::vector<int>& all = withheld().descriptors;
    const auto found = std::ranges::find(all, descriptor);
    if (found == all.end()) {
        held.reset();  // it holds no lock, and to close it may take long
    } else {
        *found = all.back();
        all.pop_back();
    }
    return ::close(descriptor);
}

}  // namespace mapferry::inline v1::platform

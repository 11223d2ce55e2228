// SPDX-License-Identifier: Apache-2.0
// A library to preload: the wall clock jumps an hour forward or back at each reading. The library
// creates the file of MAPFERRY_TEST_CLOCK_MARK to show that it was loaded.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>

namespace {

constexpr time_t kJumpS = 3600;

[[gnu::constructor]] void leave_mark() {
    const char* const path = std::getenv("MAPFERRY_TEST_CLOCK_MARK");
    if (path != nullptr) ::close(::open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

time_t jump_s() {
    static std::atomic<unsigned> looks = 0;
    // relaxed: any order of the readings will do
    return (looks.fetch_add(1, std::memory_order_relaxed) % 2 == 0 ? 1 : -1) * kJumpS;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
    using Function = int (*)(clockid_t, timespec*);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "clock_gettime"));
    const int result = real(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += jump_s();
    return result;
}

// SPDX-License-Identifier: Apache-2.0
// The cost of informing another process: one that sleeps on a bell, as readers do, and one that
// spins.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "bench/frame_content.h"
#include "bench/processes.h"
#include "bench/quantiles.h"
#include "bench/spawn.h"
#include "bench/stage.h"
#include "format/shared_access.h"
#include "platform/wake.h"

namespace mapferry::bench {

namespace {

constexpr std::uint32_t kTurns = 200;
constexpr std::int64_t kAsleepUs = 300;  // a process that sleeps has fallen asleep by then
constexpr std::int64_t kAwakeNs = 100'000;
constexpr std::int64_t kSleepMs = 1000;

enum class Waiting : std::uint8_t { kSleeps, kSpins };

// The memory that both processes share.
struct Shared {
    std::uint32_t word = 0;  // the number of the turn
    std::uint32_t done = 0;  // the last turn that the other process saw
    std::int64_t rung_ns = 0;
    std::int64_t took_ns[kTurns] = {};
};

class SharedPage {
  public:
    SharedPage()
        : page_(static_cast<Shared*>(::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                                            MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
        if (page_ == MAP_FAILED) give_up_for_errno("mmap");
    }
    ~SharedPage() { ::munmap(page_, sizeof(Shared)); }
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;
    [[nodiscard]] Shared& get() const { return *page_; }

  private:
    Shared* page_;
};

// The work of the other process.
[[noreturn]] void wait_for_turns(Shared& shared, Waiting waiting) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    stay_on(Processor::kSecond);
    for (std::uint32_t turn = 1; turn <= kTurns; ++turn) {
        std::uint32_t seen = 0;
        // acquire: partner is the store in ring_turns()
        while ((seen = shared::load(shared.word, std::memory_order_acquire)) < turn) {
            if (waiting == Waiting::kSleeps) platform::sleep_on(shared.word, seen, kSleepMs);
        }
        shared.took_ns[turn - 1] = now_ns() - shared.rung_ns;
        // release: partner is the load in ring_turns()
        shared::store(shared.done, turn, std::memory_order_release);
    }
    ::_exit(0);
}

// The cost of ringing, in us for each turn.
Samples ring_turns(Shared& shared) {
    Samples ring_us;
    for (std::uint32_t turn = 1; turn <= kTurns; ++turn) {
        // acquire: partner is the store in wait_for_turns()
        while (shared::load(shared.done, std::memory_order_acquire) + 1 < turn) {
        }
        std::this_thread::sleep_for(std::chrono::microseconds(kAsleepUs));
        const std::int64_t woke_ns = now_ns();
        while (now_ns() - woke_ns < kAwakeNs) {
        }
        shared.rung_ns = now_ns();
        // release: partner is the load in wait_for_turns()
        shared::store(shared.word, turn, std::memory_order_release);
        platform::ring(shared.word, turn - 1);
        ring_us.push_back(static_cast<double>(now_ns() - shared.rung_ns) / 1e3);
    }
    return ring_us;
}

struct Costs {
    double arrival_us = 0;  // until the other process continues
    double ring_us = 0;     // for the process that rings
};

Costs run_turns(Waiting waiting) {
    const SharedPage page;
    const pid_t child = ::fork();
    if (child < 0) give_up_for_errno("fork");
    if (child == 0) wait_for_turns(page.get(), waiting);
    const Samples ring_us = ring_turns(page.get());
    int status = 0;
    if (::waitpid(child, &status, 0) < 0 || status != 0) give_up_for_errno("waitpid");
    Samples arrival_us;
    for (const std::int64_t ns : page.get().took_ns)
        arrival_us.push_back(static_cast<double>(ns) / 1e3);
    return {.arrival_us = median(arrival_us), .ring_us = median(ring_us)};
}

}  // namespace

void add_wake_stages(std::vector<Stage>& stages) {
    const auto add = [&](const char* way, std::function<double()> measure) {
        stages.push_back({.case_name = "waking another process",
                          .way = way,
                          .unit = "us",
                          .measure = std::move(measure)});
    };
    add("a sleeping one, until it runs", [] { return run_turns(Waiting::kSleeps).arrival_us; });
    add("a sleeping one, time of the waker", [] { return run_turns(Waiting::kSleeps).ring_us; });
    add("a spinning one, until it runs", [] { return run_turns(Waiting::kSpins).arrival_us; });
}

}  // namespace mapferry::bench

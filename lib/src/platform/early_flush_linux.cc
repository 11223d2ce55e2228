#include "platform/early_flush_linux.h"

#include <fcntl.h>

#include <system_error>

namespace mapferry::platform {

namespace {

constexpr std::uint64_t kStepBytes = std::uint64_t{32} << 20;
constexpr std::uint64_t kEndBit = 1;  // kStepBytes is even

}  // namespace

EarlyFlush::~EarlyFlush() {
    if (!thread_.joinable()) return;
    // relaxed: there is nothing to come with the bit; partner is the load in run()
    ready_.fetch_or(kEndBit, std::memory_order_relaxed);
    ready_.notify_one();
    thread_.join();
}

void EarlyFlush::add(int descriptor, std::uint64_t bytes) noexcept {
    const std::uint64_t before = written_ / kStepBytes;
    written_ += bytes;
    const std::uint64_t steps = written_ / kStepBytes;
    if (steps == before) return;
    // relaxed: the system orders its own view of the file; partner is the load in run()
    ready_.store(steps * kStepBytes, std::memory_order_relaxed);
    if (thread_.joinable()) {
        ready_.notify_one();
        return;
    }
    if (tried_) return;
    tried_ = true;
    try {
        thread_ = std::thread([this, descriptor] { run(descriptor); });
    } catch (const std::exception&) {  // no thread is to be had: it only takes longer
    }
}

void EarlyFlush::run(int descriptor) noexcept {
    std::uint64_t flushed = 0;
    while (true) {
        // relaxed: partners are the stores in add() and ~EarlyFlush
        const std::uint64_t ready = ready_.load(std::memory_order_relaxed);
        if ((ready & kEndBit) != 0) return;
        if (ready == flushed) {
            ready_.wait(ready, std::memory_order_relaxed);
            continue;
        }
        // Without the flags that wait, no error of the disk is looked at, let alone taken away.
        ::sync_file_range(descriptor, static_cast<off_t>(flushed), static_cast<off_t>(kStepBytes),
                          SYNC_FILE_RANGE_WRITE);
        flushed += kStepBytes;
    }
}

}  // namespace mapferry::platform

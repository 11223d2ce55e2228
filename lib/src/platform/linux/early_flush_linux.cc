// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/early_flush_linux.h"

#include <fcntl.h>

#include "platform/spare_thread.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kStepBytes = std::uint64_t{32} << 20;

}  // namespace

EarlyFlush::~EarlyFlush() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void EarlyFlush::add(int descriptor, std::uint64_t bytes) noexcept {
    const std::uint64_t before = written_ / kStepBytes;
    written_ += bytes;
    const std::uint64_t steps = written_ / kStepBytes;
    if (steps == before) return;
    {
        const std::lock_guard lock(mutex_);
        ready_ = steps * kStepBytes;
    }
    if (thread_.joinable()) {
        changed_.notify_one();
        return;
    }
    if (tried_) return;
    tried_ = true;
    // Without the thread it only takes longer.
    thread_ = spare_thread([this, descriptor] { run(descriptor); });
}

void EarlyFlush::run(int descriptor) noexcept {
    std::uint64_t flushed = 0;
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return ending_ || ready_ != flushed; });
        if (ending_) return;
        lock.unlock();
        // Without the flags that wait, this call neither reports nor clears an error of the disk.
        ::sync_file_range(descriptor, static_cast<off_t>(flushed), static_cast<off_t>(kStepBytes),
                          SYNC_FILE_RANGE_WRITE);
        flushed += kStepBytes;
        lock.lock();
    }
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/early_flush_linux.h"

#include <fcntl.h>

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kStepBytes = std::uint64_t{32} << 20;

}  // namespace

void EarlyFlush::add(int descriptor, std::uint64_t bytes) noexcept {
    const std::uint64_t before = written_ / kStepBytes;
    written_ += bytes;
    const std::uint64_t steps = written_ / kStepBytes;
    if (steps == before) return;
    {
        const auto lock = thread_.lock();
        ready_ = steps * kStepBytes;
    }
    if (thread_.is_running()) return thread_.wake();
    if (tried_) return;
    tried_ = true;
    // Without the thread it only takes longer.
    (void)thread_.start([this, descriptor](WorkerThread::Lock& lock) { run(descriptor, lock); });
}

void EarlyFlush::run(int descriptor, WorkerThread::Lock& lock) noexcept {
    std::uint64_t flushed = 0;
    while (thread_.wait(lock, [&] { return ready_ != flushed; })) {
        lock.unlock();
        // Without the flags that wait, this call neither reports nor clears an error of the disk.
        ::sync_file_range(descriptor, static_cast<off_t>(flushed), static_cast<off_t>(kStepBytes),
                          SYNC_FILE_RANGE_WRITE);
        flushed += kStepBytes;
        lock.lock();
    }
}

}  // namespace mapferry::inline v1::platform

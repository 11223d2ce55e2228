// SPDX-License-Identifier: Apache-2.0
#include "transfer/reader/write_behind.h"

#include <utility>

#include "base/exception_boundary.h"
#include "base/try.h"

namespace mapferry::inline v1 {

namespace {

// The caller sleeps until half of the blocks are written. A wake for each of them would cost the
// writing thread, which is the slower one.
constexpr std::size_t kLeftAtWake = WriteBehind::kBlocks / 2;

}  // namespace

// Without a thread put() writes the block itself.
WriteBehind::WriteBehind(Write write) : write_(std::move(write)) {
    (void)thread_.start([this](platform::WorkerThread::Lock& lock) { run(lock); });
}

Result<void> WriteBehind::put(const Piece& block) {
    if (!thread_.is_running()) return write_(block);
    {
        const auto lock = thread_.lock();
        if (error_) return std::unexpected(*error_);
        if (count_ < kBlocks) {
            blocks_[(first_ + count_) % kBlocks] = block;
            if (count_++ == 0) thread_.wake();
            return {};
        }
    }
    TRY(wait_until(kLeftAtWake));
    return put(block);
}

Result<void> WriteBehind::finish() {
    return wait_until(0);
}

Result<void> WriteBehind::wait_until(std::size_t most) {
    auto lock = thread_.lock();
    const auto done = [&] { return count_ <= most || error_.has_value(); };
    wanted_ = most;
    went_.wait(lock, done);
    wanted_ = kBlocks;
    if (error_) return std::unexpected(*error_);
    return {};
}

// Runs in the thread, where an exception would end the process.
Result<void> WriteBehind::write_one(const Piece& block) {
    return guarded([&]() -> Result<void> { return write_(block); });
}

void WriteBehind::run(platform::WorkerThread::Lock& lock) {
    while (thread_.wait(lock, [this] { return count_ != 0 && !error_; })) {
        const Piece block = blocks_[first_];
        lock.unlock();
        auto written = write_one(block);
        lock.lock();
        first_ = (first_ + 1) % kBlocks;
        --count_;
        if (!written) error_ = std::move(written.error());
        if (count_ <= wanted_ || error_) went_.notify_one();
    }
}

}  // namespace mapferry::inline v1

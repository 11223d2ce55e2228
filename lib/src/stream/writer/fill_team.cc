// SPDX-License-Identifier: Apache-2.0
#include "stream/writer/fill_team.h"

#include <new>

#include "base/exception_boundary.h"
#include "mapferry/detail/hash.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::uint64_t kFieldMask = 0xFFFF;

std::size_t next_of(std::uint64_t work) {
    return static_cast<std::size_t>(work & kFieldMask);
}

std::size_t count_of(std::uint64_t work) {
    return static_cast<std::size_t>(work >> 16 & kFieldMask);
}

std::uint64_t make_work(std::uint64_t run, std::size_t count) {
    return run << 32 | static_cast<std::uint64_t>(count) << 16;
}

}  // namespace

void FillTeam::open(std::size_t count, const FillCall& fill) {
    fill_ = &fill;
    // relaxed: published by the release store to work_
    for (std::size_t i = 0; i < count; ++i)
        done_[i].store(0, std::memory_order_relaxed);
    {
        const auto lock = helper_.lock();
        // relaxed: only this thread begins runs
        const std::uint64_t run = (work_.load(std::memory_order_relaxed) >> 32) + 1;
        // release: partners are the loads in fill_one and help; chunks_, fill_ and done_ come with
        // it
        work_.store(make_work(run, count), std::memory_order_release);
    }
    if (helper_.is_running()) return helper_.wake();
    // Without a helper this thread fills all chunks.
    (void)helper_.start([this](platform::WorkerThread::Lock& lock) { help(lock); });
}

// Stops all further claims and waits for the chunks that were claimed.
void FillTeam::close() {
    // relaxed: the exchange looks again
    std::uint64_t work = work_.load(std::memory_order_relaxed);
    // acq_rel: partner is the exchange in fill_one, which this either prevents or sees
    while (!work_.compare_exchange_weak(work, (work & ~kFieldMask) | count_of(work),
                                        std::memory_order_acq_rel, std::memory_order_relaxed)) {
    }
    // After the exchange `work` still has the old number of claimed chunks.
    for (std::size_t i = 0; i < next_of(work); ++i)
        await(i);
}

bool FillTeam::fill_one() {
    // acquire: partner is the store in open
    std::uint64_t work = work_.load(std::memory_order_acquire);
    while (next_of(work) < count_of(work)) {
        // acq_rel: a claim; partners are the same exchange of the other thread and the store in
        // open
        if (!work_.compare_exchange_weak(work, work + 1, std::memory_order_acq_rel,
                                         std::memory_order_acquire))
            continue;
        fill_chunk(next_of(work));
        return true;
    }
    return false;
}

void FillTeam::fill_chunk(std::size_t index) {
    Chunk& chunk = chunks_[index];
    chunk.thrown = nullptr;
    try {
        chunk.filled = (*fill_)(chunk.target, chunk.payload_offset);
    } catch (const std::bad_alloc&) {  // which must not end the helper's process
        chunk.filled = out_of_memory();
    } catch (...) {
        chunk.thrown = std::current_exception();
    }
    if (chunk.filled && !chunk.thrown) chunk.xxh3 = xxh3_64(chunk.target);
    // The lock keeps await() from sleeping between its look at done_ and this wake-up.
    {
        const auto lock = helper_.lock();
        // release: the chunk comes with it; partners are the loads in is_done and await
        done_[index].store(1, std::memory_order_release);
    }
    filled_.notify_one();
}

bool FillTeam::is_done(std::size_t chunk) const {
    // acquire: partner is the store in fill_chunk
    return done_[chunk].load(std::memory_order_acquire) != 0;
}

void FillTeam::await(std::size_t chunk) {
    auto lock = helper_.lock();
    filled_.wait(lock, [this, chunk] { return is_done(chunk); });
}

void FillTeam::help(platform::WorkerThread::Lock& lock) {
    const auto has_work = [this] {
        // relaxed: it was stored under the lock, or the chunks that it shows were claimed meanwhile
        const std::uint64_t work = work_.load(std::memory_order_relaxed);
        return next_of(work) < count_of(work);
    };
    while (helper_.wait(lock, has_work)) {
        lock.unlock();
        while (fill_one()) {
        }
        lock.lock();
    }
}

}  // namespace mapferry::inline v1

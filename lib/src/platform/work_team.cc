// SPDX-License-Identifier: Apache-2.0
#include "platform/work_team.h"

#include <algorithm>
#include <new>
#include <span>

#include "base/exception_boundary.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kFieldMask = 0xFFFF;

std::size_t next_of(std::uint64_t left) {
    return static_cast<std::size_t>(left & kFieldMask);
}

std::size_t count_of(std::uint64_t left) {
    return static_cast<std::size_t>(left >> 16 & kFieldMask);
}

std::uint64_t make_left(std::uint64_t run, std::size_t count) {
    return run << 32 | static_cast<std::uint64_t>(count) << 16;
}

}  // namespace

WorkTeam::WorkTeam(std::size_t threads)
    : helpers_wanted_(std::clamp<std::size_t>(threads, 1, kThreadsMax) - 1) {}

void WorkTeam::open(std::size_t count, const Work& work) {
    work_ = &work;
    // relaxed: published by the release store to left_
    for (std::size_t i = 0; i < count; ++i)
        pieces_[i].is_done.store(0, std::memory_order_relaxed);
    // relaxed: only this thread begins runs
    const std::uint64_t run = (left_.load(std::memory_order_relaxed) >> 32) + 1;
    // release: partners are the loads in do_one and help; pieces_ and work_ come with it
    left_.store(make_left(run, count), std::memory_order_release);
    std::size_t number = 0;
    for (WorkerThread& helper : std::span(helpers_).first(std::min(helpers_wanted_, count - 1))) {
        ++number;
        if (helper.is_running()) {
            // The lock keeps a helper from sleeping between its look at left_ and this wake-up.
            {
                const auto lock = helper.lock();
            }
            helper.wake();
            continue;
        }
        // Without a helper the other threads do all pieces.
        (void)helper.start([this, number](WorkerThread::Lock& lock) { help(lock, number); });
    }
}

// Stops all further claims and waits for the pieces that were claimed.
void WorkTeam::close() {
    // relaxed: the exchange looks again
    std::uint64_t left = left_.load(std::memory_order_relaxed);
    // acq_rel: partner is the exchange in do_one, which this either prevents or sees
    while (!left_.compare_exchange_weak(left, (left & ~kFieldMask) | count_of(left),
                                        std::memory_order_acq_rel, std::memory_order_relaxed)) {
    }
    // After the exchange `left` still has the old number of claimed pieces.
    for (std::size_t i = 0; i < next_of(left); ++i)
        await(i);
}

bool WorkTeam::do_one(std::size_t thread) {
    // acquire: partner is the store in open
    std::uint64_t left = left_.load(std::memory_order_acquire);
    while (next_of(left) < count_of(left)) {
        // acq_rel: a claim; partners are the same exchange of the other threads and the store in
        // open
        if (!left_.compare_exchange_weak(left, left + 1, std::memory_order_acq_rel,
                                         std::memory_order_acquire))
            continue;
        do_piece(next_of(left), thread);
        return true;
    }
    return false;
}

void WorkTeam::do_piece(std::size_t index, std::size_t thread) {
    Piece& piece = pieces_[index];
    piece.thrown = nullptr;
    try {
        piece.done = (*work_)(index, thread);
    } catch (const std::bad_alloc&) {  // which must not end the helper's process
        piece.done = out_of_memory();
    } catch (...) {
        piece.thrown = std::current_exception();
    }
    // The lock keeps await() from sleeping between its look at is_done and this wake-up.
    {
        const std::lock_guard lock(done_mutex_);
        // release: the piece comes with it; partners are the loads in is_done and await
        piece.is_done.store(1, std::memory_order_release);
    }
    done_.notify_one();
}

bool WorkTeam::is_done(std::size_t piece) const {
    // acquire: partner is the store in do_piece
    return pieces_[piece].is_done.load(std::memory_order_acquire) != 0;
}

void WorkTeam::await(std::size_t piece) {
    std::unique_lock lock(done_mutex_);
    done_.wait(lock, [this, piece] { return is_done(piece); });
}

void WorkTeam::help(WorkerThread::Lock& lock, std::size_t thread) {
    const auto has_work = [this] {
        // relaxed: it was stored before open() took the lock, or the pieces that it shows were
        // claimed meanwhile
        const std::uint64_t left = left_.load(std::memory_order_relaxed);
        return next_of(left) < count_of(left);
    };
    while (helpers_[thread - 1].wait(lock, has_work)) {
        lock.unlock();
        while (do_one(thread)) {
        }
        lock.lock();
    }
}

}  // namespace mapferry::inline v1::platform

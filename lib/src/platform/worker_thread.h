// SPDX-License-Identifier: Apache-2.0
// A thread of the library's own, with the lock and the wake-up that its owner and it share.
//
//     owner                                    thread
//     ---------------------------------------  ------------------------------------------
//     takes the lock, leaves work, wake()      wait() returns true: does it, without the lock
//     end(), or the destructor                 wait() returns false: returns
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/exception_boundary.h"
#include "base/try.h"
#include "mapferry/status.h"
#include "platform/quiet_thread.h"

namespace mapferry::inline v1::platform {

// Declare it as the last member: its destructor ends the thread, which uses the other members.
class WorkerThread {
  public:
    using Lock = std::unique_lock<std::mutex>;

    WorkerThread() = default;
    ~WorkerThread() { end(); }
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    // Starts the thread, which calls run(lock) once, with the lock held. `run` must not throw.
    // kSystem or kOutOfMemory: there is no thread. An owner that can do without one ignores that.
    // REQUIRES: it is not running.
    template <typename Run>
    [[nodiscard]] Result<void> start(Run run) noexcept {
        return guarded([&]() -> Result<void> {
            TRY_ASSIGN(thread_, quiet_thread([this, run] {
                           Lock held(mutex_);
                           run(held);
                       }));
            return {};
        });
    }
    [[nodiscard]] bool is_running() const { return thread_.joinable(); }

    // What the thread waits for changes under this lock.
    [[nodiscard]] Lock lock() { return Lock(mutex_); }
    void wake() { changed_.notify_one(); }

    // Within the thread: sleeps until has_work(), which is called with the lock held. False when
    // the thread must end.
    template <typename HasWork>
    [[nodiscard]] bool wait(Lock& held, const HasWork& has_work) {
        changed_.wait(held, [&] { return must_end() || has_work(); });
        return !must_end();
    }
    // Whether the thread must end. A thread that sleeps elsewhere asks for it without the lock.
    // seq_cst: partner is the store in end, before `disturb` rings at that other place
    [[nodiscard]] bool must_end() const { return ending_.load(std::memory_order_seq_cst); }

    // Makes the thread end and waits for it. `disturb` is called with the lock held; it wakes the
    // thread where that sleeps elsewhere than in wait().
    template <typename Disturb>
    void end(const Disturb& disturb) {
        if (!thread_.joinable()) return;
        {
            const Lock held(mutex_);
            // seq_cst: partner is the load in must_end
            ending_.store(true, std::memory_order_seq_cst);
            disturb();
        }
        wake();
        thread_.join();
    }
    void end() {
        end([] {});
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace mapferry::inline v1::platform

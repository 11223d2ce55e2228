// SPDX-License-Identifier: Apache-2.0
// The library's threads: work that is left for one, and its end.
#include "platform/worker_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <semaphore>

namespace mapferry::platform {
namespace {

using Lock = WorkerThread::Lock;

// Counts up to what it is asked for.
struct Counter {
    Result<void> start() {
        return thread.start([this](Lock& held) { run(held); });
    }
    void run(Lock& held) {
        while (thread.wait(held, [this] { return done < asked; })) {
            ++done;
            counted.notify_one();
        }
        has_ended = true;
    }
    void ask_for(int count) {
        Lock held = thread.lock();
        asked = count;
        thread.wake();
        counted.wait(held, [this] { return done == asked; });
    }

    int asked = 0;
    int done = 0;
    std::atomic<bool> has_ended = false;
    std::condition_variable counted;
    WorkerThread thread;
};

TEST(WorkerThread, DoesWhatItIsWokenFor) {
    Counter counter;
    ASSERT_TRUE(counter.start());
    for (int count = 1; count <= 1000; ++count)
        counter.ask_for(count);
    EXPECT_EQ(counter.done, 1000);
    EXPECT_TRUE(counter.thread.is_running());
}

TEST(WorkerThread, EndsWhileItHasNothingToDo) {
    Counter counter;
    ASSERT_TRUE(counter.start());
    counter.thread.end();
    EXPECT_TRUE(counter.has_ended);
    EXPECT_FALSE(counter.thread.is_running());
    counter.thread.end();  // once more: nothing
}

TEST(WorkerThread, ThatWasNeverStartedEndsAtOnce) {
    WorkerThread thread;
    EXPECT_FALSE(thread.is_running());
    thread.wake();
    thread.end();
}

TEST(WorkerThread, ThatSleepsElsewhereIsDisturbedOnceItCanSeeThatItMustEnd) {
    std::binary_semaphore elsewhere(0);
    WorkerThread thread;
    ASSERT_TRUE(thread.start([&](Lock& held) {
        held.unlock();
        elsewhere.acquire();
        EXPECT_TRUE(thread.must_end());
        held.lock();
        EXPECT_FALSE(thread.wait(held, [] { return true; })) << "the end comes before any work";
    }));
    thread.end([&] { elsewhere.release(); });
    EXPECT_FALSE(thread.is_running());
}

}  // namespace
}  // namespace mapferry::platform

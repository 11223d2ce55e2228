// SPDX-License-Identifier: Apache-2.0
// Brings a large file to the disk while it is still being written.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace mapferry::inline v1::platform {

// ext4 and its like, told to rename a file over another, first start to write all that is not on
// its way to the disk yet, lest a power failure leave neither file. For 1 GiB that rename took
// 480 ms; with this thread beside the copy 90 ms, and copy and rename together 0.49 s instead of
// 0.73 s (medians of 5). Space that is reserved before (fallocate) makes both shorter still, 0.29
// s, but by taking that protection away.
class EarlyFlush {
  public:
    EarlyFlush() = default;
    // Ends the thread; what is not on its way by then stays for the rename or the fsync.
    ~EarlyFlush();
    EarlyFlush(const EarlyFlush&) = delete;
    EarlyFlush& operator=(const EarlyFlush&) = delete;

    // More bytes of `descriptor`, which must stay open for the life of this, are written, one after
    // the other. The thread begins where there are enough of them to be worth it. Nothing here can
    // fail: a flush that fails is told by the next fsync.
    void add(int descriptor, std::uint64_t bytes) noexcept;

  private:
    void run(int descriptor) noexcept;

    std::uint64_t written_ = 0;  // the caller's own count
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t ready_ = 0;  // what the thread may flush; guarded by mutex_, as is the next
    bool ending_ = false;
    std::thread thread_;
    bool tried_ = false;
};

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// Starts to bring a large file to the disk while it is still being written.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace mapferry::inline v1::platform {

// When ext4 and its like rename a file over another one, they first start to write all bytes that
// are not on their way to the disk yet, so that a power failure can't destroy both files. For 1 GiB
// that rename took 480 ms; with this thread beside the copy 90 ms, and copy and rename together
// 0.49 s instead of 0.73 s (medians of 5). Space that is reserved before (fallocate) makes both
// shorter still, 0.29 s, but it takes that protection away.
class EarlyFlush {
  public:
    EarlyFlush() = default;
    // Ends the thread. Bytes that are not on their way by then are left to the rename or the fsync.
    ~EarlyFlush();
    EarlyFlush(const EarlyFlush&) = delete;
    EarlyFlush& operator=(const EarlyFlush&) = delete;

    // Counts `bytes` more bytes that were written to `descriptor`, which must stay open for the
    // life of this object. The thread starts when there are enough of them to be worth it. Nothing
    // here can fail: the next fsync reports a flush that failed.
    void add(int descriptor, std::uint64_t bytes) noexcept;

  private:
    void run(int descriptor) noexcept;

    std::uint64_t written_ = 0;  // the caller's own count
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t ready_ = 0;  // what the thread may flush; mutex_ guards this and the next
    bool ending_ = false;
    std::thread thread_;
    bool tried_ = false;
};

}  // namespace mapferry::inline v1::platform

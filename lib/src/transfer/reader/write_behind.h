// SPDX-License-Identifier: Apache-2.0
// Writes blocks to an output in a thread of its own, so that the next block is copied and checked
// while this one is being written. For large files writing takes longest.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <optional>

#include "mapferry/payload.h"
#include "mapferry/status.h"
#include "platform/worker_thread.h"

namespace mapferry::inline v1 {

class WriteBehind {
  public:
    // The most blocks that may wait or be written at once, holes among them. Each must stay as it
    // is until put() was called this many times more, or finish() has returned.
    static constexpr std::size_t kBlocks = 8;

    // Writes one block; called by one thread at a time.
    using Write = std::function<Result<void>(const Piece&)>;

    // The end of the object waits for the block that is being written and drops the others.
    explicit WriteBehind(Write write);

    // Hands a block over, and waits for room if necessary. An error is of this block or of an
    // earlier one; nothing more is written after it.
    [[nodiscard]] Result<void> put(const Piece& block);

    // Waits until all blocks are written.
    [[nodiscard]] Result<void> finish();

  private:
    [[nodiscard]] Result<void> wait_until(std::size_t most);
    [[nodiscard]] Result<void> write_one(const Piece& block);
    void run(platform::WorkerThread::Lock& lock);

    Write write_;
    std::condition_variable went_;  // the thread's lock guards all below
    std::array<Piece, kBlocks> blocks_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;         // includes the one that is being written
    std::size_t wanted_ = kBlocks;  // the caller sleeps until no more than these are left
    std::optional<Status> error_;
    platform::WorkerThread thread_;
};

}  // namespace mapferry::inline v1

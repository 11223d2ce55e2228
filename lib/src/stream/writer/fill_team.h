// SPDX-License-Identifier: Apache-2.0
// Two threads that fill and hash chunks of a payload at once: the caller's thread and a helper. The
// team starts the helper when it is first needed and ends it with itself.
//
// A writer's thread alone reads and hashes slower than a reader on another core verifies.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>

#include "mapferry/status.h"
#include "mapferry/writer.h"
#include "platform/worker_thread.h"

namespace mapferry::inline v1 {

class FillTeam {
  public:
    static constexpr std::size_t kChunksMax = 64;

    struct Chunk {
        std::span<std::byte> target;
        std::uint64_t payload_offset = 0;
        std::uint64_t xxh3 = 0;  // of the filled target
        Result<void> filled = {};
        std::exception_ptr thrown = {};  // by fill
    };

    // The chunks of the next run; the caller sets their targets and offsets.
    [[nodiscard]] std::span<Chunk, kChunksMax> chunks() { return chunks_; }

    // Fills the first `count` chunks in any order. Calls taken(chunk) for each one on this thread,
    // in their order, as soon as it and all before it are filled; `taken` must not throw. The first
    // chunk that failed ends the run with its error, or with the exception that `fill` threw for
    // it. No thread touches a target after run() has returned or thrown.
    template <typename Taken>
    [[nodiscard]] Result<void> run(std::size_t count, const FillCall& fill, const Taken& taken) {
        open(count, fill);
        std::size_t next = 0;
        Chunk* failed = nullptr;
        while (next < count && failed == nullptr) {
            if (!is_done(next) && !fill_one()) await(next);
            for (; failed == nullptr && next < count && is_done(next); ++next) {
                if (chunks_[next].filled && !chunks_[next].thrown)
                    taken(chunks_[next]);
                else
                    failed = &chunks_[next];
            }
        }
        close();
        if (failed == nullptr) return {};
        if (failed->thrown) std::rethrow_exception(std::exchange(failed->thrown, nullptr));
        return std::exchange(failed->filled, {});
    }

  private:
    void open(std::size_t count, const FillCall& fill);
    void close();
    [[nodiscard]] bool fill_one();
    [[nodiscard]] bool is_done(std::size_t chunk) const;
    void await(std::size_t chunk);
    void fill_chunk(std::size_t chunk);
    void help(platform::WorkerThread::Lock& lock);

    std::array<Chunk, kChunksMax> chunks_;
    const FillCall* fill_ = nullptr;
    // The chunks that are left to claim: run << 32 | count << 16 | next. Each run has a new number,
    // so that a helper that wakes late can't claim a chunk by the value that it saw before.
    std::atomic<std::uint64_t> work_ = 0;
    std::array<std::atomic<std::uint32_t>, kChunksMax> done_ = {};
    // Threads sleep on condition variables, because std::atomic's wait() loses wake-ups in
    // libstdc++ 12 for Windows (the tests of this class hung under Wine). What a thread waits for
    // changes under the helper's lock.
    std::condition_variable filled_;
    platform::WorkerThread helper_;
};

}  // namespace mapferry::inline v1

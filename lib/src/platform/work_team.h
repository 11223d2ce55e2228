// SPDX-License-Identifier: Apache-2.0
// Threads that do the numbered pieces of a job at once: the caller's thread and helpers. Helpers
// start when they are first needed and end with the team.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <utility>

#include "mapferry/status.h"
#include "platform/worker_thread.h"

namespace mapferry::inline v1::platform {

class WorkTeam {
  public:
    static constexpr std::size_t kPiecesMax = 64;
    static constexpr std::size_t kThreadsMax = 8;

    // Does one piece. `thread` is a number below the team's threads that no other piece has at the
    // same time; the caller's thread is 0.
    using Work = std::function<Result<void>(std::size_t piece, std::size_t thread)>;

    // `threads`: of the team, the caller's included; at most kThreadsMax count.
    explicit WorkTeam(std::size_t threads);

    // Does the pieces 0 to count - 1 in any order. Calls taken(piece) for each one on this thread,
    // in their order, as soon as it and all before it are done; `taken` must not throw. The first
    // piece that failed ends the run with its error, or with the exception that `work` threw for
    // it. No thread works after run() has returned or thrown. REQUIRES: count <= kPiecesMax.
    template <typename Taken>
    [[nodiscard]] Result<void> run(std::size_t count, const Work& work, const Taken& taken) {
        open(count, work);
        std::size_t next = 0;
        Piece* failed = nullptr;
        while (next < count && failed == nullptr) {
            if (!is_done(next) && !do_one(0)) await(next);
            for (; failed == nullptr && next < count && is_done(next); ++next) {
                if (pieces_[next].done && !pieces_[next].thrown)
                    taken(next);
                else
                    failed = &pieces_[next];
            }
        }
        close();
        if (failed == nullptr) return {};
        if (failed->thrown) std::rethrow_exception(std::exchange(failed->thrown, nullptr));
        return std::exchange(failed->done, {});
    }

  private:
    struct Piece {
        Result<void> done = {};
        std::exception_ptr thrown = {};
        std::atomic<std::uint32_t> is_done = 0;
    };

    void open(std::size_t count, const Work& work);
    void close();
    [[nodiscard]] bool do_one(std::size_t thread);
    [[nodiscard]] bool is_done(std::size_t piece) const;
    void await(std::size_t piece);
    void do_piece(std::size_t piece, std::size_t thread);
    void help(WorkerThread::Lock& lock, std::size_t thread);

    std::size_t helpers_wanted_;
    std::array<Piece, kPiecesMax> pieces_;
    const Work* work_ = nullptr;
    // The pieces that are left to claim: run << 32 | count << 16 | next. Each run has a new number,
    // so that a helper that wakes late can't claim a piece by the value that it saw before.
    std::atomic<std::uint64_t> left_ = 0;
    // The caller sleeps on a condition variable, because std::atomic's wait() loses wake-ups in
    // libstdc++ 12 for Windows (the tests of this class hung under Wine).
    std::mutex done_mutex_;
    std::condition_variable done_;
    std::array<WorkerThread, kThreadsMax - 1> helpers_;
};

}  // namespace mapferry::inline v1::platform

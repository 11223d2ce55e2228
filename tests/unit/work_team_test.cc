// SPDX-License-Identifier: Apache-2.0
// Threads do the pieces of a job: each piece once, handed on in order, and an error ends the run.
#include "platform/work_team.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include "mapferry/detail/failure.h"

namespace mapferry::testing {
namespace {

using platform::WorkTeam;

constexpr std::size_t kMost = WorkTeam::kPiecesMax;

// A job whose piece i writes 7 * i + 1 to its place.
class WorkTeamTest : public ::testing::TestWithParam<std::size_t> {
  protected:
    Result<void> work(std::size_t piece, std::size_t thread) {
        EXPECT_LT(thread, std::max<std::size_t>(GetParam(), 1));
        EXPECT_FALSE(busy_[thread].exchange(true)) << "two pieces at once with one number";
        places_[piece] = 7 * piece + 1;
        busy_[thread] = false;
        return {};
    }
    WorkTeam::Work worker() {
        return [this](std::size_t piece, std::size_t thread) { return work(piece, thread); };
    }

    std::array<std::size_t, kMost> places_ = {};
    std::array<std::atomic<bool>, WorkTeam::kThreadsMax> busy_ = {};
    WorkTeam team_{GetParam()};
};

TEST_P(WorkTeamTest, EachPieceOfManyRunsIsDoneAndTakenInOrder) {
    for (std::size_t run = 0; run < 200; ++run) {
        places_ = {};
        const std::size_t count = 1 + run % kMost;
        std::size_t taken = 0;
        ASSERT_TRUE(team_.run(count, worker(), [&](std::size_t piece) {
            ASSERT_EQ(piece, taken);
            ASSERT_EQ(places_[piece], 7 * piece + 1);
            ++taken;
        }));
        ASSERT_EQ(taken, count);
    }
}

TEST_P(WorkTeamTest, AllThreadsWork) {
    const std::size_t threads = std::max<std::size_t>(GetParam(), 1);
    std::atomic<std::size_t> inside = 0;
    const WorkTeam::Work meet = [&](std::size_t, std::size_t) -> Result<void> {
        ++inside;
        while (inside < threads)
            std::this_thread::yield();
        return {};
    };
    ASSERT_TRUE(team_.run(threads, meet, [](std::size_t) {}));
    EXPECT_EQ(inside, threads);
}

TEST_P(WorkTeamTest, FailureEndsTheRunAndNothingBehindItIsTaken) {
    constexpr std::size_t kBad = 5;
    const WorkTeam::Work fail_once = [this](std::size_t piece, std::size_t thread) -> Result<void> {
        if (piece == kBad) return detail::fail(Code::kIo, "the disk can't be read");
        return work(piece, thread);
    };
    std::size_t taken = 0;
    const auto done = team_.run(kMost, fail_once, [&taken](std::size_t) { ++taken; });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "the disk can't be read");
    EXPECT_EQ(taken, kBad);
    EXPECT_TRUE(team_.run(kMost, worker(), [](std::size_t) {}));
}

TEST_P(WorkTeamTest, LackOfMemoryInAnyThreadIsAnError) {
    const WorkTeam::Work none = [](std::size_t, std::size_t) -> Result<void> {
        throw std::bad_alloc();
    };
    const auto done = team_.run(kMost, none, [](std::size_t) { FAIL(); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::kOutOfMemory);
}

TEST_P(WorkTeamTest, WhatWorkThrowsInAnyThreadComesOutOfTheRun) {
    const WorkTeam::Work surprise = [this](std::size_t piece, std::size_t thread) {
        if (piece % 2 == 1) throw std::runtime_error("a surprise");
        return work(piece, thread);
    };
    for (int i = 0; i < 50; ++i) {
        std::size_t taken = 0;
        const auto take = [&taken](std::size_t) { ++taken; };
        EXPECT_THROW((void)team_.run(kMost, surprise, take), std::runtime_error);
        EXPECT_EQ(taken, 1U);
    }
    EXPECT_TRUE(team_.run(kMost, worker(), [](std::size_t) {}));
}

TEST_P(WorkTeamTest, NobodyWorksAfterARunThatFailed) {
    const WorkTeam::Work first_fails = [this](std::size_t piece,
                                              std::size_t thread) -> Result<void> {
        if (piece == 0) return detail::fail(Code::kIo, "no");
        return work(piece, thread);
    };
    for (int i = 0; i < 200; ++i) {
        places_ = {};
        ASSERT_FALSE(team_.run(kMost, first_fails, [](std::size_t) {}));
        const auto seen = places_;
        std::this_thread::yield();
        ASSERT_EQ(places_, seen);
    }
}

INSTANTIATE_TEST_SUITE_P(Of, WorkTeamTest, ::testing::Values(0, 1, 2, 3, 8),
                         [](const auto& threads) {
                             return std::to_string(threads.param) + "Threads";
                         });

}  // namespace
}  // namespace mapferry::testing

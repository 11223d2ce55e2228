// SPDX-License-Identifier: Apache-2.0
// Two threads fill and hash chunks: each chunk once, handed on in order, and an error ends the run.
#include "stream/writer/fill_team.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include "mapferry/detail/failure.h"
#include "mapferry/detail/hash.h"

namespace mapferry {
namespace {

constexpr std::size_t kChunkBytes = 4096;

class FillTeamTest : public ::testing::Test {
  protected:
    void SetUp() override { place(0); }

    // Prepares all chunks of the next run, from a payload's chunk `first` on.
    void place(std::size_t first) {
        bytes_.assign(FillTeam::kChunksMax * kChunkBytes, std::byte{0xFF});
        for (std::size_t i = 0; i < FillTeam::kChunksMax; ++i) {
            team_.chunks()[i].target = std::span(bytes_).subspan(i * kChunkBytes, kChunkBytes);
            team_.chunks()[i].payload_offset = (first + i) * kChunkBytes;
        }
    }

    static std::byte content_of(std::uint64_t payload_offset) {
        return static_cast<std::byte>(payload_offset / kChunkBytes * 7);
    }

    static Result<void> fill(std::span<std::byte> target, std::uint64_t payload_offset) {
        std::ranges::fill(target, content_of(payload_offset));
        return {};
    }

    std::vector<std::byte> bytes_;
    FillTeam team_;
};

TEST_F(FillTeamTest, EachChunkOfManyRunsIsFilledHashedAndTakenInOrder) {
    constexpr std::size_t kRuns = 200;
    std::size_t taken = 0;
    for (std::size_t run = 0; run < kRuns; ++run) {
        const std::size_t first = taken;
        place(first);
        const std::size_t count = 1 + run % FillTeam::kChunksMax;
        const auto filled = team_.run(count, fill, [&](const FillTeam::Chunk& chunk) {
            ASSERT_EQ(chunk.payload_offset, taken * kChunkBytes);
            ASSERT_TRUE(std::ranges::all_of(chunk.target, [&](std::byte byte) {
                return byte == content_of(chunk.payload_offset);
            }));
            ASSERT_EQ(chunk.xxh3, xxh3_64(chunk.target));
            ++taken;
        });
        ASSERT_TRUE(filled);
        ASSERT_EQ(taken, first + count);
    }
}

TEST_F(FillTeamTest, BothThreadsFill) {
    std::atomic<int> inside = 0;
    std::atomic<bool> met = false;
    const FillCall meet = [&](std::span<std::byte>, std::uint64_t) -> Result<void> {
        ++inside;
        while (!met && inside < 2)
            std::this_thread::yield();
        met = true;
        return {};
    };
    ASSERT_TRUE(team_.run(2, meet, [](const FillTeam::Chunk&) {}));
    EXPECT_EQ(inside, 2);
}

TEST_F(FillTeamTest, FailureEndsTheRunAndNothingBehindItIsTaken) {
    constexpr std::size_t kBad = 5;
    const FillCall fail_once = [](std::span<std::byte> target,
                                  std::uint64_t offset) -> Result<void> {
        if (offset == kBad * kChunkBytes) return detail::fail(Code::kIo, "the disk can't be read");
        return fill(target, offset);
    };
    std::size_t taken = 0;
    const auto filled =
        team_.run(FillTeam::kChunksMax, fail_once, [&taken](const FillTeam::Chunk&) { ++taken; });
    ASSERT_FALSE(filled);
    EXPECT_EQ(filled.error().message, "the disk can't be read");
    EXPECT_EQ(taken, kBad);
    place(0);
    EXPECT_TRUE(team_.run(FillTeam::kChunksMax, fill, [](const FillTeam::Chunk&) {}));
}

TEST_F(FillTeamTest, LackOfMemoryInEitherThreadIsAnError) {
    const FillCall none = [](std::span<std::byte>, std::uint64_t) -> Result<void> {
        throw std::bad_alloc();
    };
    const auto filled =
        team_.run(FillTeam::kChunksMax, none, [](const FillTeam::Chunk&) { FAIL(); });
    ASSERT_FALSE(filled);
    EXPECT_EQ(filled.error().code, Code::kOutOfMemory);
}

TEST_F(FillTeamTest, WhatTheCallerThrowsInEitherThreadComesOutOfTheRun) {
    for (int i = 0; i < 50; ++i) {
        place(0);
        const FillCall surprise = [](std::span<std::byte> target, std::uint64_t offset) {
            if (offset / kChunkBytes % 2 == 1) throw std::runtime_error("a surprise");
            return fill(target, offset);
        };
        std::size_t taken = 0;
        const auto take = [&taken](const FillTeam::Chunk&) { ++taken; };
        EXPECT_THROW((void)team_.run(FillTeam::kChunksMax, surprise, take), std::runtime_error);
        EXPECT_EQ(taken, 1U);
        const std::vector<std::byte> seen = bytes_;
        std::this_thread::yield();
        ASSERT_EQ(bytes_, seen);
    }
    place(0);
    EXPECT_TRUE(team_.run(FillTeam::kChunksMax, fill, [](const FillTeam::Chunk&) {}));
}

TEST_F(FillTeamTest, NobodyTouchesATargetAfterARunThatFailed) {
    for (int i = 0; i < 200; ++i) {
        place(0);
        const FillCall first_fails = [](std::span<std::byte> target,
                                        std::uint64_t offset) -> Result<void> {
            if (offset == 0) return detail::fail(Code::kIo, "no");
            return fill(target, offset);
        };
        ASSERT_FALSE(team_.run(FillTeam::kChunksMax, first_fails, [](const FillTeam::Chunk&) {}));
        const std::vector<std::byte> seen = bytes_;
        std::this_thread::yield();
        ASSERT_EQ(bytes_, seen);
    }
}

}  // namespace
}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
// A thread that writes blocks: it writes all of them in order, and its errors reach the caller.
#include "transfer/reader/write_behind.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "mapferry/detail/failure.h"

namespace mapferry {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::uint8_t kBlocksSent = 100;

// Blocks in memory as read() keeps them: each is used again after kBlocks + 1 more.
class WriteBehindTest : public ::testing::Test {
  protected:
    std::span<const std::byte> block(std::uint8_t number) {
        auto& bytes = ring_[number % ring_.size()];
        bytes.assign(kBlockBytes, std::byte{number});
        return bytes;
    }

    // Expects blocks 0 to count-1, each whole, and no others.
    void expect_written(std::size_t count) const {
        ASSERT_EQ(written_.size(), count * kBlockBytes);
        for (std::size_t i = 0; i < written_.size(); ++i)
            ASSERT_EQ(written_[i], static_cast<std::byte>(i / kBlockBytes)) << "at byte " << i;
    }

    std::vector<std::vector<std::byte>> ring_ =
        std::vector<std::vector<std::byte>>(WriteBehind::kBlocks + 1);
    std::vector<std::byte> written_;
};

TEST_F(WriteBehindTest, AllBlocksAreWrittenInOrder) {
    WriteBehind behind([this](const Piece& piece) -> Result<void> {
        const auto bytes = piece.bytes;
        written_.insert(written_.end(), bytes.begin(), bytes.end());
        return {};
    });
    for (std::uint8_t i = 0; i < kBlocksSent; ++i)
        ASSERT_TRUE(behind.put({.bytes = block(i)}));
    ASSERT_TRUE(behind.finish());
    expect_written(kBlocksSent);
}

TEST_F(WriteBehindTest, FailureIsToldAndNothingIsWrittenAfterIt) {
    constexpr std::size_t kGood = 5;
    WriteBehind behind([this](const Piece& piece) -> Result<void> {
        const auto bytes = piece.bytes;
        if (written_.size() == kGood * kBlockBytes)
            return detail::fail(Code::kIo, "the disk is full");
        written_.insert(written_.end(), bytes.begin(), bytes.end());
        return {};
    });
    Result<void> put;
    for (std::uint8_t i = 0; i < kBlocksSent && put; ++i)
        put = behind.put({.bytes = block(i)});
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().message, "the disk is full");
    const auto finished = behind.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, Code::kIo);
    expect_written(kGood);
}

TEST_F(WriteBehindTest, FailureOfTheLastBlockIsToldByFinish) {
    WriteBehind behind(
        [](const Piece&) -> Result<void> { return detail::fail(Code::kIo, "the disk is full"); });
    ASSERT_TRUE(behind.put({.bytes = block(0)}));
    EXPECT_FALSE(behind.finish());
}

TEST_F(WriteBehindTest, LackOfMemoryWhileWritingIsAnError) {
    WriteBehind behind([](const Piece&) -> Result<void> { throw std::bad_alloc(); });
    ASSERT_TRUE(behind.put({.bytes = block(0)}));
    const auto finished = behind.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, Code::kOutOfMemory);
}

}  // namespace
}  // namespace mapferry

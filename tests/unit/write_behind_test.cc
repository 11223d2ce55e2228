// A thread that writes blocks: in order, all of them, and its errors reach the caller.
#include "write_behind.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <future>
#include <vector>

namespace mapferry {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::uint8_t kBlocksSent = 100;

Result<void> no_beat() {
    return {};
}

// Blocks as read() keeps them: each is used again after kBlocks + 1 more.
class WriteBehindTest : public ::testing::Test {
  protected:
    std::span<const std::byte> block(std::uint8_t number) {
        auto& bytes = ring_[number % ring_.size()];
        bytes.assign(kBlockBytes, std::byte{number});
        return bytes;
    }

    // Blocks 0 .. count-1, each whole, and no others.
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
    WriteBehind behind([this](std::span<const std::byte> bytes, const BeatCall&) -> Result<void> {
        written_.insert(written_.end(), bytes.begin(), bytes.end());
        return {};
    });
    for (std::uint8_t i = 0; i < kBlocksSent; ++i)
        ASSERT_TRUE(behind.put(block(i), no_beat));
    ASSERT_TRUE(behind.finish(no_beat));
    expect_written(kBlocksSent);
}

TEST_F(WriteBehindTest, FailureIsToldAndNothingIsWrittenAfterIt) {
    constexpr std::size_t kGood = 5;
    WriteBehind behind([this](std::span<const std::byte> bytes, const BeatCall&) -> Result<void> {
        if (written_.size() == kGood * kBlockBytes) return fail(Code::kIo, "the disk is full");
        written_.insert(written_.end(), bytes.begin(), bytes.end());
        return {};
    });
    Result<void> put;
    for (std::uint8_t i = 0; i < kBlocksSent && put; ++i)
        put = behind.put(block(i), no_beat);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().message, "the disk is full");
    const auto finished = behind.finish(no_beat);
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, Code::kIo);
    expect_written(kGood);
}

TEST_F(WriteBehindTest, FailureOfTheLastBlockIsToldByFinish) {
    WriteBehind behind([](std::span<const std::byte>, const BeatCall&) -> Result<void> {
        return fail(Code::kIo, "the disk is full");
    });
    ASSERT_TRUE(behind.put(block(0), no_beat));
    EXPECT_FALSE(behind.finish(no_beat));
}

TEST_F(WriteBehindTest, LackOfMemoryWhileWritingIsAnError) {
    WriteBehind behind([](std::span<const std::byte>, const BeatCall&) -> Result<void> {
        throw std::bad_alloc();
    });
    ASSERT_TRUE(behind.put(block(0), no_beat));
    const auto finished = behind.finish(no_beat);
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, Code::kSystem);
}

TEST_F(WriteBehindTest, CallerOfAnOutputThatStandsStillBeatsAndMayLeave) {
    // No latch: it sleeps by std::atomic's wait, which loses wake-ups in libstdc++ 12 for Windows.
    std::promise<void> leave;
    WriteBehind behind([left = leave.get_future().share()](std::span<const std::byte>,
                                                           const BeatCall&) -> Result<void> {
        left.wait();
        return {};
    });
    int beats = 0;
    const BeatCall beat = [&beats]() -> Result<void> {
        if (++beats < 3) return {};
        return fail(Code::kInterrupted, "interrupted");
    };
    Result<void> put;
    for (std::uint8_t i = 0; put; ++i)
        put = behind.put(block(i), beat);
    EXPECT_EQ(put.error().code, Code::kInterrupted);
    EXPECT_EQ(beats, 3);
    leave.set_value();
}

TEST_F(WriteBehindTest, WriteThatWaitsEndsWhenTheCallerIsGone) {
    std::promise<void> waits;
    bool ended_by_beat = false;
    {
        WriteBehind behind([&](std::span<const std::byte>, const BeatCall& beat) -> Result<void> {
            waits.set_value();
            while (true) {
                if (auto alive = beat(); !alive) {
                    ended_by_beat = true;
                    return alive;
                }
            }
        });
        ASSERT_TRUE(behind.put(block(0), no_beat));
        waits.get_future().wait();
    }
    EXPECT_TRUE(ended_by_beat);
}

}  // namespace
}  // namespace mapferry

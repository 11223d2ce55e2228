// SPDX-License-Identifier: Apache-2.0
// Calls every public function that takes a time with times that overflow in a multiplication or an
// addition: the longest time waits until it is interrupted, the shortest time does not wait.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/source.h"
#include "mapferry/wait_any.h"
#include "mapferry/writer.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::milliseconds::max();
constexpr std::chrono::milliseconds kShortest = std::chrono::milliseconds::min();

// Raises a stop flag after a call has waited for a while.
std::jthread raise_later(std::atomic<int>& flag) {
    return std::jthread([&flag] {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));  // time itself: the wait
        flag.store(1, std::memory_order_relaxed);
    });
}

// A stop flag that is raised a while after its creation.
class Ender {
  public:
    [[nodiscard]] const std::atomic<int>* flag() const { return &flag_; }

  private:
    std::atomic<int> flag_ = 0;
    std::jthread thread_ = raise_later(flag_);
};

template <typename Value>
Code code_of(const Result<Value>& result) {
    return result ? Code::kNotReady : result.error().code;
}

class Timeouts : public ::testing::Test {
  protected:
    void TearDown() override { (void)remove_section(address_, RemovePolicy::kAnyway); }

    const UniqueSection section_;
    const SectionAddress address_ = section_.address();
};

TEST_F(Timeouts, OfTheLongestTimeIsWaitedForByWhoOpensWhatIsNotThere) {
    EXPECT_EQ(
        code_of(Reader::open({.address = address_, .timeout = kLongest, .stop = Ender().flag()})),
        Code::kInterrupted);
    EXPECT_EQ(code_of(FrameReader::open(
                  {.address = address_, .timeout = kLongest, .stop = Ender().flag()})),
              Code::kInterrupted);
    EXPECT_EQ(code_of(SharedBuffer::open(
                  {.address = address_, .timeout = kLongest, .stop = Ender().flag()})),
              Code::kInterrupted);
}

TEST_F(Timeouts, BelowZeroIsNoneForWhoOpensWhatIsNotThere) {
    EXPECT_EQ(code_of(Reader::open({.address = address_, .timeout = kShortest})), Code::kNotFound);
    EXPECT_EQ(code_of(FrameReader::open({.address = address_, .timeout = kShortest})),
              Code::kNotFound);
    EXPECT_EQ(code_of(SharedBuffer::open({.address = address_, .timeout = kShortest})),
              Code::kNotFound);
}

TEST_F(Timeouts, OfAWriterThatWaitsForReadersMayBeAnyNumber) {
    const Ender ender;
    auto longest = Writer::create({.address = address_, .stop = ender.flag()});
    ASSERT_TRUE(longest) << describe(longest.error());
    EXPECT_EQ(code_of(longest->wait_for_readers(1, kShortest)), Code::kTimedOut);
    EXPECT_EQ(code_of(longest->wait_for_readers(1, kLongest)), Code::kInterrupted);
}

TEST_F(Timeouts, OfAStallOfAStreamMayBeTheLongest) {
    std::atomic<int> stop = 0;
    auto writer = Writer::create({.address = address_, .stall_timeout = kLongest});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto reader = Reader::open({.address = address_, .stall_timeout = kLongest, .stop = &stop});
    ASSERT_TRUE(reader) << describe(reader.error());
    const auto raiser = raise_later(stop);
    EXPECT_EQ(code_of(reader->next()), Code::kInterrupted);
}

TEST_F(Timeouts, OfAStayWithASectionMayBeAnyNumber) {
    std::atomic<int> stop = 0;
    auto writer =
        Writer::create({.address = address_, .delivery = StreamDelivery::kKeep, .stop = &stop});
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->close());
    EXPECT_TRUE(writer->linger(kShortest));
    const auto raiser = raise_later(stop);
    // Where the section outlives its writer, there is nothing to wait for.
    const bool persists = writer->section_persists();
    EXPECT_EQ(code_of(writer->linger(kLongest)), persists ? Code::kNotReady : Code::kInterrupted);
}

TEST_F(Timeouts, OfAWaitForSeveralReadersMayBeAnyNumber) {
    std::atomic<int> stop = 0;
    auto writer = FrameWriter::create({.address = address_});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto reader = FrameReader::open({.address = address_, .stop = &stop});
    ASSERT_TRUE(reader) << describe(reader.error());
    const Waitable readers[] = {*reader};
    EXPECT_EQ(code_of(wait_any(readers, kShortest)), Code::kTimedOut);
    const auto raiser = raise_later(stop);
    EXPECT_EQ(wait_any(readers, kLongest).value_or(99), 0u);
}

TEST_F(Timeouts, OfAWaitForAPipeMayBeAnyNumber) {
    auto source = Source::from_text("ready");
    EXPECT_TRUE(source.wait_ready(kLongest).value_or(false));
    EXPECT_TRUE(source.wait_ready(kShortest).value_or(false));
}

TEST_F(Timeouts, OfAFrameWriterMayBeAnyNumber) {
    const Ender ender;
    auto writer = FrameWriter::create({.address = address_,
                                       .delivery = FrameDelivery::kEach,
                                       .slot_count = 2,
                                       .stall_timeout = kLongest,
                                       .stop = ender.flag()});
    ASSERT_TRUE(writer) << describe(writer.error());
    EXPECT_EQ(code_of(writer->wait_for_readers(1, kShortest)), Code::kTimedOut);
    auto reader = FrameReader::open({.address = address_});
    ASSERT_TRUE(reader) << describe(reader.error());
    const Bytes frame(100);
    ASSERT_TRUE(writer->publish_copy(frame, {}, kShortest));
    ASSERT_TRUE(writer->publish_copy(frame, {}, kShortest));
    EXPECT_EQ(code_of(writer->loan(100, kShortest)), Code::kTimedOut);
    EXPECT_EQ(code_of(writer->loan(100, kLongest)), Code::kInterrupted);
    EXPECT_EQ(code_of(writer->wait_for_readers(2, kLongest)), Code::kInterrupted);
}

TEST_F(Timeouts, OfAFrameReaderMayBeAnyNumber) {
    auto writer = FrameWriter::create({.address = address_});
    ASSERT_TRUE(writer) << describe(writer.error());
    const Ender ender;
    auto reader = FrameReader::open({.address = address_,
                                     .timeout = kLongest,
                                     .successor_timeout = kLongest,
                                     .stop = ender.flag()});
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_EQ(code_of(reader->next(kShortest)), Code::kTimedOut);
    EXPECT_EQ(code_of(reader->latest(kShortest)), Code::kTimedOut);
    EXPECT_EQ(code_of(reader->next(kLongest)), Code::kInterrupted);
    EXPECT_EQ(code_of(reader->latest(kLongest)), Code::kInterrupted);
}

TEST_F(Timeouts, OfTheWaitForASuccessorMayBeAnyNumber) {
    for (const std::chrono::milliseconds timeout : {kLongest, kShortest}) {
        auto writer = FrameWriter::create({.address = address_});
        ASSERT_TRUE(writer) << describe(writer.error());
        const Ender ender;
        auto reader = FrameReader::open(
            {.address = address_, .successor_timeout = timeout, .stop = ender.flag()});
        ASSERT_TRUE(reader) << describe(reader.error());
        writer->abort(Code::kInterrupted);
        const auto frame = reader->next(kLongest);
        EXPECT_EQ(code_of(frame), timeout == kLongest ? Code::kInterrupted : Code::kPeerGone);
    }
}

TEST_F(Timeouts, OfNoLengthForAStallIsRefused) {
    for (const std::chrono::milliseconds none : {kShortest, std::chrono::milliseconds(0)}) {
        EXPECT_EQ(code_of(Writer::create({.address = address_, .stall_timeout = none})),
                  Code::kUsage);
        EXPECT_EQ(code_of(FrameWriter::create({.address = address_, .stall_timeout = none})),
                  Code::kUsage);
        EXPECT_EQ(code_of(Reader::open({.address = address_, .stall_timeout = none})),
                  Code::kUsage);
    }
}

TEST_F(Timeouts, OfABuffersLockMayBeAnyNumber) {
    auto holder = SharedBuffer::open_or_create({.address = address_, .size_bytes = 100});
    ASSERT_TRUE(holder) << describe(holder.error());
    const auto lock = holder->lock(kShortest);
    ASSERT_TRUE(lock) << describe(lock.error());
    const Ender ender;
    auto waiter = SharedBuffer::open({.address = address_, .stop = ender.flag()});
    ASSERT_TRUE(waiter) << describe(waiter.error());
    EXPECT_EQ(code_of(waiter->lock(kShortest)), Code::kTimedOut);
    EXPECT_EQ(code_of(waiter->lock(kLongest)), Code::kInterrupted);
}

TEST_F(Timeouts, ForeverEndsByTheStopFlagAlone) {
    auto writer = FrameWriter::create({.address = address_});
    ASSERT_TRUE(writer) << describe(writer.error());
    const Ender ender;
    auto reader = FrameReader::open({.address = address_,
                                     .timeout = kForever,
                                     .successor_timeout = kForever,
                                     .stop = ender.flag()});
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_EQ(code_of(reader->next(kForever)), Code::kInterrupted);
    writer->abort(Code::kInterrupted);
    EXPECT_EQ(code_of(reader->next(kForever)), Code::kInterrupted);
}

}  // namespace
}  // namespace mapferry::testing

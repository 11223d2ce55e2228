// SPDX-License-Identifier: Apache-2.0
// An object does nothing after it was moved from or closed: every call on it is kUsage.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <utility>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/writer.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class EmptyObject : public ::testing::Test {
  public:
    ~EmptyObject() override { section_.remove(); }

  protected:
    template <typename Value>
    static void expect_usage(const Result<Value>& result) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, Code::kUsage) << describe(result.error());
    }
    static void expect_all_refused(Writer& writer) {
        expect_usage(writer.wait_for_readers(0));
        expect_usage(writer.begin({}));
        expect_usage(writer.loan());
        expect_usage(writer.publish(0));
        expect_usage(writer.write(kBytes));
        expect_usage(writer.write_hole(1));
        expect_usage(writer.fill(1, {}));
        expect_usage(writer.fill_parallel(1, {}));
        expect_usage(writer.flush());
        expect_usage(writer.end());
        expect_usage(writer.close());
        expect_usage(writer.linger(0ms));
        expect_usage(writer.check());
        EXPECT_EQ(writer.report().readers_served, 0U);
        writer.abort(Code::kInterrupted);
    }
    static void expect_all_refused(Reader& reader) {
        expect_usage(reader.next());
        expect_usage(reader.read());
        expect_usage(reader.read_piece());
        expect_usage(reader.acknowledge());
        expect_usage(reader.view());
        expect_usage(reader.close());
        reader.leave_out(Code::kInterrupted);
        reader.abort(Code::kInterrupted);
    }
    static void expect_all_refused(FrameWriter& writer) {
        expect_usage(writer.wait_for_readers(0, 0ms));
        expect_usage(writer.loan(1, 0ms));
        expect_usage(writer.publish_copy(kBytes, {}, 0ms));
        expect_usage(writer.check());
        expect_usage(writer.close());
        writer.abort(Code::kInterrupted);
    }

    static constexpr std::array<std::byte, 1> kBytes{};
    const UniqueSection section_;
};

TEST_F(EmptyObject, WriterThatWasMovedFromOrClosedRefusesEveryCall) {
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    Writer other = std::move(*writer);
    expect_all_refused(*writer);  // NOLINT(bugprone-use-after-move)
    (void)other.close();          // no reader came
    expect_all_refused(other);
}

TEST_F(EmptyObject, FrameWriterThatWasMovedFromOrClosedRefusesEveryCall) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto loan = writer->loan(100, 0ms);
    ASSERT_TRUE(loan) << describe(loan.error());
    FrameWriter other = std::move(*writer);
    expect_all_refused(*writer);  // NOLINT(bugprone-use-after-move)
    expect_usage(writer->publish(std::move(*loan)));
    ASSERT_TRUE(other.close());
    expect_all_refused(other);
    expect_usage(other.publish(std::move(*loan)));
}

TEST_F(EmptyObject, LoanOutlivesItsWriterAndGoesNowhere) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto loan = writer->loan(100, 0ms);
    ASSERT_TRUE(loan) << describe(loan.error());
    {
        const FrameWriter gone = std::move(*writer);
    }
    EXPECT_EQ(loan->bytes().size(), 100U);
    loan->bytes()[99] = std::byte{1};
    auto next = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(next) << "the loan keeps its writer alive: " << describe(next.error());
    expect_usage(next->publish(std::move(*loan)));
    const FrameLoan moved = std::move(*loan);
    EXPECT_TRUE(loan->bytes().empty());  // NOLINT(bugprone-use-after-move)
}

TEST_F(EmptyObject, ReaderThatWasMovedFromOrClosedRefusesEveryCall) {
    auto writer =
        Writer::create({.address = section_.address(), .delivery = StreamDelivery::kKeep});
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->close());
    auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    Reader other = std::move(*reader);
    expect_all_refused(*reader);  // NOLINT(bugprone-use-after-move)
    ASSERT_TRUE(other.close());
    expect_all_refused(other);
}

TEST_F(EmptyObject, FrameReaderAndFrameThatWereMovedFromRefuseEveryCall) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer && writer->publish_copy(kBytes, {}, 0ms));
    auto reader = FrameReader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    auto frame = reader->next(1s);
    ASSERT_TRUE(frame && *frame);
    const Frame kept = std::move(**frame);
    std::array<std::byte, 1> target{};
    EXPECT_TRUE((*frame)->bytes().empty());
    expect_usage((*frame)->verify());
    expect_usage((*frame)->copy_to(target));
    const FrameReader other = std::move(*reader);
    expect_usage(reader->next(0ms));  // NOLINT(bugprone-use-after-move)
    expect_usage(reader->latest(0ms));
    expect_usage(reader->try_latest());
}

TEST_F(EmptyObject, BufferThatWasMovedFromRefusesEveryCall) {
    auto buffer = SharedBuffer::create({.address = section_.address(), .size_bytes = 8});
    ASSERT_TRUE(buffer) << describe(buffer.error());
    auto lock = buffer->lock(0ms);
    ASSERT_TRUE(lock);
    const SharedBufferLock held = std::move(*lock);
    std::array<std::byte, 1> target{};
    EXPECT_TRUE(lock->bytes().empty());  // NOLINT(bugprone-use-after-move)
    expect_usage(lock->read_at(0, target));
    expect_usage(lock->write_at(0, kBytes));
    const SharedBuffer other = std::move(*buffer);
    expect_usage(buffer->check());  // NOLINT(bugprone-use-after-move)
    expect_usage(buffer->read_unlocked(0, target));
    expect_usage(buffer->write_unlocked(0, kBytes));
    expect_usage(buffer->lock(0ms));
    expect_usage(buffer->linger(0ms));
}

// What is no Result has a value all the same.
TEST_F(EmptyObject, FactsOfOneThatWasMovedFromAreZero) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer && writer->publish_copy(kBytes, {}, 0ms));
    auto reader = FrameReader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    auto frame = reader->next(1s);
    ASSERT_TRUE(frame && *frame);
    EXPECT_GT(reader->section_info().slot_count, 0U);
    EXPECT_NE((*frame)->epoch(), 0U);
    const Frame kept_frame = std::move(**frame);
    const FrameReader kept_reader = std::move(*reader);
    FrameWriter kept_writer = std::move(*writer);
    // NOLINTBEGIN(bugprone-use-after-move)
    EXPECT_EQ((*frame)->sequence(), 0U);
    EXPECT_EQ((*frame)->epoch(), 0U);
    EXPECT_EQ((*frame)->missed(), 0U);
    EXPECT_EQ((*frame)->timestamp_unix_ns(), 0);
    EXPECT_FALSE((*frame)->image());
    EXPECT_FALSE((*frame)->writer_restarted());
    EXPECT_FALSE((*frame)->has_checksum());
    EXPECT_FALSE(reader->has_ended());
    EXPECT_EQ(reader->epoch(), 0U);
    EXPECT_EQ(reader->section_info(), SectionInfo{});
    EXPECT_EQ(writer->section_info(), SectionInfo{});
    EXPECT_EQ(writer->report().frames, 0U);
    // NOLINTEND(bugprone-use-after-move)
    ASSERT_TRUE(kept_writer.close());
}

TEST_F(EmptyObject, FactsOfWriterReaderAndBufferThatWereMovedFromAreZero) {
    auto writer =
        Writer::create({.address = section_.address(), .delivery = StreamDelivery::kKeep});
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->close());
    auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_GT(reader->section_info().section_bytes, 0U);
    const Writer kept_writer = std::move(*writer);
    const Reader kept_reader = std::move(*reader);
    const UniqueSection other;
    auto buffer = SharedBuffer::create({.address = other.address(), .size_bytes = 8});
    ASSERT_TRUE(buffer) << describe(buffer.error());
    const SharedBuffer kept_buffer = std::move(*buffer);
    // NOLINTBEGIN(bugprone-use-after-move)
    EXPECT_EQ(writer->section_info(), SectionInfo{});
    EXPECT_EQ(writer->report().readers_served, 0U);
    EXPECT_FALSE(writer->section_persists());
    EXPECT_EQ(reader->section_info(), SectionInfo{});
    EXPECT_FALSE(reader->summary());
    EXPECT_FALSE(reader->has_ended());
    EXPECT_EQ(buffer->size_bytes(), 0U);
    EXPECT_FALSE(buffer->already_existed());
    EXPECT_FALSE(buffer->section_persists());
    // NOLINTEND(bugprone-use-after-move)
    other.remove();
}

}  // namespace
}  // namespace mapferry::testing

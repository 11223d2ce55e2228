// SPDX-License-Identifier: Apache-2.0
// The objects that a process has open when it forks stay its own: the child has inert copies of
// them. The child of each test uses all of them, and destroys them as a return from main() does.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/output.h"
#include "mapferry/reader.h"
#include "mapferry/shared_buffer_stream.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"
#include "platform/shared_object.h"
#include "support/forked_child.h"
#include "support/news.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

// Expects the error that each call in the child returns.
template <typename T>
void expect_refused(const Result<T>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kUsage);
    const std::string said = describe(result.error()) + " " + result.error().hint;
    EXPECT_NE(said.find("before a fork"), std::string::npos) << said;
    EXPECT_NE(said.find("open it anew"), std::string::npos) << said;
}

// Destroys an object as the end of main() does.
template <typename T>
void let_go(T& object) {
    const T gone = std::move(object);
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ForkedChild : public ::testing::Test {
  protected:
    [[nodiscard]] Result<Writer> keep(std::uint64_t bytes = 5) const {
        return Writer::create({.address = section_.address(),
                               .delivery = StreamDelivery::kKeep,
                               .workload = {.known_bytes = {&bytes, 1}}});
    }
    [[nodiscard]] Result<FrameWriter> camera(
        FrameDelivery delivery = FrameDelivery::kLatest) const {
        return FrameWriter::create(
            {.address = section_.address(), .delivery = delivery, .frame_limit_bytes = 4096});
    }
    // Publishes a frame all of whose bytes are `number`.
    static void publish(FrameWriter& writer, int number) {
        const std::vector<std::byte> bytes(1000, static_cast<std::byte>(number));
        const auto published = writer.publish_copy(bytes, {}, 1s);
        ASSERT_TRUE(published) << describe(published.error());
    }
    [[nodiscard]] Result<SharedBuffer> buffer() const {
        return SharedBuffer::open_or_create({.address = section_.address(), .size_bytes = 100});
    }

    const ScratchFolder folder_;
    const UniqueSection section_;
};

TEST_F(ForkedChild, OfAWriterLeavesItsNameAndItsPayload) {
    auto writer = keep();
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->begin({.name = "a", .payload_bytes = 5}));
    ASSERT_TRUE(writer->write(bytes_of("he")));
    EXPECT_EQ(failure_in_child([&] {
                  expect_refused(writer->wait_for_readers(1));
                  expect_refused(writer->begin({.name = "b"}));
                  expect_refused(writer->loan());
                  expect_refused(writer->publish(1));
                  expect_refused(writer->write(bytes_of("xyz")));
                  expect_refused(writer->fill(1, {}));
                  expect_refused(writer->fill_parallel(1, {}));
                  expect_refused(writer->flush());
                  expect_refused(writer->end());
                  expect_refused(writer->close());
                  expect_refused(writer->linger(0ms));
                  expect_refused(writer->check());
                  writer->abort(Code::kInterrupted);
                  let_go(*writer);
              }),
              "");
    EXPECT_TRUE(section_.exists());
    ASSERT_TRUE(writer->write(bytes_of("llo")));
    ASSERT_TRUE(writer->end());
    ASSERT_TRUE(writer->close());
    auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    ASSERT_TRUE(*reader->next());
    EXPECT_EQ(text_of(*reader->read()), "hello");
    section_.remove();
}

// The writer's helper thread does not exist in the child, where nothing would wake or join it.
TEST_F(ForkedChild, OfAWriterWithAHelperEnds) {
    constexpr std::uint64_t kBytes = std::uint64_t{8} << 20;
    auto writer = keep(kBytes);
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->begin({.name = "a", .payload_bytes = kBytes}));
    ASSERT_TRUE(writer->fill_parallel(kBytes, [](std::span<std::byte> target, std::uint64_t) {
        std::ranges::fill(target, std::byte{1});
        return Result<void>();
    }));
    EXPECT_EQ(failure_in_child([&] { let_go(*writer); }), "");
    ASSERT_TRUE(writer->end());
    ASSERT_TRUE(writer->close());
    section_.remove();
}

TEST_F(ForkedChild, OfAConsumerLeavesItsPayloadToIt) {
    auto writer = keep();
    ASSERT_TRUE(writer && writer->begin({.name = "a"}) && writer->write(bytes_of("hello")));
    ASSERT_TRUE(writer->end() && writer->close());
    const ReaderOptions consuming{
        .address = section_.address(), .timeout = 0ms, .consume = Consume::kRemoveWhenDone};
    auto reader = Reader::open(consuming);
    ASSERT_TRUE(reader) << describe(reader.error());
    ASSERT_TRUE(*reader->next());
    EXPECT_EQ(failure_in_child([&] {
                  expect_refused(reader->next());
                  expect_refused(reader->read());
                  expect_refused(reader->read_piece());
                  expect_refused(reader->acknowledge());
                  expect_refused(reader->view());
                  expect_refused(reader->close());
                  reader->abort(Code::kInterrupted);
                  let_go(*reader);
              }),
              "");
    EXPECT_TRUE(section_.exists());
    const auto second = Reader::open(consuming);
    ASSERT_FALSE(second) << "the child gave the consumer's role back";
    EXPECT_EQ(second.error().code, Code::kTimedOut);
    EXPECT_EQ(text_of(*reader->read()), "hello");
    ASSERT_TRUE(reader->read());  // the end
    ASSERT_TRUE(reader->acknowledge());
    ASSERT_TRUE(reader->close());
    EXPECT_FALSE(section_.exists());
}

TEST_F(ForkedChild, OfAFrameWriterLeavesItsNameAndItsReaders) {
    auto writer = camera();
    ASSERT_TRUE(writer) << describe(writer.error());
    publish(*writer, 1);
    auto reader = FrameReader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader && *reader->next(1s));
    auto loan = writer->loan(1000, 0ms);
    ASSERT_TRUE(loan);
    EXPECT_EQ(failure_in_child([&] {
                  expect_refused(writer->wait_for_readers(1, 0ms));
                  expect_refused(writer->loan(1, 0ms));
                  expect_refused(writer->publish(std::move(*loan)));
                  expect_refused(writer->publish_copy(bytes_of("x"), {}, 0ms));
                  expect_refused(writer->close());
                  expect_refused(writer->check());
                  writer->abort(Code::kInterrupted);
                  let_go(*loan);
                  let_go(*writer);
              }),
              "");
    EXPECT_TRUE(section_.exists());
    // The loan still belongs to the parent: no other loan gets its slot.
    const auto other = writer->loan(1000, 0ms);
    ASSERT_TRUE(other);
    EXPECT_NE(other->bytes().data(), loan->bytes().data());
    publish(*writer, 2);
    const auto frame = reader->next(1s);
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->bytes()[0], std::byte{2});
    EXPECT_FALSE((*frame)->writer_restarted());
}

TEST_F(ForkedChild, OfAReaderWithAHandleLeavesItToTheParent) {
    auto writer = camera();
    ASSERT_TRUE(writer) << describe(writer.error());
    auto reader = FrameReader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader);
    const NativeHandle handle = handle_of(*reader);
    EXPECT_EQ(failure_in_child([&] {
                  expect_refused(reader->notification_handle());
                  expect_refused(reader->try_next());
                  let_go(*reader);
                  EXPECT_FALSE(is_readable(handle)) << "the child's copy is open";
              }),
              "");
    EXPECT_TRUE(stays_unreadable(handle));
    publish(*writer, 1);
    EXPECT_TRUE(becomes_readable(handle));
    EXPECT_TRUE(value_of(reader->try_next()));
    EXPECT_TRUE(stays_unreadable(handle));
}

TEST_F(ForkedChild, OfAReaderOfPayloadsWithAHandleLeavesItToTheParent) {
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader);
    const NativeHandle handle = handle_of(*reader);
    EXPECT_EQ(failure_in_child([&] {
                  expect_refused(reader->notification_handle());
                  expect_refused(reader->try_next());
                  let_go(*reader);
              }),
              "");
    EXPECT_TRUE(stays_unreadable(handle));
    ASSERT_TRUE(writer->begin({}));
    ASSERT_TRUE(writer->write(bytes_of("hello")));
    ASSERT_TRUE(writer->end());
    EXPECT_TRUE(becomes_readable(handle));
    EXPECT_TRUE(value_of(reader->try_next()));
}

// A fault that was reported from practice: a frame under a lease had byte 37 instead of 1.
TEST_F(ForkedChild, OfAFrameReaderLeavesTheLeaseOfItsFrame) {
    auto writer = camera();
    ASSERT_TRUE(writer) << describe(writer.error());
    publish(*writer, 1);
    auto reader = FrameReader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader);
    auto frame = reader->next(1s);
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ(failure_in_child([&] {
                  EXPECT_EQ((*frame)->bytes()[999], std::byte{1});
                  expect_refused((*frame)->verify());
                  std::array<std::byte, 1000> copy{};
                  expect_refused((*frame)->copy_to(copy));
                  expect_refused(reader->next(0ms));
                  expect_refused(reader->latest(0ms));
                  expect_refused(reader->try_latest());
                  expect_refused(reader->try_next());
                  expect_refused(reader->notification_handle());
                  let_go(**frame);
                  let_go(*reader);
              }),
              "");
    for (int number = 2; number < 100; ++number)
        publish(*writer, number);
    EXPECT_EQ((*frame)->bytes()[0], std::byte{1});
    EXPECT_TRUE((*frame)->verify());
    const auto next = reader->latest(1s);
    ASSERT_TRUE(next && *next) << "the child has left the parent's place";
    EXPECT_EQ((*next)->bytes()[0], std::byte{99});
}

TEST_F(ForkedChild, OfALockHolderLeavesTheLockAndTheBytes) {
    auto mine = buffer();
    ASSERT_TRUE(mine) << describe(mine.error());
    ASSERT_TRUE(mine->write_unlocked(0, bytes_of("parent")));
    auto lock = mine->lock(0ms);
    ASSERT_TRUE(lock);
    EXPECT_EQ(failure_in_child([&] {
                  expect_refused(mine->check());
                  expect_refused(mine->write_unlocked(0, bytes_of("child!")));
                  expect_refused(mine->lock(0ms));
                  expect_refused(mine->linger(0ms));
                  std::array<std::byte, 6> target{};
                  expect_refused(mine->read_unlocked(0, target));
                  expect_refused(lock->read_at(0, target));
                  EXPECT_TRUE(lock->bytes().empty() && lock->writable_bytes().empty());
                  lock->release();
                  let_go(*lock);
                  SharedBufferStream stream(std::move(*mine));
                  stream << "child!";
                  EXPECT_TRUE(stream.fail());
              }),
              "");
    auto other = buffer();
    ASSERT_TRUE(other);
    const auto refused = other->lock(0ms);
    ASSERT_FALSE(refused) << "the child gave the parent's lock back";
    EXPECT_EQ(refused.error().code, Code::kTimedOut);
    lock->release();
    const auto next = other->lock(0ms);
    ASSERT_TRUE(next);
    EXPECT_FALSE(next->previous_holder_died());
    std::array<std::byte, 6> target{};
    EXPECT_EQ(other->read_unlocked(0, target), 6u);
    EXPECT_EQ(text_of(target), "parent");
    section_.remove();
}

TEST_F(ForkedChild, OpensWhatItNeedsAnew) {
    auto mine = buffer();
    ASSERT_TRUE(mine) << describe(mine.error());
    EXPECT_EQ(failure_in_child([&] {
                  // Destroying the old buffer must not close the new buffer's descriptor.
                  mine = buffer();
                  ASSERT_TRUE(mine);
                  const auto lock = mine->lock(0ms);
                  EXPECT_TRUE(lock && mine->write_unlocked(0, bytes_of("child!")));
              }),
              "");
    std::array<std::byte, 6> target{};
    EXPECT_EQ(mine->read_unlocked(0, target), 6u);
    EXPECT_EQ(text_of(target), "child!");
    section_.remove();
}

TEST_F(ForkedChild, OfAnOutputLeavesItsTemporaryAndItsBytes) {
    for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kInPlace}) {
        write_file(folder_.file("a"), std::string("what was there"));
        auto output = Output::to_file(folder_.file("a"), overwrite, {});
        ASSERT_TRUE(output) << describe(output.error());
        ASSERT_TRUE(output->write(bytes_of("par")));
        EXPECT_EQ(failure_in_child([&] {
                      expect_refused(output->write(bytes_of("child!")));
                      expect_refused(output->commit({}));
                      let_go(*output);
                  }),
                  "");
        ASSERT_TRUE(output->write(bytes_of("ent")));
        ASSERT_TRUE(output->commit({}));
        EXPECT_EQ(read_text(folder_.file("a")), "parent");
    }
}

TEST_F(ForkedChild, OfAnOutputThatIsBroughtToTheDiskEnds) {
    const std::vector<std::byte> piece(std::size_t{33} << 20);
    write_file(folder_.file("a"), std::string("what was there"));
    auto output = Output::to_file(folder_.file("a"), Overwrite::kReplace, {});
    ASSERT_TRUE(output && output->write(piece));
    EXPECT_EQ(failure_in_child([&] { let_go(*output); }), "");
    ASSERT_TRUE(output->commit({}));
}

TEST_F(ForkedChild, LeavesATemporaryName) {
    write_file(folder_.file("a"), std::string("mine"));
    platform::TemporaryPath name(folder_.file("a"));
    EXPECT_EQ(failure_in_child([&] {
                  platform::TemporaryPath other;
                  other = std::move(name);
              }),
              "");
    EXPECT_TRUE(std::filesystem::exists(folder_.file("a")));
}

TEST_F(ForkedChild, OfASourceLeavesItsPlace) {
    write_file(folder_.file("a"), std::string("abcdef"));
    auto source = Source::open_file(folder_.file("a"));
    ASSERT_TRUE(source) << describe(source.error());
    EXPECT_EQ(failure_in_child([&] {
                  std::array<std::byte, 3> target{};
                  expect_refused(source->read(target));
                  expect_refused(source->read_at(target, 0));
                  expect_refused(source->skip(1));
                  expect_refused(source->wait_ready(0ms));
              }),
              "");
    std::array<std::byte, 6> target{};
    EXPECT_EQ(source->read(target), 6u);
    EXPECT_EQ(text_of(target), "abcdef");
}

}  // namespace
}  // namespace mapferry::testing

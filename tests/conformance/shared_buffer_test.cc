// SPDX-License-Identifier: Apache-2.0
// The promises of SharedBuffer, in memory and in a file, within a process and between two.
#include "mapferry/shared_buffer.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <limits>
#include <optional>
#include <thread>

#include "conformance/either_backing.h"
#include "mapferry/inspect.h"
#include "mapferry/writer.h"
#include "support/host.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::chrono::milliseconds kPatience{30'000};
constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

class Buffer : public EitherBacking {
  protected:
    void TearDown() override { (void)remove_section(address(), RemovePolicy::kAnyway); }

    [[nodiscard]] Result<SharedBuffer> open(std::uint64_t size_bytes,
                                            BufferAccess access = BufferAccess::kReadWrite) const {
        const SharedBufferOptions options{
            .address = address(), .size_bytes = size_bytes, .access = access};
        const bool creates = size_bytes != 0 && access == BufferAccess::kReadWrite;
        return creates ? SharedBuffer::open_or_create(options) : SharedBuffer::open(options);
    }
    // Opens the buffer, or ends the test.
    [[nodiscard]] SharedBuffer must_open(std::uint64_t size_bytes) const {
        auto buffer = open(size_bytes);
        if (!buffer) throw std::runtime_error(describe(buffer.error()));
        return std::move(*buffer);
    }
    // Starts a process that holds the lock until its input ends.
    [[nodiscard]] ChildProcess start_holder() const {
        ChildProcess holder = start_peer("hold-buffer");
        std::array<std::byte, 5> said{};
        EXPECT_NE(holder.read_output(said), 0u) << holder.errors();
        return holder;
    }
};

INSTANTIATE_TEST_SUITE_P(Each, Buffer, ::testing::Values(Backing::kMemory, Backing::kFile),
                         backing_name);

Bytes read_all(const SharedBuffer& buffer) {
    Bytes bytes(static_cast<std::size_t>(buffer.size_bytes()));
    EXPECT_EQ(buffer.read_unlocked(0, bytes), bytes.size());
    return bytes;
}

TEST_P(Buffer, LockLendsTheBytesInPlaceUntilItIsReleased) {
    SharedBuffer buffer = must_open(100);
    auto lock = buffer.lock(0ms);
    ASSERT_TRUE(lock);
    EXPECT_EQ(lock->bytes().size(), 100u);
    std::ranges::copy(bytes_of("lent"), lock->writable_bytes().begin());
    Bytes seen(4);
    EXPECT_EQ(lock->read_at(0, seen), 4u);
    EXPECT_EQ(seen, bytes_of("lent"));
    EXPECT_EQ(lock->write_at(98, bytes_of("xyz")), 2u);
    lock->release();
    EXPECT_TRUE(lock->bytes().empty());
    EXPECT_TRUE(lock->writable_bytes().empty());
    EXPECT_EQ(lock->read_at(0, seen).error().code, Code::kUsage);
    EXPECT_EQ(lock->write_at(0, seen).error().code, Code::kUsage);
}

TEST_P(Buffer, LockOfAReadOnlyBufferLendsNothingToWriteTo) {
    SharedBuffer buffer = must_open(100);
    auto reader = open(0, BufferAccess::kReadOnly);
    ASSERT_TRUE(reader);
    auto lock = reader->lock(0ms);
    ASSERT_TRUE(lock);
    EXPECT_EQ(lock->bytes().size(), 100u);
    EXPECT_TRUE(lock->writable_bytes().empty());
    EXPECT_EQ(lock->write_at(0, bytes_of("x")).error().code, Code::kPermission);
}

TEST_P(Buffer, CreationOfOneThatExistsIsRefused) {
    const SharedBufferOptions options{.address = address(), .size_bytes = 100};
    auto first = SharedBuffer::create(options);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_FALSE(first->already_existed());
    EXPECT_EQ(SharedBuffer::create(options).error().code, Code::kCannotCreate);
    EXPECT_TRUE(SharedBuffer::open(options));
}

TEST_P(Buffer, CreationWithoutASizeOrReadOnlyIsUsage) {
    EXPECT_EQ(SharedBuffer::create({.address = address()}).error().code, Code::kUsage);
    EXPECT_EQ(SharedBuffer::open_or_create({.address = address()}).error().code, Code::kUsage);
    EXPECT_EQ(SharedBuffer::open_or_create(
                  {.address = address(), .size_bytes = 8, .access = BufferAccess::kReadOnly})
                  .error()
                  .code,
              Code::kUsage);
}

TEST_P(Buffer, FirstCreatesZeroedSecondFindsItThere) {
    SharedBuffer first = must_open(1000);
    EXPECT_FALSE(first.already_existed());
    EXPECT_EQ(first.size_bytes(), 1000u) << "exactly, not in pages";
    EXPECT_EQ(read_all(first), Bytes(1000));
    const SharedBuffer second = must_open(1000);
    EXPECT_TRUE(second.already_existed());
    const SharedBuffer third = must_open(0);
    EXPECT_TRUE(third.already_existed());
    EXPECT_EQ(third.size_bytes(), 1000u);
    const Bytes text = bytes_of("seen by all");
    EXPECT_EQ(first.write_unlocked(989, text), text.size());
    Bytes seen(text.size());
    EXPECT_EQ(second.read_unlocked(989, seen), text.size());
    EXPECT_EQ(seen, text);
}

TEST_P(Buffer, ReadingAndWritingEndWithTheBuffer) {
    SharedBuffer buffer = must_open(100);
    Bytes eight(8, std::byte{7});
    EXPECT_EQ(buffer.write_unlocked(92, eight), 8u);
    EXPECT_EQ(buffer.write_unlocked(95, eight), 5u);
    for (const std::uint64_t beyond :
         {std::uint64_t{100}, std::uint64_t{101}, kMax64 - 7, kMax64}) {
        EXPECT_EQ(buffer.write_unlocked(beyond, eight), 0u) << beyond;
        EXPECT_EQ(buffer.read_unlocked(beyond, eight), 0u) << beyond;
    }
    Bytes many(1000);
    EXPECT_EQ(buffer.read_unlocked(90, many), 10u);
    EXPECT_EQ(many[1], std::byte{0});
    EXPECT_EQ(many[2], std::byte{7});
    EXPECT_EQ(many[10], std::byte{0}) << "nothing from behind the end";
    EXPECT_EQ(buffer.read_unlocked(0, {}), 0u);
}

TEST_P(Buffer, OtherSizeNamesBoth) {
    const SharedBuffer buffer = must_open(1000);
    const auto other = open(1001);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Code::kCannotCreate);
    EXPECT_NE(other.error().message.find("1000"), std::string::npos) << other.error().message;
    EXPECT_NE(other.error().message.find("1001"), std::string::npos) << other.error().message;
}

TEST_P(Buffer, MissingIsNotFoundUnlessItIsToBeMade) {
    for (const auto access : {BufferAccess::kReadWrite, BufferAccess::kReadOnly}) {
        const auto none = open(0, access);
        ASSERT_FALSE(none);
        EXPECT_EQ(none.error().code, Code::kNotFound);
    }
    const auto none = open(8, BufferAccess::kReadOnly);
    ASSERT_FALSE(none) << "read-only never creates";
    const auto late = SharedBuffer::open({.address = address(), .timeout = 30ms});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::kTimedOut);
}

TEST_P(Buffer, OpenedReadOnlyIsReadAndNotWritten) {
    SharedBuffer buffer = must_open(16);
    EXPECT_EQ(buffer.write_unlocked(3, bytes_of("x")), 1u);
    auto reader = open(0, BufferAccess::kReadOnly);
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_EQ(reader->access(), BufferAccess::kReadOnly);
    EXPECT_EQ(read_all(*reader)[3], std::byte{'x'});
    const auto refused = reader->write_unlocked(3, bytes_of("y"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kPermission);
    EXPECT_EQ(read_all(buffer)[3], std::byte{'x'});
    EXPECT_TRUE(reader->lock(0ms)) << "readers need the lock too";
}

TEST_P(Buffer, WaitsForAnotherToCreateIt) {
    std::optional<Result<SharedBuffer>> found;
    std::thread waiter(
        [&] { found = SharedBuffer::open({.address = address(), .timeout = kPatience}); });
    const SharedBuffer made = must_open(64);
    waiter.join();
    ASSERT_TRUE(*found) << describe(found->error());
    EXPECT_EQ((*found)->size_bytes(), 64u);
}

TEST_P(Buffer, SectionOfAnotherKindIsRefused) {
    const auto writer = Writer::create({.address = address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    const auto made = open(64);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::kCannotCreate);
    const auto opened = open(0);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kUsage);
}

TEST_P(Buffer, RefusesAWriterOfItsName) {
    const SharedBuffer buffer = must_open(64);
    const auto writer = Writer::create({.address = address()});
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, Code::kCannotCreate);
    EXPECT_NE(writer.error().message.find("buffer"), std::string::npos) << writer.error().message;
}

TEST_P(Buffer, IsReportedAsBuffer) {
    SharedBuffer buffer = must_open(5000);
    auto report = inspect_section(address());
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->section.delivery, Delivery::kBuffer);
    EXPECT_EQ(report->section.buffer_bytes, 5000u);
    EXPECT_FALSE(report->dead);
    EXPECT_EQ(report->lock, BufferLockState::kFree);
    const auto lock = buffer.lock(0ms);
    ASSERT_TRUE(lock);
    EXPECT_EQ(inspect_section(address()).value().lock, BufferLockState::kHeld);
    const auto removed = remove_section(address(), RemovePolicy::kRefuseLive);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, Code::kBusy);
}

TEST_P(Buffer, RemovedLivesOnForItsUsersAndItsNameIsFree) {
    SharedBuffer old = must_open(8);
    EXPECT_EQ(old.write_unlocked(0, bytes_of("old")), 3u);
    ASSERT_TRUE(remove_section(address(), RemovePolicy::kRefuseLive));
    const SharedBuffer fresh = must_open(80);
    EXPECT_FALSE(fresh.already_existed());
    EXPECT_EQ(read_all(fresh), Bytes(80));
    EXPECT_EQ(read_all(old)[0], std::byte{'o'});
}

TEST_P(Buffer, OutlivesItsCreatorAsLongAsSomebodyHasItOpen) {
    std::optional<SharedBuffer> first = must_open(8);
    SharedBuffer second = must_open(8);
    EXPECT_EQ(first->write_unlocked(0, bytes_of("stays")), 5u);
    first.reset();
    const SharedBuffer third = must_open(8);
    EXPECT_TRUE(third.already_existed());
    EXPECT_EQ(read_all(third)[4], std::byte{'s'});
}

TEST_P(Buffer, EndsWithItsLastUserWhereSectionsDo) {
    {
        const SharedBuffer buffer = must_open(8);
    }
    const bool there = open(0).has_value();
    const bool stays = GetParam() == Backing::kFile || sections_outlive_processes();
    EXPECT_EQ(there, stays);
}

// ---- the lock ----------------------------------------------------------------------------------

TEST_P(Buffer, LockExcludesOtherOpeningsUntilReleased) {
    SharedBuffer mine = must_open(8);
    SharedBuffer theirs = must_open(8);
    auto lock = mine.lock(0ms);
    ASSERT_TRUE(lock) << describe(lock.error());
    EXPECT_FALSE(lock->previous_holder_died());
    const auto refused = theirs.lock(0ms);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kTimedOut);
    lock->release();
    lock->release();
    auto second = theirs.lock(0ms);
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->previous_holder_died());
}

TEST_P(Buffer, LockTwiceByOneObjectIsRefusedAtOnce) {
    SharedBuffer buffer = must_open(8);
    const auto lock = buffer.lock(0ms);
    ASSERT_TRUE(lock);
    const auto again = buffer.lock(kPatience);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::kUsage);
}

TEST_P(Buffer, LockMovesAndOutlivesItsBuffer) {
    std::optional<SharedBuffer> mine = must_open(8);
    SharedBuffer theirs = must_open(8);
    auto lock = mine->lock(0ms);
    ASSERT_TRUE(lock);
    std::optional<SharedBufferLock> moved = std::move(*lock);
    mine.reset();
    EXPECT_FALSE(theirs.lock(0ms));
    moved.reset();
    EXPECT_TRUE(theirs.lock(0ms));
}

TEST_P(Buffer, LockIsWaitedForUntilTheTimeout) {
    SharedBuffer mine = must_open(8);
    SharedBuffer theirs = must_open(8);
    const auto lock = mine.lock(0ms);
    ASSERT_TRUE(lock);
    const auto began = std::chrono::steady_clock::now();
    const auto late = theirs.lock(120ms);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::kTimedOut);
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(119));
}

TEST_P(Buffer, LockComesToAWaiterWhenItIsReleased) {
    SharedBuffer mine = must_open(8);
    auto lock = mine.lock(0ms);
    ASSERT_TRUE(lock);
    std::atomic<bool> got = false;
    std::thread waiter([&] {
        SharedBuffer theirs = must_open(8);
        got = theirs.lock(kPatience).has_value();
    });
    lock->release();
    waiter.join();
    EXPECT_TRUE(got);
}

TEST_P(Buffer, LockIsInterruptedByTheStopFlag) {
    std::atomic<int> stop = 1;
    SharedBuffer mine = must_open(8);
    auto theirs = SharedBuffer::open({.address = address(), .stop = &stop});
    ASSERT_TRUE(theirs);
    const auto lock = mine.lock(0ms);
    ASSERT_TRUE(lock);
    const auto refused = theirs->lock(kPatience);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kInterrupted);
}

TEST_P(Buffer, LockOfALivingProcessIsRespectedAndComesFreeWithIt) {
    SharedBuffer buffer = must_open(8);
    ChildProcess holder = start_holder();
    EXPECT_FALSE(buffer.lock(0ms));
    holder.close_input();
    const auto lock = buffer.lock(kPatience);
    ASSERT_TRUE(lock) << describe(lock.error());
    EXPECT_FALSE(lock->previous_holder_died()) << "it released the lock";
    (void)holder.wait();
}

TEST_P(Buffer, LockOfADeadHolderComesWithTheWordOnce) {
    SharedBuffer buffer = must_open(8);
    ChildProcess holder = start_holder();
    holder.send(Signal::kKill);
    {
        const auto lock = buffer.lock(kPatience);
        ASSERT_TRUE(lock) << describe(lock.error());
        EXPECT_TRUE(lock->previous_holder_died());
    }
    const auto next = buffer.lock(0ms);
    ASSERT_TRUE(next);
    EXPECT_FALSE(next->previous_holder_died());
    (void)holder.wait();
}

TEST_P(Buffer, DeadHoldersMarkIsLeftByReadersForTheNextWriter) {
    SharedBuffer buffer = must_open(8);
    ChildProcess holder = start_holder();
    holder.send(Signal::kKill);
    (void)holder.wait();
    auto reader = open(0, BufferAccess::kReadOnly);
    ASSERT_TRUE(reader);
    for (int i = 0; i < 2; ++i) {
        const auto lock = reader->lock(kPatience);
        ASSERT_TRUE(lock);
        EXPECT_TRUE(lock->previous_holder_died());
    }
    EXPECT_EQ(inspect_section(address()).value().lock, BufferLockState::kHolderDied);
    const auto lock = buffer.lock(0ms);
    ASSERT_TRUE(lock);
    EXPECT_TRUE(lock->previous_holder_died());
}

TEST_P(Buffer, LockOfAStoppedHolderTimesOut) {
    SharedBuffer buffer = must_open(8);
    ChildProcess holder = start_holder();
    holder.send(Signal::kStop);
    const auto lock = buffer.lock(50ms);
    ASSERT_FALSE(lock) << "stopped is not dead";
    EXPECT_EQ(lock.error().code, Code::kTimedOut);
    holder.send(Signal::kContinue);
    holder.close_input();
    EXPECT_TRUE(buffer.lock(kPatience));
    (void)holder.wait();
}

TEST(BufferSpace, OfMoreThanThereIsSaysSoAndMakesNothing) {
    const UniqueSection section;
    const auto buffer = SharedBuffer::open_or_create(
        {.address = section.address(), .size_bytes = std::uint64_t{1} << 40});
    ASSERT_FALSE(buffer);
    EXPECT_EQ(buffer.error().code, Code::kIo) << describe(buffer.error());
    EXPECT_FALSE(section.exists());
}

}  // namespace
}  // namespace mapferry::testing

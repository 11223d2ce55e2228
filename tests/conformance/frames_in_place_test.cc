// SPDX-License-Identifier: Apache-2.0
// Frames between two openings of one section: the same memory, grown on demand.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "format/layout.h"
#include "format/shared_access.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/inspect.h"
#include "support/child_process.h"
#include "support/object_bytes.h"
#include "support/physical_page.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

class FramesInPlace : public ::testing::Test {
  protected:
    [[nodiscard]] FrameWriter make_writer(FrameWriterOptions options = {}) const {
        options.address = section_.address();
        auto writer = FrameWriter::create(options);
        if (!writer) throw std::runtime_error(describe(writer.error()));
        return std::move(*writer);
    }
    [[nodiscard]] FrameReader make_reader() const {
        auto reader = FrameReader::open({.address = section_.address(), .timeout = 5s});
        if (!reader) throw std::runtime_error(describe(reader.error()));
        return std::move(*reader);
    }
    [[nodiscard]] std::uint64_t used_bytes() const {
        const auto report = inspect_section(section_.address());
        return report ? report->used_bytes : 0;
    }

    const UniqueSection section_;
};

TEST_F(FramesInPlace, WriterAndReaderTouchTheSameMemory) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    auto loan = writer.loan(kMiB, 0ms);
    ASSERT_TRUE(loan);
    const std::span<std::byte> written = loan->bytes();
    std::ranges::fill(written, std::byte{1});
    ASSERT_TRUE(writer.publish(std::move(*loan)));
    auto frame = reader.next(5s);
    ASSERT_TRUE(frame && *frame);
    const std::span<const std::byte> seen = (*frame)->bytes();
    EXPECT_NE(static_cast<const void*>(seen.data()), static_cast<void*>(written.data()))
        << "two mappings";
    // The writer breaks the lease here, on purpose: its stores now show at once in the reader's
    // mapping, so no byte was ever copied.
    for (const std::size_t at : {std::size_t{0}, written.size() / 2, written.size() - 1}) {
        written[at] = std::byte{2};
        EXPECT_EQ(seen[at], std::byte{2}) << at;
    }
}

TEST_F(FramesInPlace, FrameThatIsAnnouncedAndNotThereIsNotWaitedForLongerThanTheTimeout) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    ASSERT_TRUE(writer.publish_copy(random_bytes(100), {}, 0ms));
    ASSERT_TRUE(reader.next(5s));
    // A damaged word announces a frame that no descriptor has.
    const ObjectBytes object(section_.address());
    auto* const line = reinterpret_cast<layout::FrameLine*>(
        object.bytes().subspan(layout::kFrameLineOffset).data());
    shared::store(line->newest, std::uint64_t{1000} << layout::kNewestSlotBits,
                  std::memory_order_seq_cst);  // partner: the load in FrameRingReader::newest
    const auto next = reader.next(200ms);
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Code::kTimedOut);
    EXPECT_EQ(reader.latest(200ms).error().code, Code::kTimedOut);
}

TEST_F(FramesInPlace, TwoProcessesHaveTheSamePagesOfMemory) {
    FrameWriter writer = make_writer();
    ChildProcess reader({.program = MAPFERRY_TEST_PEER_PATH,
                         .arguments = {"look-at-frame", section_.address().name, ""},
                         .input = pipe_stream()});
    ASSERT_TRUE(writer.wait_for_readers(1, kWatchdog));
    auto loan = writer.loan(kMiB, 0ms);
    ASSERT_TRUE(loan);
    const std::span<std::byte> bytes = loan->bytes();
    std::ranges::fill(bytes, std::byte{1});
    if (physical_page(bytes.data()).empty())
        GTEST_SKIP() << "this system does not tell where a page lies";
    std::string mine;
    for (std::size_t at = 0; at < bytes.size(); at += layout::kPageBytes)
        mine += physical_page(&bytes[at]) + "\n";
    ASSERT_TRUE(writer.publish(std::move(*loan)));
    ASSERT_TRUE(eventually([&] { return reader.output().size() >= mine.size(); }));
    EXPECT_EQ(reader.output(), mine);
    reader.close_input();
    EXPECT_EQ(reader.wait(), exited(0));
}

TEST_F(FramesInPlace, OnlookersSeeWhatAReaderTookAndMissed) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(writer.publish_copy(random_bytes(10), {}, 0ms));
        ASSERT_TRUE(writer.publish_copy(random_bytes(10), {}, 0ms));
        ASSERT_TRUE(reader.latest(5s));
    }
    const auto report = inspect_section(section_.address());
    ASSERT_TRUE(report && report->readers.size() == 1);
    EXPECT_EQ(report->payload_bytes, 40u);
    const ReaderFigures& figures = report->readers[0].figures;
    EXPECT_EQ(figures.frames_taken, 2u);
    EXPECT_EQ(figures.frames_missed, 1u) << "what came before the first one is not missed";
    EXPECT_TRUE(figures.latency_ns.has_value());
}

TEST_F(FramesInPlace, FramesOfEverySizePassThroughOneSection) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    const std::uint64_t small = 640 * 480 * 3;
    const std::uint64_t large = 7680 * 4320 * 3;
    for (const std::uint64_t bytes : {small, small, std::uint64_t{0}, large, small}) {
        const Bytes sent = random_bytes(static_cast<std::size_t>(bytes), bytes);
        ASSERT_TRUE(writer.publish_copy(sent, {}, 0ms));
        auto frame = reader.next(5s);
        ASSERT_TRUE(frame && *frame);
        ASSERT_EQ((*frame)->bytes().size(), bytes);
        EXPECT_TRUE((*frame)->verify());
        EXPECT_TRUE(same_bytes((*frame)->bytes(), sent));
    }
    const auto over = writer.loan((std::uint64_t{256} << 20) + 1, 0ms);
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, Code::kUsage);
    EXPECT_TRUE(writer.loan(small, 0ms)) << "the limit ends nothing";
}

TEST_F(FramesInPlace, LeaseOutlivesReaderAndWriter) {
    Bytes sent = random_bytes(100'000);
    std::optional<Frame> frame;
    {
        FrameWriter writer = make_writer();
        FrameReader reader = make_reader();
        ASSERT_TRUE(writer.publish_copy(sent, {}, 0ms));
        auto got = reader.next(5s);
        ASSERT_TRUE(got && *got);
        frame = std::move(**got);
        ASSERT_TRUE(writer.close());
    }
    EXPECT_TRUE(std::ranges::equal(frame->bytes(), sent));
    EXPECT_TRUE(frame->verify());
}

// A pointer into a published frame must find memory when its slot is mapped anew for a larger one.
TEST_F(FramesInPlace, MemoryOfALoanStaysMappedAfterTheLoanAndItsWriter) {
    std::optional<FrameWriter> writer = make_writer();
    std::vector<std::shared_ptr<const void>> memories;
    std::vector<std::span<std::byte>> places;
    for (const std::uint64_t bytes : {std::uint64_t{100}, 8 * kMiB, 40 * kMiB}) {
        for (int i = 0; i < 8; ++i) {
            auto loan = writer->loan(bytes, 0ms);
            ASSERT_TRUE(loan) << loan.error().message;
            memories.push_back(loan->memory());
            places.push_back(loan->bytes());
            ASSERT_TRUE(writer->publish(std::move(*loan)));
            EXPECT_EQ(loan->memory(), nullptr);
        }
    }
    writer.reset();
    for (const std::span<std::byte> place : places) {
        place.front() = std::byte{1};
        place.back() = std::byte{2};
        EXPECT_EQ(place.back(), std::byte{2});
    }
}

TEST_F(FramesInPlace, ImageAndFactsCome) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    const ImageDescription image = describe_raw_image(320, 200, "BGR24").value();
    auto loan = writer.loan(image, 0ms);
    ASSERT_TRUE(loan);
    EXPECT_EQ(loan->bytes().size(), 320u * 200 * 3);
    ASSERT_TRUE(writer.publish(std::move(*loan)));
    auto frame = reader.latest(5s);
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->image(), image);
    EXPECT_EQ((*frame)->sequence(), 0u);
    EXPECT_EQ((*frame)->missed(), 0u);
    EXPECT_GT((*frame)->timestamp_unix_ns(), 1'700'000'000'000'000'000);
    EXPECT_FALSE((*frame)->writer_restarted());
    EXPECT_FALSE((*frame)->has_checksum());
    EXPECT_EQ((*frame)->verify().error().code, Code::kUsage);
}

TEST_F(FramesInPlace, ImageLargerThanItsLoanIsRefused) {
    FrameWriter writer = make_writer();
    const ImageDescription image = describe_raw_image(320, 200, "BGR24").value();
    auto loan = writer.loan(1000, 0ms);
    ASSERT_TRUE(loan);
    loan->set_image(image);
    EXPECT_EQ(writer.publish(std::move(*loan)).error().code, Code::kUsage);
    // The loan still belongs to the caller.
    loan->set_image(std::nullopt);
    EXPECT_TRUE(writer.publish(std::move(*loan)));
    EXPECT_TRUE(loan->bytes().empty());
    EXPECT_EQ(writer.publish(std::move(*loan)).error().code, Code::kUsage);
    EXPECT_EQ(writer.publish_copy(Bytes(10), {.image = image}, 0ms).error().code, Code::kUsage);
}

TEST_F(FramesInPlace, ImageThatFitTheFrameBeforeIsRefusedInAShorterOne) {
    FrameWriter writer = make_writer();
    const FrameNotes notes{.image = describe_raw_image(8, 8, "GRAY8").value()};
    ASSERT_TRUE(writer.publish_copy(random_bytes(64), notes, 0ms));
    EXPECT_EQ(writer.publish_copy(random_bytes(63), notes, 0ms).error().code, Code::kUsage);
    EXPECT_TRUE(writer.publish_copy(random_bytes(64), notes, 0ms));
}

TEST_F(FramesInPlace, EachFrameHasItsOwnImage) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    FrameNotes first{.image = describe_raw_image(8, 8, "GRAY8").value()};
    FrameNotes upside_down = first;
    upside_down.image->orientation = Orientation::kBottomUp;
    FrameNotes second{.image = describe_raw_image(2, 4, "BGRA32").value()};
    for (const FrameNotes& notes :
         {first, first, upside_down, FrameNotes{}, FrameNotes{}, second, first}) {
        ASSERT_TRUE(writer.publish_copy(random_bytes(64), notes, 0ms));
        const auto frame = reader.next(5s);
        ASSERT_TRUE(frame && *frame);
        EXPECT_EQ((*frame)->image(), notes.image);
    }
}

TEST_F(FramesInPlace, ChecksumOfAllCoversLoans) {
    FrameWriter writer = make_writer({.checksum = Checksum::kAll});
    FrameReader reader = make_reader();
    auto loan = writer.loan(kMiB, 0ms);
    ASSERT_TRUE(loan);
    const std::span<std::byte> bytes = loan->bytes();
    std::ranges::fill(bytes, std::byte{3});
    ASSERT_TRUE(writer.publish(std::move(*loan)));
    auto frame = reader.latest(5s);
    ASSERT_TRUE(frame && *frame);
    EXPECT_TRUE((*frame)->verify());
    bytes[12345] = std::byte{4};
    const auto damaged = (*frame)->verify();
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, Code::kCorrupt);
}

TEST_F(FramesInPlace, TryLatestNeverWaitsAndGivesEachFrameOnce) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    auto none = reader.try_latest();
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(writer.publish_copy(Bytes(10), {}, 0ms));
    auto newest = reader.try_latest();
    ASSERT_TRUE(newest && *newest);
    EXPECT_EQ((*newest)->sequence(), 2u);
    auto again = reader.try_latest();
    ASSERT_TRUE(again);
    EXPECT_FALSE(*again);
}

// Each: the slow reader holds a frame for long and asks for no other; the other reader gets all
// frames.
TEST_F(FramesInPlace, ReaderOfTheNewestOnlyHoldsNobodyToItsPace) {
    FrameWriter writer = make_writer({.delivery = FrameDelivery::kEach, .frame_limit_bytes = 4096});
    FrameReader slow = make_reader();
    FrameReader fast = make_reader();
    const Bytes bytes = random_bytes(4096);
    ASSERT_TRUE(writer.publish_copy(bytes, {}, 0ms));
    const auto held = slow.latest(5s);
    ASSERT_TRUE(held && *held);
    for (std::uint64_t i = 0; i < 200; ++i) {
        const auto frame = fast.next(5s);
        ASSERT_TRUE(frame && *frame);
        EXPECT_EQ((*frame)->sequence(), i);
        EXPECT_EQ((*frame)->missed(), 0u);
        const auto published = writer.publish_copy(bytes, {}, 5s);
        ASSERT_TRUE(published) << describe(published.error());
    }
    EXPECT_EQ(writer.report().readers_lost, 0u);
    const auto newest = slow.latest(5s);
    ASSERT_TRUE(newest && *newest);
    EXPECT_EQ((*newest)->sequence(), 200u);
    EXPECT_EQ((*newest)->missed(), 199u);
    // The writer also does not wait for a reader that finds no frame yet: the reader has shown that
    // it wants the newest.
    EXPECT_FALSE(slow.try_latest().value());
}

TEST_F(FramesInPlace, ReaderThatWantsEachAgainIsWaitedForAgain) {
    FrameWriter writer =
        make_writer({.delivery = FrameDelivery::kEach, .frame_limit_bytes = 4096, .slot_count = 4});
    FrameReader reader = make_reader();
    const Bytes bytes = random_bytes(4096);
    EXPECT_FALSE(reader.try_latest().value());
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(writer.publish_copy(bytes, {}, 0ms));
    std::uint64_t sequence = 0;
    {
        const auto frame = reader.next(5s);
        ASSERT_TRUE(frame && *frame);
        sequence = (*frame)->sequence();
        EXPECT_GE(sequence, 16u) << "the oldest that was left";
    }
    Result<std::uint64_t> published;
    for (int i = 0; i < 20 && published; ++i)
        published = writer.publish_copy(bytes, {}, 0ms);
    ASSERT_FALSE(published) << "it is waited for";
    EXPECT_EQ(published.error().code, Code::kTimedOut);
    for (const std::uint64_t last = writer.report().frames; sequence + 1 < last; ++sequence) {
        const auto frame = reader.next(5s);
        ASSERT_TRUE(frame && *frame);
        EXPECT_EQ((*frame)->sequence(), sequence + 1);
        EXPECT_EQ((*frame)->missed(), 0u);
    }
}

TEST_F(FramesInPlace, EndOfTheWriterIsAnEmptyFrame) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    ASSERT_TRUE(writer.publish_copy(Bytes(10), {}, 0ms));
    ASSERT_TRUE(writer.close());
    auto last = reader.next(5s);
    ASSERT_TRUE(last && *last) << "what was published before the end comes";
    auto end = reader.next(5s);
    ASSERT_TRUE(end) << describe(end.error());
    EXPECT_FALSE(*end);
}

TEST_F(FramesInPlace, SecondWriterOfTheNameIsRefused) {
    FrameWriter writer = make_writer();
    const auto second = FrameWriter::create({.address = section_.address()});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::kCannotCreate);
}

TEST_F(FramesInPlace, MemoryFollowsTheLargestFrames) {
    FrameWriter writer = make_writer();
    FrameReader reader = make_reader();
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(writer.publish_copy(Bytes(100'000), {}, 0ms));
    if (used_bytes() > 64 * kMiB) GTEST_SKIP() << "this system does not tell the memory in use";
    EXPECT_LT(used_bytes(), 8 * kMiB);
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(writer.publish_copy(Bytes(10 * kMiB), {}, 0ms));
    EXPECT_GE(used_bytes(), 30 * kMiB);
    EXPECT_LT(used_bytes(), 60 * kMiB);
}

TEST_F(FramesInPlace, MorePlacesThanReadersAreRefusedByName) {
    FrameWriter writer = make_writer({.reader_limit = 2});
    FrameReader first = make_reader();
    FrameReader second = make_reader();
    const auto third = FrameReader::open({.address = section_.address(), .timeout = 100ms});
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, Code::kTimedOut);
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// Waiting for one of several readers.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/wait_any.h"
#include "mapferry/writer.h"
#include "support/news.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class WaitAny : public ::testing::Test {
  protected:
    [[nodiscard]] static FrameWriter camera(const UniqueSection& section) {
        return value_of(
            FrameWriter::create({.address = section.address(), .frame_limit_bytes = 4096}));
    }
    [[nodiscard]] static FrameReader viewer(const UniqueSection& section) {
        return value_of(FrameReader::open({.address = section.address(), .timeout = 0ms}));
    }

    const UniqueSection first_;
    const UniqueSection second_;
    const UniqueSection third_;
};

TEST_F(WaitAny, GivesTheIndexOfTheReaderWithNews) {
    const FrameWriter idle = camera(first_);
    FrameWriter busy = camera(second_);
    const Writer files = value_of(Writer::create({.address = third_.address()}));
    FrameReader one = viewer(first_);
    FrameReader two = viewer(second_);
    Reader three = value_of(Reader::open({.address = third_.address(), .timeout = 0ms}));
    const Waitable readers[] = {one, two, three};
    using std::chrono::milliseconds;
    EXPECT_EQ(wait_any(readers, milliseconds(0)).error().code, Code::kTimedOut);
    EXPECT_EQ(wait_any(readers, milliseconds(50)).error().code, Code::kTimedOut);
    std::jthread later([&] {
        std::this_thread::sleep_for(milliseconds(20));  // time itself: wait_any() must be asleep
        EXPECT_TRUE(busy.publish_copy(random_bytes(10), {}, 0ms));
    });
    const auto which = wait_any(readers);
    ASSERT_TRUE(which) << describe(which.error());
    EXPECT_EQ(*which, 1u);
    later.join();
    EXPECT_TRUE(value_of(two.try_next()));
    EXPECT_EQ(wait_any(readers, milliseconds(0)).error().code, Code::kTimedOut);
}

TEST_F(WaitAny, RefusesReadersThatItCannotWaitFor) {
    EXPECT_EQ(wait_any({}).error().code, Code::kUsage);
    const FrameWriter writer = camera(first_);
    FrameReader moved_from = viewer(first_);
    FrameReader reader = std::move(moved_from);
    // NOLINTNEXTLINE(bugprone-use-after-move): a reader that was moved from is tested.
    const Waitable none[] = {reader, moved_from};
    EXPECT_EQ(wait_any(none).error().code, Code::kUsage);
}

TEST_F(WaitAny, OfManyReadersFindsTheLast) {
    FrameWriter writer = value_of(FrameWriter::create(
        {.address = first_.address(), .frame_limit_bytes = 4096, .reader_limit = 64}));
    std::vector<FrameReader> viewers;
    viewers.reserve(64);
    for (int i = 0; i < 64; ++i)
        viewers.push_back(viewer(first_));
    std::vector<Waitable> readers;
    readers.reserve(viewers.size());
    for (FrameReader& one : viewers)
        readers.emplace_back(one);
    EXPECT_TRUE(writer.publish_copy(random_bytes(10), {}, 0ms));
    for (FrameReader& one : viewers)
        EXPECT_TRUE(becomes_readable(handle_of(one)));
    for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_EQ(wait_any(readers, std::chrono::milliseconds(0)).value_or(99), i);
        EXPECT_TRUE(value_of(viewers[i].try_latest()));
    }
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The C++17 interface and the C++23 library in one source of one program.
#include <gtest/gtest.h>

#include <array>
#include <span>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/mapferry.hpp"
#include "mapferry/shared_buffer.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

TEST(Cpp17BesideCpp23, EachReadsTheOthersFrames) {
    const UniqueSection section;
    auto writer = FrameWriter::create({.address = section.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    cpp17::FrameReader reader(section.name());
    const std::array<std::byte, 3> three = {std::byte(1), std::byte(2), std::byte(3)};
    ASSERT_TRUE(writer->publish_copy(three, {}, std::chrono::seconds(1)));
    const cpp17::Frame frame = reader.next();
    // C++20 sees the bytes as a span.
    const std::span<const std::uint8_t> bytes = frame.bytes();
    ASSERT_EQ(bytes.size(), 3U);
    EXPECT_EQ(bytes[2], 3);
    ASSERT_TRUE(writer->close());

    cpp17::FrameWriter other(section.name());
    auto modern = FrameReader::open({.address = section.address()});
    ASSERT_TRUE(modern) << describe(modern.error());
    other.publish_copy("abc", 3);
    auto taken = modern->next(std::chrono::seconds(60));
    ASSERT_TRUE(taken) << describe(taken.error());
    other.end();
}

TEST(Cpp17BesideCpp23, CodesAreTheSameNumbers) {
    EXPECT_EQ(static_cast<int>(cpp17::Code::kTimedOut), static_cast<int>(Code::kTimedOut));
    EXPECT_EQ(static_cast<int>(cpp17::Code::kSystem), static_cast<int>(Code::kSystem));
}

}  // namespace
}  // namespace mapferry::testing

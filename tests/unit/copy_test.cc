// SPDX-License-Identifier: Apache-2.0
// Copying into a section, through the caches and past them.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/copy_and_hash.h"
#include "base/stream_copy.h"
#include "mapferry/detail/hash.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

constexpr std::byte kUntouched{0xA5};

// Copies to every offset within a cache line; the neighbouring bytes must not change.
TEST(StreamCopy, CopiesExactlyItsBytesFromAndToAnyAddress) {
    const Bytes source = random_bytes(1024);
    for (std::size_t shift = 0; shift < 64; ++shift) {
        for (const std::size_t count : {0u, 1u, 15u, 63u, 64u, 65u, 127u, 128u, 200u, 700u}) {
            Bytes target(1024, kUntouched);
            const auto from = std::span(source).subspan(shift / 3, count);
            stream_copy(std::span(target).subspan(shift), from);
            ASSERT_TRUE(std::ranges::equal(std::span(target).subspan(shift, count), from))
                << count << " bytes at " << shift;
            const auto is_untouched = [](std::byte byte) { return byte == kUntouched; };
            ASSERT_TRUE(std::ranges::all_of(std::span(target).first(shift), is_untouched));
            ASSERT_TRUE(std::ranges::all_of(std::span(target).subspan(shift + count), is_untouched))
                << count << " bytes at " << shift;
        }
    }
}

// Sizes around the blocks.
TEST(CopyAndHash, BytesAndChecksumAreThoseOfTheSourceInEitherWay) {
    for (const CopyWay way : {CopyWay::kThroughCaches, CopyWay::kPastCaches}) {
        for (const std::size_t bytes :
             {std::size_t{0}, std::size_t{1}, std::size_t{256} << 10, (std::size_t{256} << 10) + 1,
              std::size_t{300'001}, (std::size_t{1} << 20) - 1, (std::size_t{5} << 20) + 17}) {
            const Bytes source = random_bytes(bytes, bytes);
            Bytes target(bytes + 1, kUntouched);
            EXPECT_EQ(copy_and_hash(target, source, way), xxh3_64(source)) << bytes;
            EXPECT_TRUE(std::ranges::equal(std::span(target).first(bytes), source)) << bytes;
            EXPECT_EQ(target.back(), kUntouched) << bytes;
            Bytes second(bytes);
            copy_only(second, source, way);
            EXPECT_EQ(second, source) << bytes;
        }
    }
}

}  // namespace
}  // namespace mapferry::testing

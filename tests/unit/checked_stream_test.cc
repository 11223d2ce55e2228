// SPDX-License-Identifier: Apache-2.0
// The checksum that the pipes and files of `mapferry bench` carry.
#include <gtest/gtest.h>

#include <algorithm>

#include "console/doctor/checked_stream.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

using cli::receive_checked;
using cli::send_checked;

// Reads as a pipe does: never more than `most` bytes at once.
cli::ReadSome pieces_of(const Bytes& bytes, std::size_t most, std::size_t& position) {
    return [&bytes, most, &position](std::span<std::byte> target) -> Result<std::size_t> {
        const std::size_t count = std::min({target.size(), most, bytes.size() - position});
        std::ranges::copy(std::span(bytes).subspan(position, count), target.begin());
        position += count;
        return count;
    };
}

Bytes sent(const Bytes& payload) {
    Bytes stream;
    std::size_t position = 0;
    const auto append = [&stream](std::span<const std::byte> bytes) -> Result<void> {
        stream.insert(stream.end(), bytes.begin(), bytes.end());
        return {};
    };
    EXPECT_TRUE(send_checked(pieces_of(payload, 100'000, position), append));
    return stream;
}

Result<void> receive(const Bytes& stream, std::uint64_t payload_bytes) {
    std::size_t position = 0;
    return receive_checked(pieces_of(stream, 5, position), payload_bytes);
}

TEST(CheckedStream, OfAnyLengthArrives) {
    for (const std::size_t bytes : {0u, 1u, 4096u, 700'001u}) {
        SCOPED_TRACE(bytes);
        const Bytes stream = sent(random_bytes(bytes));
        EXPECT_EQ(stream.size(), bytes + 8);
        EXPECT_TRUE(receive(stream, bytes));
    }
}

TEST(CheckedStream, WithAnyFlippedBitIsCorrupt) {
    constexpr std::size_t kPayloadBytes = 1000;
    const Bytes stream = sent(random_bytes(kPayloadBytes));
    for (std::size_t i = 0; i < stream.size(); ++i) {
        Bytes damaged = stream;
        damaged[i] ^= std::byte{1};
        const auto received = receive(damaged, kPayloadBytes);
        ASSERT_FALSE(received) << "byte " << i;
        ASSERT_EQ(received.error().code, Code::kCorrupt) << "byte " << i;
    }
}

TEST(CheckedStream, CutAnywhereSaysThatItsSenderEnded) {
    constexpr std::size_t kPayloadBytes = 100;
    const Bytes stream = sent(random_bytes(kPayloadBytes));
    for (std::size_t bytes = 0; bytes < stream.size(); ++bytes) {
        const Bytes cut(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(bytes));
        const auto received = receive(cut, kPayloadBytes);
        ASSERT_FALSE(received) << bytes << " bytes";
        ASSERT_EQ(received.error().code, Code::kPeerGone) << bytes << " bytes";
    }
}

}  // namespace
}  // namespace mapferry::testing

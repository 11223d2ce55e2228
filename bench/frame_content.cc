// SPDX-License-Identifier: Apache-2.0
#include "bench/frame_content.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace mapferry::bench {

std::int64_t now_ns() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

FrameContent::FrameContent(std::size_t frame_bytes) {
    for (std::size_t variant = 0; variant < kVariants; ++variant) {
        auto& bytes = frames_[variant];
        bytes.resize(frame_bytes);
        std::uint64_t state = 0x9E3779B97F4A7C15u + variant;
        for (std::size_t at = 0; at + sizeof(state) <= frame_bytes; at += sizeof(state)) {
            // xorshift64 (Marsaglia 2003)
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            std::memcpy(&bytes[at], &state, sizeof(state));
        }
        digests_[variant] = xxh3_64(std::span(bytes).subspan(kHeadBytes));
    }
}

std::span<std::byte> FrameContent::frame(std::uint64_t number) {
    return frames_[number % kVariants];
}

std::uint64_t FrameContent::digest(std::uint64_t number) const {
    return digests_[number % kVariants];
}

void set_number(std::span<std::byte> frame, std::uint64_t number) {
    std::memcpy(frame.data(), &number, sizeof(number));
}

std::uint64_t number_of(std::span<const std::byte> frame) {
    std::uint64_t number = 0;
    std::memcpy(&number, frame.data(), sizeof(number));
    return number;
}

void ContentCheck::update(std::span<const std::byte> piece) {
    if (!wanted_) return;
    const std::size_t head = seen_bytes_ < kHeadBytes ? kHeadBytes - seen_bytes_ : 0;
    seen_bytes_ += piece.size();
    pieces_.update(piece.subspan(std::min(head, piece.size())));
}

bool ContentCheck::is_right(std::span<const std::byte> frame) const {
    return xxh3_64(frame.subspan(kHeadBytes)) == content_->digest(number_of(frame));
}

}  // namespace mapferry::bench

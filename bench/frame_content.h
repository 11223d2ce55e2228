// SPDX-License-Identifier: Apache-2.0
// The content of a benchmark's frames. Every byte of every frame can be verified.
//
//     0   the frame's number
//     64  bytes that depend on the number, known to both sides
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mapferry/detail/hash.h"

namespace mapferry::bench {

inline constexpr std::size_t kHeadBytes = 64;
inline constexpr std::size_t kVariants = 2;

// The time of CLOCK_MONOTONIC, which is the same for all processes of a machine.
[[nodiscard]] std::int64_t now_ns();

class FrameContent {
  public:
    explicit FrameContent(std::size_t frame_bytes);
    // The frame's bytes behind the head.
    [[nodiscard]] std::span<std::byte> frame(std::uint64_t number);
    [[nodiscard]] std::uint64_t digest(std::uint64_t number) const;

  private:
    std::vector<std::byte> frames_[kVariants];
    std::uint64_t digests_[kVariants] = {};
};

void set_number(std::span<std::byte> frame, std::uint64_t number);
[[nodiscard]] std::uint64_t number_of(std::span<const std::byte> frame);

// Compares frames with the expected content.
class ContentCheck {
  public:
    // Without `wanted` update() ignores all bytes.
    ContentCheck(const FrameContent& content, bool wanted) : content_(&content), wanted_(wanted) {}
    // For a frame that comes in pieces: begin(), update() with the pieces in order, then
    // pieces_are_right().
    void begin() {
        pieces_.reset();
        seen_bytes_ = 0;
    }
    void update(std::span<const std::byte> piece);
    [[nodiscard]] bool pieces_are_right(std::uint64_t number) const {
        return pieces_.value64() == content_->digest(number);
    }
    [[nodiscard]] bool is_right(std::span<const std::byte> frame) const;

  private:
    const FrameContent* content_;
    bool wanted_;
    Digest128 pieces_;
    std::size_t seen_bytes_ = 0;
};

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// Finds the end of a picture file that begins a stream of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry::inline v1 {

enum class PictureKind : std::uint8_t { kNone, kBmp, kPng, kJpeg, kGif, kPnm };

// kind_of_picture() needs this many bytes to be sure.
inline constexpr std::size_t kPictureMarkBytes = 8;

// Judges by the first bytes alone.
[[nodiscard]] PictureKind kind_of_picture(std::span<const std::byte> beginning);

struct PictureEnd {
    enum class Found : std::uint8_t {
        kNotYet,  // the bytes so far don't reach it
        kEnd,     // it is `bytes` behind the beginning
        kDamage,  // the structure breaks off
    };
    Found found = Found::kNotYet;
    std::size_t bytes = 0;        // kNotYet, where it is by size: what the header says
    bool is_by_size = false;      // the header says how long it is; nothing marks its end
    bool may_be_endless = false;  // the end of the stream is good enough
    bool may_be_longer = false;   // what follows is its own, if that is no picture
    std::size_t pixels_at = 0;    // an endless one's: none of its own parts begins a picture there
};

// `position` is where the last look at the same picture ended, 0 at first. REQUIRES:
// kind_of_picture() knows it.
[[nodiscard]] PictureEnd find_picture_end(std::span<const std::byte> bytes, std::size_t& position);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
/// \file
/// Splits a stream of picture files that follow each other, as `ffmpeg -f image2pipe` writes it. A
/// file's own structure shows where it ends, so a picture is returned when its last byte is there.
///
///     mapferry::Result<int> count_pictures(mapferry::Source& stream) {
///         mapferry::PictureSplitter splitter(std::uint64_t{1} << 30);  // no picture is larger
///         for (int pictures = 0;;) {
///             auto room = splitter.room(1 << 20);
///             if (!room) return std::unexpected(room.error());
///             auto came = stream.read(*room);
///             if (!came) return std::unexpected(came.error());
///             splitter.add(*came);
///             if (*came == 0) splitter.end();
///             auto piece = splitter.next();
///             for (; piece && *piece; piece = splitter.next())
///                 if (!(*piece)->picture.empty()) ++pictures;  // else other bytes
///             if (!piece) return std::unexpected(piece.error());
///             if (*came == 0) return pictures;
///         }
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Bytes that belong to no picture are reported when there are about this many of them.
inline constexpr std::uint64_t kOtherBytesMax = std::uint64_t{1} << 20;

/// The next part of the stream: see PictureSplitter.
struct PicturePiece {
    /// The bytes of a picture file, not decoded; they may be damaged. Empty: other_bytes is set.
    std::span<const std::byte> picture = {};
    /// The number of bytes that belong to no picture and were skipped.
    std::uint64_t other_bytes = 0;
};

/// Takes the bytes of a stream and returns pieces of it, in order. One thread at a time.
class PictureSplitter {
  public:
    /// A picture file of more than `picture_bytes_max` bytes is an error of next().
    explicit PictureSplitter(std::uint64_t picture_bytes_max) : bytes_max_(picture_bytes_max) {}

    /// Returns free memory for the next bytes, valid until the next call of any function but add().
    /// If none is left, allocates at least `wanted` bytes. kOutOfMemory.
    [[nodiscard]] Result<std::span<std::byte>> room(std::size_t wanted);
    /// Takes the first `bytes` bytes of the room, which the caller has filled.
    void add(std::size_t bytes) { filled_ += bytes; }
    /// Declares that no more bytes will come.
    void end() { ended_ = true; }

    /// Returns the next piece, valid until the next call of any function. Empty: more bytes are
    /// needed or, after end(), there are no more pieces. A picture that is damaged, or whose format
    /// has no end, ends where the next picture begins. kIo: a picture is larger than allowed; the
    /// splitter is of no further use then.
    [[nodiscard]] Result<std::optional<PicturePiece>> next();

  private:
    using Bytes = std::span<const std::byte>;

    [[nodiscard]] Bytes unread() const { return Bytes(buffer_).subspan(begin_, filled_ - begin_); }
    [[nodiscard]] PicturePiece take_picture(std::size_t bytes);
    [[nodiscard]] std::optional<PicturePiece> skip_other();
    [[nodiscard]] std::optional<std::size_t> find_next_picture(std::size_t from);
    [[nodiscard]] std::optional<std::size_t> find_next_or_all(std::size_t from);
    [[nodiscard]] std::optional<std::size_t> find_end();
    [[nodiscard]] std::optional<std::size_t> find_end_of_damaged();

    std::uint64_t bytes_max_;
    std::vector<std::byte> buffer_;
    std::size_t begin_ = 0;     ///< of the unread bytes
    std::size_t filled_ = 0;    ///< end of the unread bytes
    std::size_t position_ = 0;  ///< from begin_: where the search for the picture's end continues
    bool is_damaged_ = false;   ///< the picture at begin_; it ends where the next one begins
    bool is_other_ = false;     ///< the unread bytes begin with bytes of no picture
    std::uint64_t other_bytes_ = 0;
    bool ended_ = false;
};

}  // namespace mapferry::inline v1

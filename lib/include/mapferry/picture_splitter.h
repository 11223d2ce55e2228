// SPDX-License-Identifier: Apache-2.0
/// \file
/// Picture files one behind the other in one stream, as `ffmpeg -f image2pipe` writes them. Where
/// one ends is what its own structure says, so each comes out as soon as its last byte is there.
///
///     mapferry::Result<int> count_pictures(mapferry::Source& stream) {
///         mapferry::PictureSplitter splitter(std::uint64_t{1} << 30);  // no picture is larger
///         for (int pictures = 0;;) {
///             auto room = splitter.room(1 << 20);
///             if (!room) return mapferry::pass(room.error());
///             auto came = stream.read(*room);
///             if (!came) return mapferry::pass(came.error());
///             splitter.add(*came);
///             if (*came == 0) splitter.end();
///             auto piece = splitter.next();
///             for (; piece && *piece; piece = splitter.next())
///                 if (!(*piece)->picture.empty()) ++pictures;  // else other bytes
///             if (!piece) return mapferry::pass(piece.error());
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

/// Bytes that are no picture come in pieces of about so many at most.
inline constexpr std::uint64_t kOtherBytesMax = std::uint64_t{1} << 20;

struct PicturePiece {
    /// A picture's file, to be decoded; it may be damaged. Empty: bytes that are no picture.
    std::span<const std::byte> picture = {};
    std::uint64_t other_bytes = 0;
};

/// Takes the bytes of a stream and gives pieces.
class PictureSplitter {
  public:
    /// A picture whose file is larger than that is an error.
    explicit PictureSplitter(std::uint64_t picture_bytes_max) : bytes_max_(picture_bytes_max) {}

    /// Where the next bytes go: at least one, and about `wanted` when there is none left.
    /// kOutOfMemory.
    [[nodiscard]] Result<std::span<std::byte>> room(std::size_t wanted);
    /// The caller has written `bytes` bytes into the room.
    void add(std::size_t bytes) { filled_ += bytes; }
    /// There are no more.
    void end() { ended_ = true; }

    /// The next piece, valid until the next call of any function; empty: more bytes are needed, or
    /// behind end() that this is all. kIo: a picture is larger than allowed; nothing comes after
    /// it.
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
    std::size_t begin_ = 0;     ///< of what is unread
    std::size_t filled_ = 0;    ///< end of what is unread
    std::size_t position_ = 0;  ///< in the picture that begins there, where its end is looked for
    bool is_damaged_ =
        false;               ///< that picture's structure, so its end is where the next one begins
    bool is_other_ = false;  ///< what is unread is no picture
    std::uint64_t other_bytes_ = 0;
    bool ended_ = false;
};

}  // namespace mapferry::inline v1

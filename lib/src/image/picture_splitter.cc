// SPDX-License-Identifier: Apache-2.0
#include "mapferry/picture_splitter.h"

#include <algorithm>
#include <utility>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "format/layout.h"
#include "image/jpeg_segments.h"
#include "image/picture_end.h"
#include "mapferry/detail/units.h"
#include "mapferry/image.h"
#include "mapferry/image_probe.h"

namespace mapferry::inline v1 {

namespace {

// The header of a picture fits into this many bytes. A JPEG's may not, because metadata can stand
// before it.
constexpr std::size_t kLookAhead = 512;

// This test runs for every byte where a picture is looked for, so it reads few bytes. Comments and
// segments of any length behind each beginning would make the search take hours.
enum class Beginning : std::uint8_t { kNone, kSound, kUndecided };

Beginning look_at_beginning(std::span<const std::byte> bytes) {
    const PictureKind kind = kind_of_picture(bytes);
    if (kind == PictureKind::kNone) return Beginning::kNone;
    const bool is_jpeg = kind == PictureKind::kJpeg;
    const std::size_t window = is_jpeg ? kImageProbeBytes : kLookAhead;
    const auto beginning = bytes.first(std::min(bytes.size(), window));
    const bool is_sound = is_jpeg ? find_jpeg_frame(beginning, kJpegSegmentsLookedAt).has_value()
                                  : probe_image(beginning, layout::kUnknownBytes).has_value();
    if (is_sound) return Beginning::kSound;
    return bytes.size() < window ? Beginning::kUndecided : Beginning::kNone;
}

}  // namespace

Result<std::span<std::byte>> PictureSplitter::room(std::size_t wanted) {
    return guarded([&]() -> Result<std::span<std::byte>> {
        if (begin_ == filled_) begin_ = filled_ = 0;
        if (filled_ == buffer_.size() && begin_ > 0) {
            std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.end(),
                      buffer_.begin());
            filled_ -= begin_;
            begin_ = 0;
        }
        if (filled_ == buffer_.size()) buffer_.resize(filled_ + std::max(wanted, filled_));
        return std::span(buffer_).subspan(filled_);
    });
}

PicturePiece PictureSplitter::take_picture(std::size_t bytes) {
    const PicturePiece piece{.picture = unread().first(bytes)};
    begin_ += bytes;
    position_ = 0;
    is_damaged_ = false;
    return piece;
}

// Where a sound picture begins, at `from` or later. Empty: nowhere in the bytes so far; position_
// is then the first place where more bytes may show one.
std::optional<std::size_t> PictureSplitter::find_next_picture(std::size_t from) {
    const Bytes bytes = unread();
    // Half a signature may stand at the end.
    std::size_t undecided = bytes.size() - std::min(bytes.size(), kPictureMarkBytes);
    for (std::size_t at = from; at < bytes.size(); ++at) {
        const Beginning found = look_at_beginning(bytes.subspan(at));
        if (found == Beginning::kUndecided) undecided = std::min(undecided, at);
        if (found != Beginning::kSound) continue;
        position_ = at;
        return at;
    }
    position_ = std::max(from, ended_ ? bytes.size() : undecided);
    return std::nullopt;
}

// Counts bytes without keeping them, up to where a picture begins.
std::optional<PicturePiece> PictureSplitter::skip_other() {
    const auto next = find_next_picture(0);
    const bool is_all = next || ended_;
    const std::size_t skipped = next.value_or(position_);
    other_bytes_ += skipped;
    begin_ += skipped;
    position_ = 0;
    if (is_all) is_other_ = false;
    if (other_bytes_ == 0 || (!is_all && other_bytes_ < kOtherBytesMax)) return std::nullopt;
    return PicturePiece{.other_bytes = std::exchange(other_bytes_, 0)};
}

// The end of a picture whose structure is damaged or cut: the next picture, which may begin inside
// the bytes that the first one claims.
std::optional<std::size_t> PictureSplitter::find_end_of_damaged() {
    if (!is_damaged_) position_ = 1;
    is_damaged_ = true;
    if (const auto next = find_next_picture(position_)) return next;
    if (!ended_) return std::nullopt;
    return unread().size();
}

// The end of a picture that has no end of its own: the next picture, or the stream's end.
std::optional<std::size_t> PictureSplitter::find_next_or_all(std::size_t from) {
    if (const auto next = find_next_picture(from)) return next;
    position_ = 0;
    if (!ended_) return std::nullopt;
    return unread().size();
}

std::optional<std::size_t> PictureSplitter::find_end() {
    if (is_damaged_) return find_end_of_damaged();
    const Bytes bytes = unread();
    const PictureEnd end = find_picture_end(bytes, position_);
    switch (end.found) {
        case PictureEnd::Found::kDamage:
            return find_end_of_damaged();
        case PictureEnd::Found::kNotYet:
            if (end.is_by_size && end.bytes > bytes_max_) return find_end_of_damaged();
            if (!ended_) return std::nullopt;
            if (!end.may_be_endless) return find_end_of_damaged();
            return end.pixels_at == 0 ? bytes.size() : find_next_or_all(end.pixels_at);
        case PictureEnd::Found::kEnd:
            break;
    }
    // A cut picture of known size claims bytes that are not its own. Nobody waits to find out.
    const Bytes behind = bytes.subspan(end.bytes);
    const bool tells = behind.size() >= kPictureMarkBytes || (ended_ && !behind.empty());
    if (!end.is_by_size || !tells || kind_of_picture(behind) != PictureKind::kNone)
        return end.bytes;
    if (end.may_be_longer) return find_next_or_all(end.bytes);
    const auto inside = find_next_picture(1);
    return std::min(inside.value_or(end.bytes), end.bytes);
}

Result<std::optional<PicturePiece>> PictureSplitter::next() {
    return guarded([&]() -> Result<std::optional<PicturePiece>> {
        Bytes bytes = unread();
        if (!is_other_ && position_ == 0 && !bytes.empty() &&
            kind_of_picture(bytes) == PictureKind::kNone) {
            if (!ended_ && bytes.size() < kPictureMarkBytes) return std::nullopt;
            is_other_ = true;
        }
        if (is_other_)
            if (auto piece = skip_other(); piece || is_other_) return piece;
        bytes = unread();
        if (bytes.empty()) return std::nullopt;
        if (const auto end = find_end(); end && *end <= bytes_max_) return take_picture(*end);
        if (bytes.size() > bytes_max_)
            return fail(Code::kIo, "a picture file of more than " + format_bytes(bytes_max_) +
                                       " is past the limit");
        return std::nullopt;
    });
}

}  // namespace mapferry::inline v1

#include "mapferry/picture_splitter.h"

#include <algorithm>
#include <utility>

#include "mapferry/image.h"
#include "mapferry/units.h"
#include "picture_end.h"
#include "surface.h"

namespace mapferry {

namespace {

// So many bytes tell whether a picture begins, but for a JPEG with much in front of its pixels.
constexpr std::size_t kLookAhead = 512;

bool begins_sound_picture(std::span<const std::byte> bytes) {
    return kind_of_picture(bytes) != PictureKind::kNone &&
           probe_image(bytes, layout::kUnknownBytes).has_value();
}

}  // namespace

Result<std::span<std::byte>> PictureSplitter::room(std::size_t wanted) try {
    if (begin_ == filled_) begin_ = filled_ = 0;
    if (filled_ == buffer_.size() && begin_ > 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.end(),
                  buffer_.begin());
        filled_ -= begin_;
        begin_ = 0;
    }
    if (filled_ == buffer_.size()) buffer_.resize(filled_ + std::max(wanted, filled_));
    return std::span(buffer_).subspan(filled_);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

PicturePiece PictureSplitter::take_picture(std::size_t bytes) {
    const PicturePiece piece{.picture = unread().first(bytes)};
    begin_ += bytes;
    position_ = 0;
    is_damaged_ = false;
    return piece;
}

// Where a sound picture begins, `from` or later. Empty: nowhere in the bytes so far; position_ is
// then the first place that more of them may show.
std::optional<std::size_t> PictureSplitter::find_next_picture(std::size_t from) {
    const Bytes bytes = unread();
    for (std::size_t at = from; at < bytes.size(); ++at) {
        if (!begins_sound_picture(bytes.subspan(at))) continue;
        position_ = at;
        return at;
    }
    const std::size_t undecided = ended_ ? 0 : std::min(bytes.size(), kLookAhead);
    position_ = std::max(from, bytes.size() - undecided);
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

// Of a picture whose structure is damaged or cut: up to the next one, which may begin inside of
// what the first one took for its own.
std::optional<std::size_t> PictureSplitter::find_end_of_damaged() {
    if (!is_damaged_) position_ = 1;
    is_damaged_ = true;
    if (const auto next = find_next_picture(position_)) return next;
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
            if (!ended_) return std::nullopt;
            return end.may_be_endless ? bytes.size() : find_end_of_damaged();
        case PictureEnd::Found::kEnd:
            break;
    }
    // A picture of known size that was cut takes what is not its own. Nobody waits to find out.
    const Bytes behind = bytes.subspan(end.bytes);
    const bool tells = behind.size() >= kPictureMarkBytes || (ended_ && !behind.empty());
    if (!end.is_by_size || !tells || kind_of_picture(behind) != PictureKind::kNone)
        return end.bytes;
    const auto inside = find_next_picture(1);
    return std::min(inside.value_or(end.bytes), end.bytes);
}

Result<std::optional<PicturePiece>> PictureSplitter::next() try {
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
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry

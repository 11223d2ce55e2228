#include "present_bytes.h"

#include "mapferry/units.h"

namespace mapferry {

namespace {

std::unexpected<Status> has_holes(const MappedSection& section, std::uint64_t bytes) {
    return fail(Code::kCorrupt,
                to_string(section.object.address) + " claims " + format_bytes(bytes) +
                    " where it has holes",
                "if it is a copy, copy it without holes: cp --sparse=never");
}

}  // namespace

Result<void> PresentBytes::check(std::uint64_t slot, std::uint64_t bytes) {
    const Geometry& geometry = section_->view.geometry();
    const bool frames = carries_frames(geometry.delivery);
    const std::uint64_t begin = geometry.payload_offset + slot * geometry.slot_capacity_bytes;
    const std::uint64_t end = begin + bytes;
    if (begin >= known_.begin && end <= known_.end) return {};
    if (frames && known_bytes_.empty())
        known_bytes_.resize(static_cast<std::size_t>(geometry.slot_count));
    if (frames && bytes <= known_bytes_[static_cast<std::size_t>(slot)]) return {};
    // A frame's writer may have left a part of its loan as it was. All other bytes were hashed by
    // theirs, and are written.
    const auto unwritten = frames ? platform::Unwritten::kIsThere : platform::Unwritten::kIsAHole;
    auto found = platform::present_bytes(section_->object, {.begin = begin, .end = end}, unwritten);
    if (!found) return pass(found.error());
    if (found->end < end) return has_holes(*section_, bytes);
    if (frames)
        known_bytes_[static_cast<std::size_t>(slot)] = bytes;
    else
        known_ = *found;
    return {};
}

Result<void> check_present(const MappedSection& section) {
    const Geometry& geometry = section.view.geometry();
    const platform::ByteRange payload{.begin = geometry.payload_offset,
                                      .end = geometry.section_bytes};
    auto found = platform::present_bytes(section.object, payload, platform::Unwritten::kIsThere);
    if (!found) return pass(found.error());
    if (found->end < payload.end) return has_holes(section, payload.end - payload.begin);
    return {};
}

}  // namespace mapferry

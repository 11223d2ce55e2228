// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/chunk_parts.h"

#include <algorithm>
#include <utility>

namespace mapferry::inline v1 {

namespace {

template <typename Byte>
std::span<Byte> part_of(std::span<Byte> bytes, const ChunkHoles::Part& part) {
    return bytes.subspan(static_cast<std::size_t>(part.begin),
                         static_cast<std::size_t>(part.bytes()));
}

}  // namespace

Piece ChunkParts::next(std::uint64_t hole_bytes_most) {
    if (left_bytes_ == 0) {
        const ChunkHoles::Part part = holes_.part_at(at_);
        at_ = part.end;
        if (!part.is_hole) return {.bytes = part_of(bytes_, part)};
        left_bytes_ = part.bytes();
    }
    const std::uint64_t bytes = std::min(left_bytes_, hole_bytes_most);
    left_bytes_ -= bytes;
    return {.hole_bytes = bytes};
}

void copy_parts(const ChunkHoles& holes, std::span<const std::byte> from,
                std::span<std::byte> target) {
    for (std::uint64_t at = 0; at < holes.chunk_bytes;) {
        const ChunkHoles::Part part = holes.part_at(at);
        at = part.end;
        if (!part.is_hole) std::ranges::copy(part_of(from, part), part_of(target, part).begin());
    }
}

}  // namespace mapferry::inline v1

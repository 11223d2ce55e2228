// SPDX-License-Identifier: Apache-2.0
#include "format/holes.h"

#include <algorithm>
#include <array>

#include "base/checked_math.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::uint64_t kUnitsMax = 64;
constexpr std::size_t kZeros = std::size_t{256} << 10;

}  // namespace

std::uint64_t hole_unit_bytes(std::uint64_t slot_capacity_bytes) {
    if (slot_capacity_bytes > kHoleSlotMax) return 0;
    return round_up(divide_up(slot_capacity_bytes, kUnitsMax), layout::kPageBytes);
}

std::uint64_t bits_between(std::uint64_t first, std::uint64_t end) {
    const auto below = [](std::uint64_t bit) {
        return bit == kUnitsMax ? ~std::uint64_t{0} : (std::uint64_t{1} << bit) - 1;
    };
    return below(end) & ~below(first);
}

std::uint64_t ChunkHoles::all_bits() const {
    return bits_between(0, divide_up(chunk_bytes, unit_bytes));
}

ChunkHoles::Part ChunkHoles::part_at(std::uint64_t begin) const {
    if (bits == 0) return {.begin = begin, .end = chunk_bytes};
    const auto is_hole = [this](std::uint64_t unit) { return (bits >> unit & 1) != 0; };
    const std::uint64_t unit = begin / unit_bytes;
    std::uint64_t end = unit + 1;
    while (end * unit_bytes < chunk_bytes && is_hole(end) == is_hole(unit))
        ++end;
    return {
        .begin = begin, .end = std::min(end * unit_bytes, chunk_bytes), .is_hole = is_hole(unit)};
}

ChunkHoles holes_of(const layout::Slot& facts, std::uint64_t slot_capacity_bytes) {
    return {.bits = (facts.flags & layout::kSlotHoles) != 0 ? facts.holes : 0,
            .unit_bytes = hole_unit_bytes(slot_capacity_bytes),
            .chunk_bytes = facts.bytes};
}

// Never written to, so that they take no memory either.
std::span<const std::byte> zero_bytes(std::uint64_t most) {
    static std::array<std::byte, kZeros> zeros;
    return std::span(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(most, kZeros)));
}

void update_with_chunk(Digest128& digest, const ChunkHoles& holes,
                       std::span<const std::byte> bytes) {
    for (std::uint64_t at = 0; at < holes.chunk_bytes;) {
        const ChunkHoles::Part part = holes.part_at(at);
        const auto piece = part.is_hole ? zero_bytes(part.bytes())
                                        : bytes.subspan(static_cast<std::size_t>(part.begin),
                                                        static_cast<std::size_t>(part.bytes()));
        digest.update(piece);
        at += piece.size();
    }
}

std::uint64_t HoleHash::of(const ChunkHoles& holes, std::span<const std::byte> bytes) {
    const bool is_all = holes.is_all();
    if (is_all && zeros_ == holes.chunk_bytes) return zeros_xxh3_;
    digest_.reset();
    update_with_chunk(digest_, holes, bytes);
    const std::uint64_t xxh3 = digest_.value64();
    if (!is_all) return xxh3;
    zeros_ = holes.chunk_bytes;
    zeros_xxh3_ = xxh3;
    return xxh3;
}

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
#include "transfer/reader/sparse_store.h"

#include <algorithm>
#include <cstring>

namespace mapferry::inline v1 {

namespace {

// File systems leave out whole blocks of this size.
constexpr std::uint64_t kStoreBlockBytes = 4096;

bool is_zero(std::span<const std::byte> bytes) {
    return bytes.front() == std::byte{} &&
           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace

Result<void> SparseStore::put(const Piece& piece) {
    if (piece.hole_bytes == 0) {
        if (sparse_ == Sparse::kAlways) return put_without_zeros(piece.bytes);
        return output_->write(piece.bytes);
    }
    position_ += piece.hole_bytes;
    return sparse_ == Sparse::kNever ? output_->write_zeros(piece.hole_bytes)
                                     : output_->write_hole(piece.hole_bytes);
}

// Turns blocks of zeros into holes; neighbouring ones become one hole.
Result<void> SparseStore::put_without_zeros(std::span<const std::byte> bytes) {
    const auto block_at = [&](std::size_t at) {
        const auto to_boundary =
            static_cast<std::size_t>(kStoreBlockBytes - (position_ + at) % kStoreBlockBytes);
        return bytes.subspan(at, std::min(to_boundary, bytes.size() - at));
    };
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t begin = at;
        const bool zero = is_zero(block_at(at));
        while (at < bytes.size() && is_zero(block_at(at)) == zero)
            at += block_at(at).size();
        const auto run = bytes.subspan(begin, at - begin);
        auto put = zero ? output_->write_hole(run.size()) : output_->write(run);
        if (!put) return put;
    }
    position_ += bytes.size();
    return {};
}

}  // namespace mapferry::inline v1

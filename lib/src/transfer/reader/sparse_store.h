// SPDX-License-Identifier: Apache-2.0
// Puts a payload's pieces into an output, with holes where the user wants them.
#pragma once

#include <cstdint>

#include "mapferry/output.h"
#include "mapferry/receive.h"

namespace mapferry::inline v1 {

// One thread at a time.
class SparseStore {
  public:
    // `output` must outlive this object.
    SparseStore(Output& output, Sparse sparse) : output_(&output), sparse_(sparse) {}

    [[nodiscard]] Result<void> put(const Piece& piece);

  private:
    [[nodiscard]] Result<void> put_without_zeros(std::span<const std::byte> bytes);

    Output* output_;
    Sparse sparse_;
    std::uint64_t position_ = 0;  // in the payload
};

}  // namespace mapferry::inline v1

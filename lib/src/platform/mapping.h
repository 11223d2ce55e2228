// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): mapped memory, and its loss.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// A mapped view. Move-only, unmaps on destruction. Other processes may change its bytes.
class Mapping {
  public:
    Mapping() = default;
    // Linux: also watches it for guard_faults().
    Mapping(std::byte* data, std::size_t bytes);
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping() { unmap(); }

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    // Whether its memory was lost, so that its bytes are zeros of this process's own now. Never
    // without guard_faults().
    [[nodiscard]] bool lost() const;
    // Whether any mapping of this process ever was lost.
    [[nodiscard]] static bool any_lost();

    // Puts zeros of this process's own in place of these whole pages, which are holes of the
    // object. Reading them then takes no memory. kSystem. Windows: does nothing, see
    // holes_take_memory().
    [[nodiscard]] Result<void> cover_with_zeros(std::uint64_t offset, std::uint64_t bytes);

  private:
    static constexpr std::uint32_t kUnwatched = ~std::uint32_t{0};
    void unmap();
    std::byte* data_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint32_t watched_as_ = kUnwatched;
};

// From now on a page whose memory is missing (its object was cut, no memory is left, a disk fails)
// reads as zeros and makes its Mapping lost(), instead of ending the process. See fault_guard.h.
[[nodiscard]] Result<void> guard_faults();

}  // namespace mapferry::inline v1::platform

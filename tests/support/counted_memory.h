// SPDX-License-Identifier: Apache-2.0
// Every operator new of a program that has counted_memory.cc among its sources is counted, and can
// be made to fail.
#pragma once

#include <cstdint>

namespace mapferry::testing {

enum class MemoryFailure : std::uint8_t { kOnce, kForEver };

// As long as it lives, the allocation with this number, counted from zero, fails; and all after it.
class FailingMemory {
  public:
    FailingMemory(std::uint64_t allocation, MemoryFailure failure);
    ~FailingMemory();
    FailingMemory(const FailingMemory&) = delete;
    FailingMemory& operator=(const FailingMemory&) = delete;
    // Since its construction.
    [[nodiscard]] std::uint64_t allocations() const;
};

// Allocations that have not been given back.
[[nodiscard]] std::int64_t live_allocations();

}  // namespace mapferry::testing

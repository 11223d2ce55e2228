// SPDX-License-Identifier: Apache-2.0
// Counts every operator new of a program that has counted_memory.cc among its sources, and can make
// it fail.
#pragma once

#include <cstdint>

namespace mapferry::testing {

enum class MemoryFailure : std::uint8_t { kOnce, kForEver };

// During its lifetime the allocation with this number, counted from zero, fails; with kForEver all
// later ones fail too.
class FailingMemory {
  public:
    FailingMemory(std::uint64_t allocation, MemoryFailure failure);
    ~FailingMemory();
    FailingMemory(const FailingMemory&) = delete;
    FailingMemory& operator=(const FailingMemory&) = delete;
    // Counted since its construction, in all threads.
    [[nodiscard]] std::uint64_t allocations() const;
    // How many of them failed in this thread.
    [[nodiscard]] std::uint64_t refused_here() const;
};

// The number of allocations that have not been freed.
[[nodiscard]] std::int64_t live_allocations();

}  // namespace mapferry::testing

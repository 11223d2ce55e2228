// SPDX-License-Identifier: Apache-2.0
// The memory of one call into stb: counted, zeroed, and freed however the call ends.
#pragma once

#include <cstddef>

namespace mapferry::inline v1 {

// While an object of this class exists, stb's allocations of this thread come from it. Its
// destructor frees what stb has not. One at a time in a thread.
class StbMemory {
  public:
    // stb gets no more than `limit_bytes` at once; beyond that it sees a null pointer.
    explicit StbMemory(std::size_t limit_bytes);
    ~StbMemory();
    StbMemory(const StbMemory&) = delete;
    StbMemory& operator=(const StbMemory&) = delete;

    // True once an allocation was refused: that is the cause of stb's failure then.
    [[nodiscard]] bool was_short() const { return was_short_; }

    void* allocate(std::size_t bytes);
    void* reallocate(void* block, std::size_t bytes);
    void free(void* block);

    // REQUIRES: there is one.
    [[nodiscard]] static StbMemory& current();

  private:
    struct Block;
    std::size_t left_bytes_;
    bool was_short_ = false;
    Block* first_ = nullptr;  // doubly linked
};

}  // namespace mapferry::inline v1

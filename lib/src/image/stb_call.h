// SPDX-License-Identifier: Apache-2.0
// One call into stb: its memory, which is counted, zeroed and freed however the call ends; its
// assertions, which end the call and not the process; and its form of pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry::inline v1 {

// Pixels, packed and top-down: grey, grey with alpha, RGB or RGBA.
struct StbPixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t channels = 0;          // 1 to 4
    std::uint32_t bytes_per_sample = 1;  // 2: of this machine's byte order
    std::span<const std::byte> bytes = {};
};

// Damaged files can reach stb's assertions. StbMemory frees what the call had allocated.
struct StbFault {};

inline void stb_assert(bool holds) {
    if (!holds) throw StbFault();
}

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

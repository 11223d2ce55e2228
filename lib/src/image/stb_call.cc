// SPDX-License-Identifier: Apache-2.0
#include "image/stb_call.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace mapferry::inline v1 {

namespace {

thread_local StbMemory* current_memory = nullptr;

}  // namespace

// The header before the bytes that stb sees. Its size keeps those bytes aligned.
struct alignas(std::max_align_t) StbMemory::Block {
    Block* next = nullptr;
    Block* previous = nullptr;
    std::size_t bytes = 0;

    [[nodiscard]] static Block* of(void* memory) { return static_cast<Block*>(memory) - 1; }
};

StbMemory::StbMemory(std::size_t limit_bytes) : left_bytes_(limit_bytes) {
    current_memory = this;
}

StbMemory::~StbMemory() {
    for (Block* block = first_; block != nullptr;)
        std::free(std::exchange(block, block->next));
    current_memory = nullptr;
}

StbMemory& StbMemory::current() {
    return *current_memory;
}

// Zeroed, because stb_image before 2.28 reads tables of a JPEG that the file may have left out.
void* StbMemory::allocate(std::size_t bytes) {
    void* const memory = bytes <= left_bytes_ ? std::calloc(1, sizeof(Block) + bytes) : nullptr;
    if (memory == nullptr) {
        was_short_ = true;
        return nullptr;
    }
    auto* const block = static_cast<Block*>(memory);
    block->bytes = bytes;
    block->next = first_;
    if (first_ != nullptr) first_->previous = block;
    first_ = block;
    left_bytes_ -= bytes;
    return block + 1;
}

void* StbMemory::reallocate(void* old, std::size_t bytes) {
    void* const memory = allocate(bytes);
    if (memory == nullptr || old == nullptr) return memory;
    std::memcpy(memory, old, std::min(Block::of(old)->bytes, bytes));
    free(old);
    return memory;
}

void StbMemory::free(void* memory) {
    if (memory == nullptr) return;
    Block* const block = Block::of(memory);
    if (block->next != nullptr) block->next->previous = block->previous;
    if (block->previous != nullptr)
        block->previous->next = block->next;
    else
        first_ = block->next;
    left_bytes_ += block->bytes;
    std::free(block);
}

}  // namespace mapferry::inline v1

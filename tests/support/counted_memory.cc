// SPDX-License-Identifier: Apache-2.0
#include "support/counted_memory.h"

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace {

// relaxed throughout: the threads of an operation have ended when its counts are read
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
std::atomic<std::uint64_t> made{0};
std::atomic<std::uint64_t> failing{kNever};
std::atomic<bool> for_ever{false};
std::atomic<std::int64_t> live{0};
thread_local std::uint64_t refused = 0;

bool is_refused() {
    const std::uint64_t number = made.fetch_add(1, std::memory_order_relaxed);
    const std::uint64_t first = failing.load(std::memory_order_relaxed);
    const bool fails =
        number == first || (number > first && for_ever.load(std::memory_order_relaxed));
    if (fails) ++refused;
    return fails;
}

void* allocate(std::size_t bytes) {
    void* const memory = is_refused() ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
    if (memory == nullptr) throw std::bad_alloc();
    live.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

void give_back(void* memory) {
    if (memory == nullptr) return;
    live.fetch_sub(1, std::memory_order_relaxed);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) {
    return allocate(bytes);
}
void* operator new[](std::size_t bytes) {
    return allocate(bytes);
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept try {
    return allocate(bytes);
} catch (const std::bad_alloc&) {
    return nullptr;
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept try {
    return allocate(bytes);
} catch (const std::bad_alloc&) {
    return nullptr;
}
void operator delete(void* memory) noexcept {
    give_back(memory);
}
void operator delete[](void* memory) noexcept {
    give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    give_back(memory);
}

namespace mapferry::testing {

FailingMemory::FailingMemory(std::uint64_t allocation, MemoryFailure failure) {
    refused = 0;
    made.store(0, std::memory_order_relaxed);
    for_ever.store(failure == MemoryFailure::kForEver, std::memory_order_relaxed);
    failing.store(allocation, std::memory_order_relaxed);
}

FailingMemory::~FailingMemory() {
    failing.store(kNever, std::memory_order_relaxed);
}

std::uint64_t FailingMemory::allocations() const {
    return made.load(std::memory_order_relaxed);
}

std::uint64_t FailingMemory::refused_here() const {
    return refused;
}

std::int64_t live_allocations() {
    return live.load(std::memory_order_relaxed);
}

}  // namespace mapferry::testing

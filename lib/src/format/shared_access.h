// SPDX-License-Identifier: Apache-2.0
// The only functions by which the library accesses bytes that another process may access at the
// same time. Payload bytes are the exception: they are copied or hashed as they are, and trusted
// only if they match their checksum, which comes from a private copy of the descriptor.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace mapferry::inline v1::shared {

template <typename T>
[[nodiscard]] T load(const T& field, std::memory_order order) {
    // atomic_ref<const T> is C++26; nothing is written here.
    return std::atomic_ref<T>(const_cast<T&>(field)).load(order);
}

template <typename T>
void store(T& field, T value, std::memory_order order) {
    std::atomic_ref<T>(field).store(value, order);
}

template <typename T>
T exchange(T& field, T value, std::memory_order order) {
    return std::atomic_ref<T>(field).exchange(value, order);
}

template <typename T>
T add(T& field, T value, std::memory_order order) {
    return std::atomic_ref<T>(field).fetch_add(value, order);
}

template <typename T>
T set_bits(T& field, T bits, std::memory_order order) {
    return std::atomic_ref<T>(field).fetch_or(bits, order);
}

// Orders this thread's accesses of payload bytes, which are no atomics, with those of the words.
inline void fence(std::memory_order order) {
    std::atomic_thread_fence(order);
}

template <typename T>
using Words = std::array<std::uint64_t, sizeof(T) / sizeof(std::uint64_t)>;

// A private copy that fetches each word exactly once. The words may be of different moments. A
// caller that needs a consistent copy orders this after an acquire load, or checks a checksum in
// the copy.
template <typename T>
[[nodiscard]] T snapshot(const T& source) {
    static_assert(sizeof(T) % sizeof(std::uint64_t) == 0 && alignof(T) >= alignof(std::uint64_t));
    const auto* words = reinterpret_cast<const std::uint64_t*>(&source);
    Words<T> copy;
    for (std::size_t i = 0; i < copy.size(); ++i)
        copy[i] = load(words[i], std::memory_order_relaxed);
    return std::bit_cast<T>(copy);
}

// The reverse; to be made visible by a later release store.
template <typename T>
void put(T& target, const T& value) {
    static_assert(sizeof(T) % sizeof(std::uint64_t) == 0 && alignof(T) >= alignof(std::uint64_t));
    auto* words = reinterpret_cast<std::uint64_t*>(&target);
    const auto copy = std::bit_cast<Words<T>>(value);
    for (std::size_t i = 0; i < copy.size(); ++i)
        store(words[i], copy[i], std::memory_order_relaxed);
}

}  // namespace mapferry::inline v1::shared

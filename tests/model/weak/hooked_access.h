// SPDX-License-Identifier: Apache-2.0
// Takes the place of format/shared_access.h in scenes: the same functions, whose words are those of
// weak_memory.h. Each access knows the function that makes it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <source_location>

#include "weak_memory.h"

namespace mapferry::inline v1::shared {

using Place = std::source_location;

template <typename T>
[[nodiscard]] T load(const T& field, std::memory_order order, Place place = Place::current()) {
    return static_cast<T>(
        weak::access({&field, weak::Operation::kLoad, order, place.function_name()}));
}

template <typename T>
void store(T& field, T value, std::memory_order order, Place place = Place::current()) {
    weak::access({&field, weak::Operation::kStore, order, place.function_name()}, value);
}

template <typename T>
T exchange(T& field, T value, std::memory_order order, Place place = Place::current()) {
    return static_cast<T>(
        weak::access({&field, weak::Operation::kExchange, order, place.function_name()}, value));
}

template <typename T>
T add(T& field, T value, std::memory_order order, Place place = Place::current()) {
    return static_cast<T>(
        weak::access({&field, weak::Operation::kAdd, order, place.function_name()}, value));
}

template <typename T>
T set_bits(T& field, T bits, std::memory_order order, Place place = Place::current()) {
    return static_cast<T>(
        weak::access({&field, weak::Operation::kSetBits, order, place.function_name()}, bits));
}

inline void fence(std::memory_order order, Place place = Place::current()) {
    weak::fence({nullptr, weak::Operation::kFence, order, place.function_name()});
}

template <typename T>
using Words = std::array<std::uint64_t, sizeof(T) / sizeof(std::uint64_t)>;

template <typename T>
[[nodiscard]] T snapshot(const T& source, Place place = Place::current()) {
    const auto* words = reinterpret_cast<const std::uint64_t*>(&source);
    Words<T> copy;
    for (std::size_t i = 0; i < copy.size(); ++i)
        copy[i] = load(words[i], std::memory_order_relaxed, place);
    return std::bit_cast<T>(copy);
}

template <typename T>
void put(T& target, const T& value, Place place = Place::current()) {
    auto* words = reinterpret_cast<std::uint64_t*>(&target);
    const auto copy = std::bit_cast<Words<T>>(value);
    for (std::size_t i = 0; i < copy.size(); ++i)
        store(words[i], copy[i], std::memory_order_relaxed, place);
}

}  // namespace mapferry::inline v1::shared

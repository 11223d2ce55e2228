// SPDX-License-Identifier: Apache-2.0
// Non-temporal stores of x86-64's baseline (Intel Software Developer's Manual, volume 1, 10.4.6.2).
#include <emmintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/stream_copy.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kLineBytes = 64;

// The number of bytes up to the next cache line of the target.
std::size_t bytes_to_line(const std::byte* target) {
    return (kLineBytes - reinterpret_cast<std::uintptr_t>(target) % kLineBytes) % kLineBytes;
}

}  // namespace

void stream_copy(std::span<std::byte> target, std::span<const std::byte> source) {
    std::size_t at = std::min(bytes_to_line(target.data()), source.size());
    if (at != 0) std::memcpy(target.data(), source.data(), at);
    // Whole lines, because the processor would otherwise write parts of lines to memory.
    for (; source.size() - at >= kLineBytes; at += kLineBytes) {
        const auto* const from = reinterpret_cast<const __m128i*>(&source[at]);
        auto* const to = reinterpret_cast<__m128i*>(&target[at]);
        const __m128i a = _mm_loadu_si128(from);
        const __m128i b = _mm_loadu_si128(from + 1);
        const __m128i c = _mm_loadu_si128(from + 2);
        const __m128i d = _mm_loadu_si128(from + 3);
        _mm_stream_si128(to, a);
        _mm_stream_si128(to + 1, b);
        _mm_stream_si128(to + 2, c);
        _mm_stream_si128(to + 3, d);
    }
    // Such stores are not ordered with others. They must be done before the frame is published.
    _mm_sfence();
    if (at < source.size()) std::memcpy(&target[at], &source[at], source.size() - at);
}

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
#include "mapferry/detail/hash.h"

#include "base/hash_kernel.h"

// The kernels that the build compiles: 1 = sse2, avx2 and avx512; 0 = portable. A build that can't
// use the wide ones on an x86-64 sets 0 (g++ for Windows misaligns AVX variables on the stack, GCC
// bug 54412).
#ifndef MAPFERRY_HASH_X86_64
#if defined(__x86_64__)
#define MAPFERRY_HASH_X86_64 1
#else
#define MAPFERRY_HASH_X86_64 0
#endif
#endif

#if MAPFERRY_HASH_X86_64
#include "base/cpu.h"
#endif

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kKernelsMax = 3;

struct KernelList {
    const HashKernel* kernels[kKernelsMax] = {};
    std::size_t count = 0;

    void add(const HashKernel& kernel) { kernels[count++] = &kernel; }
};

KernelList find_kernels() {
    KernelList list;
#if MAPFERRY_HASH_X86_64
    const SimdLevel level = widest_simd_level();
    list.add(hash_kernel_sse2());
    if (level >= SimdLevel::kAvx2) list.add(hash_kernel_avx2());
    if (level >= SimdLevel::kAvx512) list.add(hash_kernel_avx512());
#else
    list.add(hash_kernel_portable());
#endif
    return list;
}

const KernelList& supported_kernels() {
    static const KernelList list = find_kernels();
    return list;
}

// Bytes that are not in a cache come through AVX2 faster than through AVX-512: a little where they
// are aligned, 1.6 times where each load of 64 bytes touches two lines of the cache. For bytes in a
// cache AVX-512 is the faster one (docs/decisions/0049-hash-where-the-bytes-are.md).
constexpr std::size_t kAligned = 64;
constexpr std::size_t kMemoryBytes = std::size_t{32} << 20;
constexpr std::size_t kMisalignedMemoryBytes = std::size_t{4} << 20;

const HashKernel& widest_kernel() {
    static const HashKernel& widest = *supported_kernels().kernels[supported_kernels().count - 1];
    return widest;
}

const HashKernel& find_memory_kernel() {
    const KernelList& list = supported_kernels();
    return *list.kernels[list.count == kKernelsMax ? kKernelsMax - 2 : list.count - 1];
}

// The kernel for bytes of which nothing but their place and number is known.
const HashKernel& kernel_for(std::span<const std::byte> bytes) {
    static const HashKernel& for_memory = find_memory_kernel();
    if (bytes.size() < kMisalignedMemoryBytes) return widest_kernel();
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(bytes.data()) % kAligned == 0;
    return bytes.size() < kMemoryBytes && is_aligned ? widest_kernel() : for_memory;
}

void append_hex_digits(std::string& text, std::uint64_t number) {
    for (int shift = 60; shift >= 0; shift -= 4)
        text += "0123456789abcdef"[number >> shift & 15];
}

}  // namespace

std::string to_hex(const Hash128& hash) {
    std::string text;
    append_hex_digits(text, hash.high64);
    append_hex_digits(text, hash.low64);
    return text;
}

std::uint64_t xxh3_64(std::span<const std::byte> bytes, std::uint64_t seed) {
    return kernel_for(bytes).hash64(bytes.data(), bytes.size(), seed);
}

struct Digest128::State {
    alignas(MAPFERRY_HASH_STATE_ALIGN) std::byte storage[MAPFERRY_HASH_STATE_BYTES];
    const HashKernel* kernel;
};

Digest128::Digest128() : Digest128(std::span<const std::byte>()) {}
Digest128::Digest128(std::span<const std::byte> whole) : state_(std::make_unique<State>()) {
    state_->kernel = &kernel_for(whole);
    reset();
}
Digest128::~Digest128() = default;
Digest128::Digest128(Digest128&&) noexcept = default;
Digest128& Digest128::operator=(Digest128&&) noexcept = default;

void Digest128::reset() {
    state_->kernel->reset128(state_->storage);
}

void Digest128::update(std::span<const std::byte> bytes) {
    // An empty span may have a null address, which xxHash takes for an error.
    if (!bytes.empty()) state_->kernel->update128(state_->storage, bytes.data(), bytes.size());
}

Hash128 Digest128::value() const {
    const HashKernelValue128 value = state_->kernel->value128(state_->storage);
    return {.low64 = value.low64, .high64 = value.high64};
}

std::uint64_t Digest128::value64() const {
    return state_->kernel->value64(state_->storage);
}

std::string_view hash_simd_name() {
    return widest_kernel().name;
}

const HashKernel* const* all_supported_kernels(size_t* count) {
    *count = supported_kernels().count;
    return supported_kernels().kernels;
}

}  // namespace mapferry::inline v1

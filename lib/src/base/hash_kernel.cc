// SPDX-License-Identifier: Apache-2.0
// The only unit that sees xxHash, compiled several times. The build defines
//
//     MAPFERRY_HASH_KERNEL   sse2, avx2 or avx512 (x86-64, with the flags named in cpu.h), or
//                            portable (xxHash takes what the compiler's target offers)
//
// No C++ standard header here, see hash_kernel.h.
#include "base/hash_kernel.h"

#define MAPFERRY_PASTE2(a, b) a##b
#define MAPFERRY_PASTE(a, b) MAPFERRY_PASTE2(a, b)

// Set explicitly, because with -march=native xxHash would give every kernel the widest unit.
#define MAPFERRY_VECTOR_OF_sse2 XXH_SSE2
#define MAPFERRY_VECTOR_OF_avx2 XXH_AVX2
#define MAPFERRY_VECTOR_OF_avx512 XXH_AVX512
#define MAPFERRY_CHOOSES_ITSELF_portable 1
#if !MAPFERRY_PASTE(MAPFERRY_CHOOSES_ITSELF_, MAPFERRY_HASH_KERNEL)
#define XXH_VECTOR MAPFERRY_PASTE(MAPFERRY_VECTOR_OF_, MAPFERRY_HASH_KERNEL)
#endif

// g++ 12's own AVX-512 header leaves operands undefined on purpose, and warns about it wherever it
// is inlined (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

// xxHash's functions become static, so that the kernels do not clash in the linker.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mapferry::inline v1 {

namespace {

static_assert(sizeof(XXH3_state_t) <= MAPFERRY_HASH_STATE_BYTES, "a state would not fit its store");
static_assert(alignof(XXH3_state_t) <= MAPFERRY_HASH_STATE_ALIGN, "a state would be misaligned");

uint64_t hash64(const void* bytes, size_t count, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes, count, seed);
}

void reset128(void* state) {
    (void)XXH3_128bits_reset(static_cast<XXH3_state_t*>(state));
}

// The result codes report only null arguments, which the table's contract excludes.
void update128(void* state, const void* bytes, size_t count) {
    (void)XXH3_128bits_update(static_cast<XXH3_state_t*>(state), bytes, count);
}

// The state is the same for both lengths; only the last step differs.
uint64_t value64(const void* state) {
    return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(state));
}

HashKernelValue128 value128(const void* state) {
    const XXH128_hash_t hash = XXH3_128bits_digest(static_cast<const XXH3_state_t*>(state));
    return {hash.low64, hash.high64};
}

constexpr const char* vector_name(int vector) {
    switch (vector) {
        case XXH_SSE2:
            return "sse2";
        case XXH_AVX2:
            return "avx2";
        case XXH_AVX512:
            return "avx512";
        case XXH_NEON:
            return "neon";
        default:
            return "scalar";
    }
}

constexpr HashKernel kKernel = {
    vector_name(XXH_VECTOR), hash64, reset128, update128, value64, value128};

}  // namespace

const HashKernel& MAPFERRY_PASTE(hash_kernel_, MAPFERRY_HASH_KERNEL)() {
    return kKernel;
}

}  // namespace mapferry::inline v1

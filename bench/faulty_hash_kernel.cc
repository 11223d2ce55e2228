// SPDX-License-Identifier: Apache-2.0
// The real hash, which changes one byte of the first block after it has hashed the block. A sender
// with this hash sends bytes that do not match its checksum. Only for the test of the benchmark.
#include <algorithm>

#include "base/hash_kernel.h"
#include "bench/payload_sizes.h"

namespace mapferry::inline v1 {

// hash_kernel.cc, compiled again under this name.
const HashKernel& hash_kernel_real();

namespace {

constexpr size_t kBlockBytes = 4096;  // no block of a file is smaller here
bool has_changed_a_byte = false;

// The library hashes its own records too. They are small, and a change of one of them would be
// noticed whether or not a payload's bytes are looked at. Those that come before the first payload
// have other sizes than a payload, or a seed, which payloads never have.
bool is_block(size_t count, uint64_t seed) {
    if (count >= kBlockBytes) return true;
    return seed == 0 && std::ranges::count(bench::kPayloadSizes, count) > 0;
}

void change_a_byte(const void* bytes, size_t count, uint64_t seed) {
    if (has_changed_a_byte || !is_block(count, seed)) return;
    static_cast<unsigned char*>(const_cast<void*>(bytes))[count / 2] ^= 1;
    has_changed_a_byte = true;
}

uint64_t hash64(const void* bytes, size_t count, uint64_t seed) {
    const uint64_t hash = hash_kernel_real().hash64(bytes, count, seed);
    change_a_byte(bytes, count, seed);
    return hash;
}
void reset128(void* state) {
    hash_kernel_real().reset128(state);
}
void update128(void* state, const void* bytes, size_t count) {
    hash_kernel_real().update128(state, bytes, count);
    change_a_byte(bytes, count, 0);
}
uint64_t value64(const void* state) {
    return hash_kernel_real().value64(state);
}
HashKernelValue128 value128(const void* state) {
    return hash_kernel_real().value128(state);
}

constexpr HashKernel kKernel = {"faulty", hash64, reset128, update128, value64, value128};

}  // namespace

const HashKernel& hash_kernel_sse2() {
    return kKernel;
}
const HashKernel& hash_kernel_avx2() {
    return kKernel;
}
const HashKernel& hash_kernel_avx512() {
    return kKernel;
}
const HashKernel& hash_kernel_portable() {
    return kKernel;
}

}  // namespace mapferry::inline v1

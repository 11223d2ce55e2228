// SPDX-License-Identifier: Apache-2.0
// All kernels of the hash, but they read no byte. They show what mapferry's transfer would cost
// without verification. Only for bench/.
#include "base/hash_kernel.h"

namespace mapferry::inline v1 {

namespace {

uint64_t hash64(const void*, size_t, uint64_t) {
    return 1;
}
void reset128(void*) {}
void update128(void*, const void*, size_t) {}
uint64_t value64(const void*) {
    return 1;
}
HashKernelValue128 value128(const void*) {
    return {1, 1};
}

constexpr HashKernel kKernel = {"none", hash64, reset128, update128, value64, value128};

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

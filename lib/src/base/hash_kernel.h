// SPDX-License-Identifier: Apache-2.0
// XXH3 compiled once for each vector unit, behind a table of function pointers.
//
//     hash.cc --picks one--> HashKernel <--exports one each-- hash_kernel.cc, compiled with
//                                                             -DMAPFERRY_HASH_KERNEL=sse2, avx2,
//                                                             ...
//
// This header is seen by code that is compiled for processors wider than the one at hand. So it
// holds no inline function and no template, and includes nothing that does: the linker keeps one
// copy of an inline function, and might keep the one with AVX-512 instructions for everybody.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mapferry::inline v1 {

// Storage for a streaming state, XXH3_state_t of xxHash 0.8.
#define MAPFERRY_HASH_STATE_BYTES 576
#define MAPFERRY_HASH_STATE_ALIGN 64

struct HashKernelValue128 {
    uint64_t low64;
    uint64_t high64;
};

// All functions are thread-safe; `state` is MAPFERRY_HASH_STATE_BYTES bytes, aligned, begun with
// reset128. Only the kernel that began a state may go on with it.
struct HashKernel {
    const char* name;  // the result of hash_simd_name()
    uint64_t (*hash64)(const void* bytes, size_t count, uint64_t seed);
    void (*reset128)(void* state);
    void (*update128)(void* state, const void* bytes, size_t count);  // REQUIRES: count > 0
    uint64_t (*value64)(const void* state);
    HashKernelValue128 (*value128)(const void* state);
};

// The build decides which of these exist: the first three on x86-64, otherwise the last.
const HashKernel& hash_kernel_sse2();
const HashKernel& hash_kernel_avx2();
const HashKernel& hash_kernel_avx512();
const HashKernel& hash_kernel_portable();

// Every kernel of this build that this processor can run, the preferred one last; never empty.
// For tests and benchmarks; thread-safe.
const HashKernel* const* all_supported_kernels(size_t* count);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// What the processor can do, as far as this library cares. x86-64 only: elsewhere the compiler's
// target alone decides, and this header is not used.
#pragma once

namespace mapferry::inline v1 {

// In rising order, so that levels compare.
enum class SimdLevel { kSse2, kAvx2, kAvx512 };

// The widest level whose every instruction used here the processor has and whose registers the
// operating system saves. The levels stand for the flags that hash_kernel.cc is compiled with:
//     kAvx2    -mavx2 -mbmi2
//     kAvx512  -mavx512f -mavx512bw -mavx512dq -mavx512vl -mbmi2
// Constant for the life of the process; thread-safe.
[[nodiscard]] SimdLevel widest_simd_level();

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// The processor's abilities that this library uses. x86-64 only: elsewhere the compiler's target
// alone decides, and this header is not used.
#pragma once

namespace mapferry::inline v1 {

// In rising order, so that levels can be compared.
enum class SimdLevel { kSse2, kAvx2, kAvx512 };

// The widest level for which the processor has every instruction used here and the operating system
// saves the registers. The levels stand for the flags that hash_kernel.cc is compiled with:
//     kAvx2    -mavx2 -mbmi2
//     kAvx512  -mavx512f -mavx512bw -mavx512dq -mavx512vl -mbmi2
// Constant for the life of the process; thread-safe.
[[nodiscard]] SimdLevel widest_simd_level();

}  // namespace mapferry::inline v1

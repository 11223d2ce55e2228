// SPDX-License-Identifier: Apache-2.0
// widest_simd_level() from what glibc knows since its own start (glibc manual, "X86"): the
// processor's features whose registers the system saves. libgcc would ask again, and in a virtual
// machine that takes 86 us, a twentieth of the time to pass on a small file.

// The header is C, and clang has no _Bool in C++.
#define _Bool bool  // NOLINT(bugprone-reserved-identifier)
#include <sys/platform/x86.h>
#undef _Bool

#include "base/cpu.h"

namespace mapferry::inline v1 {

namespace {

bool has_avx2() {
    return CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI2);
}

bool has_avx512() {
    return CPU_FEATURE_ACTIVE(AVX512F) && CPU_FEATURE_ACTIVE(AVX512BW) &&
           CPU_FEATURE_ACTIVE(AVX512DQ) && CPU_FEATURE_ACTIVE(AVX512VL);
}

}  // namespace

SimdLevel widest_simd_level() {
    if (!has_avx2()) return SimdLevel::kSse2;
    return has_avx512() ? SimdLevel::kAvx512 : SimdLevel::kAvx2;
}

}  // namespace mapferry::inline v1

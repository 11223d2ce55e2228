// SPDX-License-Identifier: Apache-2.0
// widest_simd_level() for compilers that speak GNU C, g++ and clang, where there is no glibc.
#include "base/cpu.h"

namespace mapferry::inline v1 {

namespace {

// __builtin_cpu_supports reads CPUID and, for everything with wide registers, also XGETBV: a
// feature whose registers the operating system does not save counts as absent (GCC manual,
// "x86 Built-in Functions"; libgcc's cpuinfo.h).
bool has_avx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

bool has_avx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

}  // namespace

SimdLevel widest_simd_level() {
    __builtin_cpu_init();  // a static constructor may ask before libgcc's own has run
    if (!has_avx2()) return SimdLevel::kSse2;
    return has_avx512() ? SimdLevel::kAvx512 : SimdLevel::kAvx2;
}

}  // namespace mapferry::inline v1

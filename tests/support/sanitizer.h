// SPDX-License-Identifier: Apache-2.0
// Whether a sanitizer checks this build. A sanitizer uses memory, files and time beside those of
// the program.
#pragma once

// g++ defines macros of its own; clang has __has_feature.
#if defined(__has_feature)
#define MAPFERRY_HAS_FEATURE(feature) __has_feature(feature)
#else
#define MAPFERRY_HAS_FEATURE(feature) 0
#endif

namespace mapferry::testing {

#if defined(__SANITIZE_ADDRESS__) || MAPFERRY_HAS_FEATURE(address_sanitizer)
inline constexpr bool kAddressSanitized = true;
#else
inline constexpr bool kAddressSanitized = false;
#endif

#if defined(__SANITIZE_THREAD__) || MAPFERRY_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kThreadSanitized = true;
#else
inline constexpr bool kThreadSanitized = false;
#endif

inline constexpr bool kSanitized = kAddressSanitized || kThreadSanitized;

}  // namespace mapferry::testing

#undef MAPFERRY_HAS_FEATURE

// SPDX-License-Identifier: Apache-2.0
/// \file
/// The version of mapferry. The library's names are in the inline namespace `mapferry::v1`, so that
/// code can use `mapferry::Writer`. A later version with another interface will have another inline
/// namespace, so that object files compiled against different interfaces do not mix by accident.
///
///     static_assert(mapferry::kVersionMajor == 0, "written for mapferry 0");
///     std::string banner() {
///         return "with mapferry " + std::string(mapferry::kVersion);
///     }
#pragma once

#include <string_view>

namespace mapferry::inline v1 {

inline constexpr int kVersionMajor = 0;
inline constexpr int kVersionMinor = 1;
inline constexpr int kVersionPatch = 0;
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which mapferry this is. Names of the library are in `mapferry::v1`, an inline namespace, so that
/// code says `mapferry::Writer`. A later version with another interface has another one: objects
/// that were compiled against both do not mix by accident.
#pragma once

#include <string_view>

namespace mapferry::inline v1 {

inline constexpr int kVersionMajor = 0;
inline constexpr int kVersionMinor = 1;
inline constexpr int kVersionPatch = 0;
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace mapferry::inline v1

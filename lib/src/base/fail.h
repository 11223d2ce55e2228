// SPDX-License-Identifier: Apache-2.0
// fail() under its short name, for the sources of the library alone: no header that is installed
// gives `mapferry` so general a word.
#pragma once

#include "mapferry/detail/failure.h"

namespace mapferry::inline v1 {

using detail::fail;

}  // namespace mapferry::inline v1

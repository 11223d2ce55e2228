// SPDX-License-Identifier: Apache-2.0
// Words of the library that the programs use without its name.
#pragma once

#include "mapferry/detail/failure.h"

namespace mapferry::cli {

using detail::fail;

}  // namespace mapferry::cli

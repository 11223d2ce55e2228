// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the system's own event loops wait for.
#pragma once

namespace mapferry::inline v1 {

#ifdef _WIN32
using NativeHandle = void*;  ///< a HANDLE
#else
using NativeHandle = int;  ///< a file descriptor
#endif

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// Included before stb, whose warnings are not ours to fix. They are silenced to the end of the
// including file, because the compiler finds some of them only where the code is inlined.
#pragma once

#if defined(__GNUC__)  // clang, too
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-function"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

// SPDX-License-Identifier: Apache-2.0
// A range of bytes, its end excluded.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

}  // namespace mapferry::inline v1::platform

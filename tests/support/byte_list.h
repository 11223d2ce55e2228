// SPDX-License-Identifier: Apache-2.0
// Bytes as a test writes them: numbers from 0 to 255.
#pragma once

#include <initializer_list>

#include "support/test_bytes.h"

namespace mapferry::testing {

[[nodiscard]] inline Bytes bytes(std::initializer_list<int> values) {
    Bytes result;
    for (const int value : values)
        result.push_back(static_cast<std::byte>(value));
    return result;
}

}  // namespace mapferry::testing

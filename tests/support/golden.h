// SPDX-License-Identifier: Apache-2.0
// Bytes that must not change, kept as hex text in tests/golden.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>

namespace mapferry::testing {

// As `hexdump -C` prints them.
[[nodiscard]] std::string hex_dump(std::span<const std::byte> bytes);

// Whether the bytes are those of tests/golden/<name>; if not, says which lines differ. With
// MAPFERRY_WRITE_GOLDEN set in the environment the file is written instead.
[[nodiscard]] ::testing::AssertionResult matches_golden(std::span<const std::byte> bytes,
                                                        const std::string& name);

}  // namespace mapferry::testing

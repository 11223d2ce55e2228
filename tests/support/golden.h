// SPDX-License-Identifier: Apache-2.0
// Bytes that must not change, kept as hex text in tests/golden.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>

namespace mapferry::testing {

// The text that `hexdump -C` prints for these bytes.
[[nodiscard]] std::string hex_dump(std::span<const std::byte> bytes);

// Whether the bytes are those of tests/golden/<name>; a failure lists the lines that differ. With
// MAPFERRY_WRITE_GOLDEN set in the environment, writes the file instead.
[[nodiscard]] ::testing::AssertionResult matches_golden(std::span<const std::byte> bytes,
                                                        const std::string& name);

}  // namespace mapferry::testing

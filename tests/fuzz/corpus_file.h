// SPDX-License-Identifier: Apache-2.0
// A corpus: the inputs of one fuzz target, one a line in hex digits. Lines that begin with # are
// comments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mapferry::testing {

using FuzzBytes = std::vector<std::uint8_t>;

// Throws when the file can't be read, or when a line is not hex.
[[nodiscard]] std::vector<FuzzBytes> read_corpus(const std::string& path);

[[nodiscard]] std::string hex_line(const FuzzBytes& input);

}  // namespace mapferry::testing

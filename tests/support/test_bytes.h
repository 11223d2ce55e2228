// SPDX-License-Identifier: Apache-2.0
// Bytes and files for tests: the same seed gives the same bytes everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mapferry::testing {

using Bytes = std::vector<std::byte>;

[[nodiscard]] Bytes random_bytes(std::size_t count, std::uint64_t seed = 1);
[[nodiscard]] Bytes bytes_of(const std::string& text);
// For many bytes: tests are compiled without optimisation, and a loop over 100 MB takes them long.
[[nodiscard]] bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b);

void write_file(const std::string& path, std::span<const std::byte> bytes);
void write_file(const std::string& path, const std::string& text);
// Writes random_bytes(count, seed) to a file, piece by piece.
void write_random_file(const std::string& path, std::uint64_t count, std::uint64_t seed = 1);
// Makes a file of `count` zeros that take no space.
void make_sparse_file(const std::string& path, std::uint64_t count);
// Changes one bit of the byte at `offset`.
void flip_bit(const std::string& path, std::uint64_t offset);

[[nodiscard]] Bytes read_file(const std::string& path);
[[nodiscard]] std::string read_text(const std::string& path);
// Whether the files have the same bytes; compares piece by piece.
[[nodiscard]] bool same_content(const std::string& a, const std::string& b);

}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
/// \file
/// For the programs of this project; no promise (docs/decisions/0044-what-is-public.md).
///
/// XXH3, the checksum of every message (64 bits) and payload (128 bits). It protects against
/// accidents, not against attackers: a process that can write to the section can also write a
/// matching XXH3. Source of the algorithm: xxHash by Yann Collet,
/// https://github.com/Cyan4973/xxHash, format stable since 0.8.0. At its first use the library
/// finds the processor's vector units, once; large inputs may take another one than small inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "mapferry/digest.h"

namespace mapferry::inline v1 {

/// XXH3-64 of `bytes`. Thread-safe.
[[nodiscard]] std::uint64_t xxh3_64(std::span<const std::byte> bytes, std::uint64_t seed = 0);

/// Computes XXH3-128 over bytes that come in pieces. Move-only; one thread at a time.
class Digest128 {
  public:
    Digest128();
    /// For pieces of `whole`, which stays where it is: its size and its place in memory show which
    /// vector unit is fastest.
    explicit Digest128(std::span<const std::byte> whole);
    ~Digest128();
    Digest128(Digest128&&) noexcept;
    Digest128& operator=(Digest128&&) noexcept;

    void reset();
    void update(std::span<const std::byte> bytes);
    [[nodiscard]] Hash128 value() const;
    /// XXH3-64 of the same bytes, as xxh3_64() returns it.
    [[nodiscard]] std::uint64_t value64() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The vector unit of the hash of small inputs in this process: "sse2", "avx2", "avx512", "neon" or
/// "scalar".
[[nodiscard]] std::string_view hash_simd_name();

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
/// \file
/// XXH3, the checksum of every message (64 bits) and payload (128 bits). Against accidents, not
/// attackers: who can write the section can also write a matching XXH3.
/// Source of the algorithm: xxHash by Yann Collet, https://github.com/Cyan4973/xxHash, format
/// stable since 0.8.0. The widest vector unit that the processor has is chosen once, at first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mapferry::inline v1 {

struct Hash128 {
    std::uint64_t low64 = 0;
    std::uint64_t high64 = 0;
    friend bool operator==(const Hash128&, const Hash128&) = default;
};

/// 32 lower-case hexadecimal digits in the canonical order, as `xxh128sum` prints them.
[[nodiscard]] std::string to_hex(const Hash128& hash);

/// XXH3-64 of `bytes`. Thread-safe.
[[nodiscard]] std::uint64_t xxh3_64(std::span<const std::byte> bytes, std::uint64_t seed = 0);

/// XXH3-128 over bytes that come in pieces. Move-only; one thread at a time.
class Digest128 {
  public:
    Digest128();
    ~Digest128();
    Digest128(Digest128&&) noexcept;
    Digest128& operator=(Digest128&&) noexcept;

    void reset();
    void update(std::span<const std::byte> bytes);
    [[nodiscard]] Hash128 value() const;
    /// XXH3-64 of the same bytes, as xxh3_64() gives it.
    [[nodiscard]] std::uint64_t value64() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Which vector unit the hash uses in this process: "sse2", "avx2", "avx512", "neon" or "scalar".
[[nodiscard]] std::string_view hash_simd_name();

}  // namespace mapferry::inline v1

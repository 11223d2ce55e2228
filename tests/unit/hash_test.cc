// SPDX-License-Identifier: Apache-2.0
#include "mapferry/detail/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/hash_kernel.h"

namespace mapferry {
namespace {

// Bytes without a short period. The same formula made the vectors below.
std::vector<std::byte> pattern(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t at = 0; at < count; ++at) {
        const std::uint64_t i = at;
        bytes[at] = static_cast<std::byte>((i * i * 31 + i * 7 + 11) >> 3 & 0xFF);
    }
    return bytes;
}

constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15;

struct Vector {
    std::size_t count;
    std::uint64_t hash64;         // `xxhsum -H3`, xxhsum 0.8.1
    std::uint64_t seeded_hash64;  // XXH3_64bits_withSeed(..., kSeed) of libxxhash.so 0.8.1
    const char* hash128;          // `xxh128sum`
};

// Lengths on both sides of every limit at which XXH3 changes its method: 3, 8, 16, 128, 240, and
// one block.
constexpr Vector kVectors[] = {
    {0, 0x2D06800538D394C2, 0x602B0E2CD6662C8B, "99aa06d3014798d86001c324468d497f"},
    {1, 0xE12EF9D2EB86CEEB, 0x439A256D3DA4E7E3, "51025a4491835505e12ef9d2eb86ceeb"},
    {3, 0x1FCD57D56CE94A02, 0x961D8A116789F01E, "9b1f0deae44791651fcd57d56ce94a02"},
    {4, 0xFADCEB51C154C495, 0xC140F40A2368449A, "cd33f14bb70f54e443b804baee7fcba9"},
    {8, 0x90A833FD78FE8A51, 0xECE497A842932919, "9e033661225076a883769d46a1358310"},
    {9, 0xFDFF8BF3856BCB38, 0x9BB7C18517C53B85, "69ce4a7c8825c63b133087dfd2310472"},
    {16, 0xFDE46A405DB4F73F, 0x302E1732B7732411, "1abbd9849bcad0c77788c18d7dde5ced"},
    {17, 0x19F7E608E534A46B, 0x2690ED14F9C5B75B, "f6dae00d0e801bc6b4dc645b6d436fb1"},
    {32, 0x4C5C4C485878FAE1, 0x39717A2FEC51F97E, "ed67a4fc0f0d5ce3d808396ad1d34203"},
    {64, 0x86BFD011224A0203, 0xF911E7B78FA5DEBF, "a1f5232f65d2c5598b60f95e32764d9b"},
    {128, 0xCBFEB7CBF4586E92, 0xF11FB530A2FDC67A, "c6f9722c24a8460a3fd10eee064ea666"},
    {129, 0x4450E52118230C97, 0x277D45EF84B62C47, "26c4a92e771c46d55337b642eb324d7f"},
    {180, 0xD7A610B35056C1D1, 0xF9780624046C57E9, "fa6dafeecdd38ceebb67590111f470c5"},
    {240, 0x944F7B61D03DD869, 0xDF4746AA68C9C4E6, "056ca63419688ad30f06c297491eeff1"},
    {241, 0xA588E35B2540EFF5, 0xC788B40E2133F8C0, "2d83184e3a9e98e0a588e35b2540eff5"},
    {256, 0xC80E6BC0AB61927B, 0xEDCB3F5A3195D436, "4987d2887a1ba893c80e6bc0ab61927b"},
    {512, 0x8182A21FE2BE17ED, 0x36CEC2C892C120B8, "bc2450e9a77646fc8182a21fe2be17ed"},
    {1023, 0x8FCB29FBE1865C2A, 0x166B5DE3A1CE6D0D, "b834638efecf27ab8fcb29fbe1865c2a"},
    {1024, 0x51D2E1D694C28B4F, 0x28B5A2110E7D7149, "2f9b238b89494e9851d2e1d694c28b4f"},
    {1025, 0xD07A97544CD7F841, 0xF3DAE4754572E49C, "2f0b230ffdfb04dbd07a97544cd7f841"},
    {4096, 0x7EF1CF80CA2C6341, 0x577377B9CE9B84BC, "8489823451fd381f7ef1cf80ca2c6341"},
    {65537, 0x8BB7BF74849FE194, 0x77DFB7B84D763B79, "2bc533eb30f492a58bb7bf74849fe194"},
};

struct alignas(MAPFERRY_HASH_STATE_ALIGN) KernelState {
    std::byte storage[MAPFERRY_HASH_STATE_BYTES];
};

std::span<const HashKernel* const> kernels() {
    std::size_t count = 0;
    const HashKernel* const* first = all_supported_kernels(&count);
    return {first, count};
}

// Hashes pieces of `piece`, 2 * piece, 3 * piece, ... bytes, starting again after 7 * piece.
Hash128 hash128_in_pieces(const HashKernel& kernel, std::span<const std::byte> bytes,
                          std::size_t piece) {
    KernelState state{};
    kernel.reset128(state.storage);
    for (std::size_t factor = 1; !bytes.empty(); factor = factor % 7 + 1) {
        const std::size_t count = std::min(bytes.size(), piece * factor);
        kernel.update128(state.storage, bytes.data(), count);
        bytes = bytes.subspan(count);
    }
    const HashKernelValue128 value = kernel.value128(state.storage);
    return {.low64 = value.low64, .high64 = value.high64};
}

TEST(Xxh3, EqualsTheReferenceProgram) {
    for (const Vector& vector : kVectors)
        EXPECT_EQ(xxh3_64(pattern(vector.count)), vector.hash64) << vector.count;
}

TEST(Xxh3, WithSeedEqualsTheReferenceLibrary) {
    for (const Vector& vector : kVectors)
        EXPECT_EQ(xxh3_64(pattern(vector.count), kSeed), vector.seeded_hash64) << vector.count;
}

TEST(Xxh3, OfANullSpanIsThatOfNoBytes) {
    EXPECT_EQ(xxh3_64({}), kVectors[0].hash64);
    EXPECT_EQ(xxh3_64({}, kSeed), kVectors[0].seeded_hash64);
}

TEST(Xxh3, DoesNotCareForAlignment) {
    const std::vector<std::byte> bytes = pattern(1024);
    std::vector<std::byte> room(64 + bytes.size());
    for (std::size_t shift = 0; shift < 64; ++shift) {
        const auto shifted = std::span(room).subspan(shift, bytes.size());
        std::ranges::copy(bytes, shifted.begin());
        EXPECT_EQ(xxh3_64(shifted), 0x51D2E1D694C28B4F) << shift;
    }
}

TEST(Xxh3, ChangesWithEverySingleBit) {
    std::vector<std::byte> bytes = pattern(300);
    const std::uint64_t before = xxh3_64(bytes);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const std::byte mask = std::byte{1} << (bit % 8);
        bytes[bit / 8] ^= mask;
        EXPECT_NE(xxh3_64(bytes), before) << bit;
        bytes[bit / 8] ^= mask;
    }
}

TEST(Xxh3, FromManyThreadsAtOnceIsTheSame) {
    std::array<std::uint64_t, 8> results = {};
    {
        std::vector<std::jthread> threads;
        threads.reserve(std::size(results));
        for (std::uint64_t& result : results)
            threads.emplace_back([&result] { result = xxh3_64(pattern(65537)); });
    }
    for (const std::uint64_t result : results)
        EXPECT_EQ(result, 0x8BB7BF74849FE194);
}

TEST(Digest128, EqualsTheReferenceProgram) {
    for (const Vector& vector : kVectors) {
        Digest128 digest;
        digest.update(pattern(vector.count));
        EXPECT_EQ(to_hex(digest.value()), vector.hash128) << vector.count;
    }
}

TEST(Digest128, EmptyPiecesChangeNothing) {
    Digest128 digest;
    digest.update({});
    digest.update(pattern(1024));
    digest.update({});
    EXPECT_EQ(to_hex(digest.value()), "2f9b238b89494e9851d2e1d694c28b4f");
}

TEST(Digest128, ValueMayBeAskedForInBetween) {
    const std::vector<std::byte> bytes = pattern(1025);
    Digest128 digest;
    digest.update(std::span(bytes).first(1024));
    EXPECT_EQ(to_hex(digest.value()), "2f9b238b89494e9851d2e1d694c28b4f");
    digest.update(std::span(bytes).last(1));
    EXPECT_EQ(to_hex(digest.value()), "2f0b230ffdfb04dbd07a97544cd7f841");
}

TEST(Digest128, ResetBeginsAnew) {
    Digest128 digest;
    digest.update(pattern(4096));
    digest.reset();
    EXPECT_EQ(to_hex(digest.value()), kVectors[0].hash128);
}

TEST(Digest128, MovesWithWhatItHasSeen) {
    const std::vector<std::byte> bytes = pattern(1025);
    Digest128 first;
    first.update(std::span(bytes).first(1000));
    Digest128 second = std::move(first);
    Digest128 third;
    third.update(pattern(5));
    third = std::move(second);
    third.update(std::span(bytes).subspan(1000));
    EXPECT_EQ(to_hex(third.value()), "2f0b230ffdfb04dbd07a97544cd7f841");
}

TEST(ToHex, PadsWithZerosHighHalfFirst) {
    EXPECT_EQ(to_hex({.low64 = 0x1, .high64 = 0xAB}), "00000000000000ab0000000000000001");
    EXPECT_EQ(to_hex({}), std::string(32, '0'));
}

TEST(HashKernels, ThePreferredOneIsInUse) {
    ASSERT_FALSE(kernels().empty());
    EXPECT_EQ(hash_simd_name(), kernels().back()->name);
}

TEST(HashKernels, HaveDocumentedAndDistinctNames) {
    const std::vector<std::string> known = {"sse2", "avx2", "avx512", "neon", "scalar"};
    std::vector<std::string> seen;
    for (const HashKernel* kernel : kernels()) {
        EXPECT_NE(std::ranges::find(known, kernel->name), known.end()) << kernel->name;
        EXPECT_EQ(std::ranges::find(seen, kernel->name), seen.end()) << kernel->name;
        seen.emplace_back(kernel->name);
    }
}

TEST(HashKernels, AllEqualTheReferenceProgram) {
    for (const HashKernel* kernel : kernels()) {
        for (const Vector& vector : kVectors) {
            const std::vector<std::byte> bytes = pattern(vector.count);
            EXPECT_EQ(kernel->hash64(bytes.data(), bytes.size(), 0), vector.hash64)
                << kernel->name << " " << vector.count;
            EXPECT_EQ(kernel->hash64(bytes.data(), bytes.size(), kSeed), vector.seeded_hash64)
                << kernel->name << " " << vector.count;
            EXPECT_EQ(to_hex(hash128_in_pieces(*kernel, bytes, 13)), vector.hash128)
                << kernel->name << " " << vector.count;
        }
    }
}

// Each length gets a separate buffer, so that AddressSanitizer sees a read past its end.
TEST(HashKernels, AgreeOnEveryLength) {
    const HashKernel& first = *kernels().front();
    for (std::size_t count = 0; count <= 2048; ++count) {
        const std::vector<std::byte> bytes = pattern(count);
        const std::uint64_t plain = first.hash64(bytes.data(), count, 0);
        const std::uint64_t seeded = first.hash64(bytes.data(), count, kSeed);
        const Hash128 wide = hash128_in_pieces(first, bytes, 4096);
        for (const HashKernel* kernel : kernels().subspan(1)) {
            ASSERT_EQ(kernel->hash64(bytes.data(), count, 0), plain) << kernel->name << count;
            ASSERT_EQ(kernel->hash64(bytes.data(), count, kSeed), seeded) << kernel->name << count;
            ASSERT_EQ(hash128_in_pieces(*kernel, bytes, 4096), wide) << kernel->name << count;
        }
    }
}

TEST(HashKernels, StreamingInOddPiecesGivesTheSame) {
    constexpr std::size_t kPieces[] = {1, 3, 7, 63, 64, 65, 255, 256, 257, 1021, 4099};
    for (const HashKernel* kernel : kernels())
        for (const std::size_t piece : kPieces) {
            EXPECT_EQ(to_hex(hash128_in_pieces(*kernel, pattern(65537), piece)),
                      "2bc533eb30f492a58bb7bf74849fe194")
                << kernel->name << " " << piece;
        }
}

// Large inputs may take another kernel than small ones, by their size and alignment.
TEST(Hash, OfLargeInputsIsTheSameWhereverTheyLie) {
    constexpr std::size_t kHashedMiB = std::size_t{1} << 20;
    const std::vector<std::byte> memory = pattern(40 * kHashedMiB);
    const HashKernel& first = *kernels().front();
    for (const std::size_t offset : {0u, 16u, 48u, 63u})
        for (const std::size_t count :
             {4 * kHashedMiB - 1, 4 * kHashedMiB, 32 * kHashedMiB - 1, 33 * kHashedMiB}) {
            const auto bytes = std::span(memory).subspan(offset, count);
            const std::uint64_t expected = first.hash64(bytes.data(), count, 0);
            EXPECT_EQ(xxh3_64(bytes), expected) << offset << " " << count;
            Digest128 digest(bytes);
            digest.update(bytes.first(kHashedMiB));
            digest.update(bytes.subspan(kHashedMiB));
            EXPECT_EQ(digest.value64(), expected) << offset << " " << count;
        }
}

}  // namespace
}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
// Eight bytes at a time, each through a table of its own ("slicing by eight").
#include "image/crc32.h"

#include <array>

namespace mapferry::inline v1 {

namespace {

constexpr std::size_t kSlices = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, kSlices>;

constexpr Tables make_tables() {
    constexpr std::uint32_t kPolynomial = 0xEDB8'8320;  // the lowest bit first
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit)
            rest = rest >> 1 ^ ((rest & 1) != 0 ? kPolynomial : 0);
        tables[0][byte] = rest;
    }
    for (std::size_t slice = 1; slice < kSlices; ++slice)
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[slice - 1][byte];
            tables[slice][byte] = before >> 8 ^ tables[0][before & 0xFF];
        }
    return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes) {
    std::uint32_t sum = 0xFFFF'FFFF;
    while (bytes.size() >= kSlices) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < kSlices; ++i) {
            const auto byte = std::to_integer<std::uint32_t>(bytes[i]);
            const std::uint32_t mixed = i < 4 ? byte ^ (sum >> 8 * i & 0xFF) : byte;
            next ^= kTables[kSlices - 1 - i][mixed];
        }
        sum = next;
        bytes = bytes.subspan(kSlices);
    }
    for (const std::byte byte : bytes)
        sum = sum >> 8 ^ kTables[0][(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xFF];
    return ~sum;
}

}  // namespace mapferry::inline v1

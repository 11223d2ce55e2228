// SPDX-License-Identifier: Apache-2.0
// Makes PNG files for the tests of the code that reads PNG.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "image/crc32.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

struct PngHeader {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    unsigned depth = 8;
    unsigned color_type = 2;
};

class PngBuilder {
  public:
    PngBuilder() {
        for (const int byte : {0x89, int{'P'}, int{'N'}, int{'G'}, 0x0D, 0x0A, 0x1A, 0x0A})
            file_.push_back(std::byte(byte));
    }

    void put_chunk(std::string_view name, std::span<const std::byte> data) {
        put_number(file_, static_cast<std::uint32_t>(data.size()));
        const std::size_t begin = file_.size();
        for (const char letter : name)
            file_.push_back(std::byte(letter));
        file_.insert(file_.end(), data.begin(), data.end());
        put_number(file_, crc32(std::span<const std::byte>(file_).subspan(begin)));
    }

    void put_header(const PngHeader& header) {
        Bytes data;
        put_number(data, header.width);
        put_number(data, header.height);
        for (const unsigned byte : {header.depth, header.color_type, 0U, 0U, 0U})
            data.push_back(std::byte(byte));
        put_chunk("IHDR", data);
    }

    // Each row begins with the number of its filter. The rows are stored, not compressed (RFC 1950,
    // RFC 1951).
    void put_rows(std::span<const std::byte> rows) {
        Bytes data = {std::byte{0x78}, std::byte{0x01}};
        std::uint32_t low = 1;
        std::uint32_t high = 0;
        for (const std::byte byte : rows) {  // Adler-32
            low = (low + std::to_integer<std::uint32_t>(byte)) % 65'521;
            high = (high + low) % 65'521;
        }
        constexpr std::size_t kBlockMax = 65'535;
        do {
            const auto block = rows.first(std::min(rows.size(), kBlockMax));
            rows = rows.subspan(block.size());
            data.push_back(std::byte(rows.empty() ? 1 : 0));
            const auto count = static_cast<unsigned>(block.size());
            for (const unsigned number : {count, ~count})
                for (const unsigned shift : {0U, 8U})
                    data.push_back(std::byte(number >> shift & 0xFF));
            data.insert(data.end(), block.begin(), block.end());
        } while (!rows.empty());
        put_number(data, high << 16 | low);
        put_chunk("IDAT", data);
    }

    [[nodiscard]] const Bytes& file() const { return file_; }

  private:
    static void put_number(Bytes& bytes, std::uint32_t number) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(std::byte(number >> shift & 0xFF));
    }

    Bytes file_;
};

}  // namespace mapferry::testing

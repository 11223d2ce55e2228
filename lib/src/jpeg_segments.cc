#include "jpeg_segments.h"

#include <cstdint>

namespace mapferry {

namespace {

using Bytes = std::span<const std::byte>;

constexpr unsigned kHuffmanTables = 0xC4;  // DHT
constexpr unsigned kStartOfImage = 0xD8;
constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;

unsigned number_at(Bytes bytes, std::size_t position) {
    return std::to_integer<unsigned>(bytes[position]);
}

// Stand alone, among the entropy-coded bytes.
bool is_restart(unsigned marker) {
    return marker >= 0xD0 && marker <= 0xD7;
}

std::unexpected<Status> damaged(const char* why) {
    return fail(Code::kCorrupt, std::string("the picture is damaged: ") + why);
}

// What a DHT segment holds behind its length: any number of tables.
Result<void> check_huffman_tables(Bytes tables) {
    constexpr std::size_t kHeadBytes = 17;  // which table, and 16 counts
    constexpr unsigned kCodesMax = 256;
    while (!tables.empty()) {
        if (tables.size() < kHeadBytes) return damaged("a Huffman table is cut");
        unsigned codes = 0;
        for (std::size_t i = 1; i < kHeadBytes; ++i)
            codes += number_at(tables, i);
        if (codes > kCodesMax) return damaged("a Huffman table has too many codes");
        if (tables.size() < kHeadBytes + codes) return damaged("a Huffman table is cut");
        tables = tables.subspan(kHeadBytes + codes);
    }
    return {};
}

// From entropy-coded bytes to the marker behind them: a 0xFF that no zero and no restart follows.
Bytes skip_entropy_coded(Bytes rest) {
    for (std::size_t i = 0; i + 1 < rest.size(); ++i) {
        const unsigned next = number_at(rest, i + 1);
        if (number_at(rest, i) == 0xFF && next != 0 && next != 0xFF && !is_restart(next))
            return rest.subspan(i);
    }
    return {};
}

}  // namespace

Result<void> check_jpeg_segments(Bytes jpeg) {
    if (jpeg.size() < 2 || number_at(jpeg, 1) != kStartOfImage) return damaged("it does not begin");
    Bytes rest = jpeg.subspan(2);
    while (rest.size() >= 2) {
        if (number_at(rest, 0) != 0xFF) return damaged("a marker is missing");
        const unsigned marker = number_at(rest, 1);
        if (marker == 0xFF) {  // any number of them may fill up before a marker
            rest = rest.subspan(1);
            continue;
        }
        if (marker == kEndOfImage) return {};
        if (rest.size() < 4) break;
        const std::size_t bytes = 2 + (number_at(rest, 2) << 8 | number_at(rest, 3));
        if (bytes < 4 || bytes > rest.size()) break;
        if (marker == kHuffmanTables) {
            auto tables = check_huffman_tables(rest.subspan(4, bytes - 4));
            if (!tables) return tables;
        }
        rest = rest.subspan(bytes);
        if (marker == kStartOfScan) rest = skip_entropy_coded(rest);
    }
    return damaged("it ends before its end");
}

}  // namespace mapferry

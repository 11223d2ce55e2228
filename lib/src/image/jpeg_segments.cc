// SPDX-License-Identifier: Apache-2.0
#include "image/jpeg_segments.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "base/fail.h"
#include "base/try.h"
#include "image/image_bytes.h"
#include "image/jpeg_tables.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

constexpr unsigned kHuffmanTables = 0xC4;  // DHT
constexpr unsigned kStartOfImage = 0xD8;
constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;
constexpr unsigned kApp1 = 0xE1;
constexpr unsigned kApp14 = 0xEE;
constexpr unsigned kJpegLs = 0xF7;  // ITU-T T.87

unsigned word_at(Bytes bytes, std::size_t position) {
    return byte_at(bytes, position) << 8 | byte_at(bytes, position + 1);
}

// Stand alone, among the entropy-coded bytes.
bool is_restart(unsigned marker) {
    return marker >= 0xD0 && marker <= 0xD7;
}

bool is_frame_header(unsigned marker) {
    const bool table_or_reserved = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    return (marker >= 0xC0 && marker <= 0xCF && !table_or_reserved) || marker == kJpegLs;
}

// Tables, comments and application data, which may come before the frame header: DHT, DAC, DQT,
// DRI, APP0 to APP15, COM.
bool may_be_skipped(unsigned marker) {
    return marker == 0xC4 || marker == 0xCC || marker == 0xDB || marker == 0xDD ||
           (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
}

std::unexpected<Status> damaged_jpeg(const char* why) {
    return fail(Code::kCorrupt, std::string("the picture is damaged: ") + why);
}

// Checks what a DHT segment holds behind its length: any number of tables.
Result<void> check_huffman_tables(Bytes tables) {
    constexpr std::size_t kHeadBytes = 17;  // which table, and 16 counts
    constexpr unsigned kCodesMax = 256;
    while (!tables.empty()) {
        if (tables.size() < kHeadBytes) return damaged_jpeg("a Huffman table is cut");
        unsigned codes = 0;
        for (std::size_t i = 1; i < kHeadBytes; ++i)
            codes += byte_at(tables, i);
        if (codes > kCodesMax) return damaged_jpeg("a Huffman table has too many codes");
        if (tables.size() < kHeadBytes + codes) return damaged_jpeg("a Huffman table is cut");
        tables = tables.subspan(kHeadBytes + codes);
    }
    return {};
}

// From entropy-coded bytes to the marker behind them: a 0xFF that no zero and no restart follows.
// Without one: to a last 0xFF, or the end.
std::size_t skip_entropy_coded(Bytes bytes, std::size_t position) {
    while (position + 1 < bytes.size()) {
        const void* const found =
            std::memchr(bytes.data() + position, 0xFF, bytes.size() - position - 1);
        if (found == nullptr) break;
        position = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
        const unsigned next = byte_at(bytes, position + 1);
        if (next != 0 && next != 0xFF && !is_restart(next)) return position;
        position += next == 0xFF ? 1 : 2;
    }
    const bool half_marker = position < bytes.size() && bytes.back() == std::byte{0xFF};
    return half_marker ? bytes.size() - 1 : bytes.size();
}

// What a frame header holds behind its length.
std::optional<JpegFrame> read_frame(unsigned marker, Bytes data) {
    constexpr std::size_t kFieldsBytes = 6;
    constexpr std::size_t kComponentsMax = 4;
    if (data.size() < kFieldsBytes) return std::nullopt;
    const JpegFrame frame{.marker = marker,
                          .bits_per_sample = byte_at(data, 0),
                          .height = word_at(data, 1),
                          .width = word_at(data, 3),
                          .components = byte_at(data, 5)};
    if (frame.width == 0 || frame.height == 0 || frame.bits_per_sample == 0) return std::nullopt;
    if (frame.components == 0 || frame.components > kComponentsMax ||
        data.size() != kFieldsBytes + std::size_t{3} * frame.components)
        return std::nullopt;
    return frame;
}

// A segment with a length, whose data those are.
Result<void> look_at(unsigned marker, Bytes data, JpegFacts& facts) {
    constexpr std::string_view kExif("Exif\0\0", 6);
    if (marker == kHuffmanTables) {
        facts.has_huffman_tables = true;
        return check_huffman_tables(data);
    }
    if (is_frame_header(marker) && facts.frame.marker == 0) {
        const auto frame = read_frame(marker, data);
        if (!frame) return damaged_jpeg("its frame header makes no sense");
        facts.frame = *frame;
    }
    if (marker == kApp1 && facts.exif.empty() && begins_with(data, kExif))
        facts.exif = data.subspan(kExif.size());
    if (marker == kApp14 && begins_with(data, "Adobe")) facts.is_adobe = true;
    return {};
}

}  // namespace

std::optional<JpegFrame> find_jpeg_frame(Bytes beginning, std::size_t segments_most) {
    Bytes rest = beginning.subspan(2);
    for (std::size_t i = 0; i < segments_most && rest.size() >= 4 && byte_at(rest, 0) == 0xFF;
         ++i) {
        const unsigned marker = byte_at(rest, 1);
        if (marker == 0xFF) {  // any number of them may fill up before a marker
            rest = rest.subspan(1);
            continue;
        }
        const std::size_t bytes = 2 + word_at(rest, 2);
        if (bytes < 4 || bytes > rest.size()) return std::nullopt;
        if (is_frame_header(marker)) return read_frame(marker, rest.subspan(4, bytes - 4));
        if (!may_be_skipped(marker)) return std::nullopt;
        rest = rest.subspan(bytes);
    }
    return std::nullopt;
}

Result<JpegFacts> check_jpeg_segments(Bytes jpeg) {
    JpegFacts facts;
    if (jpeg.size() < 2 || byte_at(jpeg, 1) != kStartOfImage)
        return damaged_jpeg("it does not begin");
    bool has_scan = false;
    for (std::size_t at = 2; jpeg.size() - at >= 2;) {
        if (byte_at(jpeg, at) != 0xFF) return damaged_jpeg("a marker is missing");
        const unsigned marker = byte_at(jpeg, at + 1);
        if (marker == 0xFF) {  // any number of them may fill up before a marker
            ++at;
            continue;
        }
        if (marker == kEndOfImage && !has_scan) return damaged_jpeg("it ends before its pixels");
        if (marker == kEndOfImage) {
            facts.has_end = true;
            return facts;
        }
        if (jpeg.size() - at < 4) return damaged_jpeg("it ends in the middle of a segment");
        const std::size_t bytes = 2 + word_at(jpeg, at + 2);
        if (bytes < 4 || bytes > jpeg.size() - at)
            return damaged_jpeg("it ends in the middle of a segment");
        TRY(look_at(marker, jpeg.subspan(at + 4, bytes - 4), facts));
        at += bytes;
        if (marker != kStartOfScan) continue;
        if (facts.frame.marker == 0) return damaged_jpeg("it has pixels before its frame header");
        has_scan = true;
        at = skip_entropy_coded(jpeg, at);
    }
    if (!has_scan) return damaged_jpeg("it ends before its pixels");
    return facts;
}

std::string undecoded_jpeg(const JpegFacts& facts) {
    switch (facts.frame.marker) {
        case 0xC0:
        case 0xC1:
        case 0xC2:
            break;
        case 0xC3:
            return "a lossless JPEG";
        case 0xC9:
        case 0xCA:
            return "a JPEG of arithmetic coding";
        case 0xCB:
            return "a lossless JPEG of arithmetic coding";
        case kJpegLs:
            return "a JPEG-LS picture";
        default:
            return "a hierarchical JPEG";
    }
    if (facts.frame.bits_per_sample != 8)
        return "a JPEG of " + std::to_string(facts.frame.bits_per_sample) + " bits a sample";
    if (facts.frame.components == 2) return "a JPEG of two components";
    if (facts.frame.components == 4 && !facts.is_adobe)
        return "a JPEG of CMYK colours without Adobe's marker";
    return {};
}

std::vector<std::byte> complete_jpeg(Bytes jpeg, const JpegFacts& facts, std::byte padding) {
    constexpr std::size_t kPaddingBytes = 32;
    std::vector<std::byte> file;
    file.reserve(jpeg.size() + 512);
    file.insert(file.end(), jpeg.begin(), jpeg.begin() + 2);
    if (!facts.has_huffman_tables) append_standard_huffman_tables(file);
    file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
    if (facts.has_end) return file;
    while (file.back() == std::byte{0xFF})  // half a marker
        file.pop_back();
    file.insert(file.end(), kPaddingBytes, padding);
    file.insert(file.end(), {std::byte{0xFF}, std::byte{kEndOfImage}});
    return file;
}

std::size_t find_jpeg_scan(Bytes jpeg) {
    std::size_t at = 2;
    while (at + 4 <= jpeg.size() && byte_at(jpeg, at) == 0xFF) {
        const unsigned marker = byte_at(jpeg, at + 1);
        if (marker == kStartOfScan) return at;
        at += marker == 0xFF ? 1 : 2 + word_at(jpeg, at + 2);
    }
    return std::min(at, jpeg.size());
}

std::optional<std::size_t> find_jpeg_end(Bytes bytes, std::size_t& position) {
    if (position == 0) position = 2;
    while (position + 2 <= bytes.size()) {
        // Entropy-coded bytes are no segments: between two of those nothing else may be.
        if (byte_at(bytes, position) != 0xFF) {
            position = skip_entropy_coded(bytes, position);
            continue;
        }
        const unsigned marker = byte_at(bytes, position + 1);
        if (marker == kEndOfImage) return position + 2;
        if (marker == kStartOfImage) return position;  // the next picture; this one has no end
        if (marker == 0xFF) {
            ++position;
            continue;
        }
        if (marker == 0 || is_restart(marker)) {
            position += 2;
            continue;
        }
        if (position + 4 > bytes.size()) return std::nullopt;
        const std::size_t next = position + 2 + word_at(bytes, position + 2);
        if (next > bytes.size()) return std::nullopt;
        position = next;
    }
    return std::nullopt;
}

}  // namespace mapferry::inline v1

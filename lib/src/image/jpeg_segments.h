// SPDX-License-Identifier: Apache-2.0
// The segments of a JPEG (ITU-T T.81, annex B), looked at before stb_image decodes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Facts from the first frame header.
struct JpegFrame {
    unsigned marker = 0;
    std::uint32_t bits_per_sample = 0;
    std::uint32_t height = 0;
    std::uint32_t width = 0;
    std::uint32_t components = 0;
};

// Enough segments for a search: a colour profile in parts, and previews.
inline constexpr std::size_t kJpegSegmentsLookedAt = 64;

// `beginning` need hold only the frame header and the segments before it. Empty: the header is
// missing, has no sides, or is none of the first `segments_most` segments. REQUIRES: begins with
// the marker of a JPEG.
[[nodiscard]] std::optional<JpegFrame> find_jpeg_frame(
    std::span<const std::byte> beginning,
    std::size_t segments_most = std::numeric_limits<std::size_t>::max());

struct JpegFacts {
    JpegFrame frame = {};
    bool has_huffman_tables = false;
    bool has_end = false;   // its marker; what comes before it may still be whole
    bool is_adobe = false;  // it says what four components mean
    std::span<const std::byte> exif = {};
};

// Walks all segments to the end of the image. kCorrupt: they have no pixels or are cut, or a
// Huffman table announces more than 256 codes, past which stb_image before 2.28 writes.
[[nodiscard]] Result<JpegFacts> check_jpeg_segments(std::span<const std::byte> jpeg);

// The name of a kind that no decoder here knows: "a lossless JPEG". Empty for others.
[[nodiscard]] std::string undecoded_jpeg(const JpegFacts& facts);

// Adds what is missing: the Huffman tables of T.81's annex K.3, which cameras leave out of MJPEG,
// and an end, behind `padding`. REQUIRES: check_jpeg_segments() gave `facts` for this file.
[[nodiscard]] std::vector<std::byte> complete_jpeg(std::span<const std::byte> jpeg,
                                                   const JpegFacts& facts, std::byte padding);

// ---- one JPEG behind the other -----------------------------------------------------------------

// Where its pixels begin: the first start of a scan, or if there is none the end of its segments.
[[nodiscard]] std::size_t find_jpeg_scan(std::span<const std::byte> jpeg);

// Where a JPEG that begins a stream of bytes ends. `position` is where the last look ended, 0 at
// first. Empty: the bytes so far don't show it.
[[nodiscard]] std::optional<std::size_t> find_jpeg_end(std::span<const std::byte> bytes,
                                                       std::size_t& position);

}  // namespace mapferry::inline v1

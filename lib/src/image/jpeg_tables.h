// SPDX-License-Identifier: Apache-2.0
// The Huffman tables of ITU-T T.81, annex K.3, which MJPEG takes for granted.
#pragma once

#include <cstddef>
#include <vector>

namespace mapferry::inline v1 {

// Appends them as one DHT segment with its marker.
void append_standard_huffman_tables(std::vector<std::byte>& file);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// Bitmaps of every kind, with the pixels that a decoder must show.
#pragma once

#include <string>
#include <vector>

#include "support/bmp_builder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

struct BmpPicture {
    std::string name;
    Bytes file;
    // The decoded pixels: packed and top-down, four bytes a pixel with alpha, otherwise three.
    Bytes pixels;
    bool has_alpha = false;
};

inline constexpr int kPictureWidth = 37;  // neither a multiple of 4 nor of 8
inline constexpr int kPictureHeight = 21;

// Covers 1, 2, 4, 8, 16, 24 and 32 bits; palettes that are short, full, cut and too long; usual and
// odd masks; bottom-up and top-down; all headers from OS/2 1.x to version 5, also with wrong words
// in them; run lengths, whole and with pixels left out.
[[nodiscard]] std::vector<BmpPicture> every_bmp();

}  // namespace mapferry::testing

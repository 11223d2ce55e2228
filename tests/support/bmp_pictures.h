// Bitmaps of every kind, with the pixels that they should show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/bmp_builder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

struct BmpPicture {
    std::string name;
    Bytes file;
    // What it decodes to: packed and top-down, four bytes a pixel with alpha, else three. Empty:
    // it is not decoded.
    Bytes pixels;
    bool has_alpha = false;
};

inline constexpr int kPictureWidth = 37;  // neither a multiple of 4 nor of 8
inline constexpr int kPictureHeight = 21;

// 1, 4, 8, 16, 24 and 32 bits, palettes short and full, usual and odd masks, bottom-up and
// top-down, all headers from OS/2 1.x to version 5, and run lengths.
[[nodiscard]] std::vector<BmpPicture> every_bmp();

}  // namespace mapferry::testing

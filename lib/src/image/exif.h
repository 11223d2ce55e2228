// SPDX-License-Identifier: Apache-2.0
// The EXIF tag that shows how a camera was held (JEITA CP-3451, tag 274), and turning pixels by it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Where the first row and the first column of the stored pixels belong.
enum class ExifTurn : std::uint8_t {
    kTopLeft = 1,  // as they are
    kTopRight,
    kBottomRight,
    kBottomLeft,
    kLeftTop,
    kRightTop,
    kRightBottom,
    kLeftBottom,
};

// `exif` is the block of a TIFF. kTopLeft when it has no such tag or makes no sense.
[[nodiscard]] ExifTurn read_exif_turn(std::span<const std::byte> exif);

// REQUIRES: packed top-down pixels of whole bytes. kOutOfMemory.
[[nodiscard]] Result<Image> turn_image(Image image, ExifTurn turn);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// Everything that the library sees of stb_image_write. Thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "image/stb_call.h"
#include "mapferry/image_file.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Encodes packed top-down pixels of 8 bits a sample as BMP, PNG or JPEG. kIo: too large for stb;
// kUsage: a side too long for JPEG; kOutOfMemory.
[[nodiscard]] Result<std::vector<std::byte>> stb_encode(const StbPixels& pixels,
                                                        PictureFormat format, int jpeg_quality);

// A zlib stream (RFC 1950) of the bytes. kOutOfMemory. REQUIRES: at most 2 GiB.
[[nodiscard]] Result<std::vector<std::byte>> stb_deflate(std::span<const std::byte> bytes);

}  // namespace mapferry::inline v1

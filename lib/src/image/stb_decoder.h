// SPDX-License-Identifier: Apache-2.0
// Everything that the library sees of stb_image. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "image/stb_call.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Decodes a PNG that check_png() has accepted, or a JPEG that check_jpeg_segments() has, and passes
// the pixels to `take` before they are freed. kCorrupt with the reason; kOutOfMemory: stb wanted
// more memory at once than `memory_limit_bytes`, or there is no more; kIo: the file is larger than
// 2 GiB; and take's errors.
[[nodiscard]] Result<void> stb_decode(std::span<const std::byte> file,
                                      std::size_t memory_limit_bytes,
                                      const std::function<Result<void>(const StbPixels&)>& take);

}  // namespace mapferry::inline v1

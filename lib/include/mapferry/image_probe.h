// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recognises a picture file by its first bytes, without decoding it.
///
///     mapferry::Result<mapferry::Source> open_picture(const std::string& path) {
///         auto source = mapferry::Source::open_file(path);
///         if (!source) return source;
///         auto image = mapferry::probe_image(*source);
///         if (!image) return std::unexpected(image.error());
///         if (*image) source->set_image(**image);  // readers see it as PayloadInfo::image
///         return source;
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mapferry/image.h"
#include "mapferry/source.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// The number of bytes that probe_image() reads of a file's beginning: enough for the frame header
/// of a JPEG behind an ordinary EXIF block.
inline constexpr std::size_t kImageProbeBytes = 64 * 1024;

/// Recognises BMP (every kind of header, 1 to 64 bits), PNG, JPEG, GIF and binary PPM and PGM by
/// their first bytes. Empty: no image, or one that can't be described safely, because a wrong
/// description is worse than none. For the writer, on the user's own file: never use it on bytes
/// that came out of a section. `file_bytes` limits the sizes that a header may claim (all bits set:
/// not known).
[[nodiscard]] std::optional<ImageDescription> probe_image(std::span<const std::byte> beginning,
                                                          std::uint64_t file_bytes);

/// The same for a source, before its first read(). It only peeks, so that read() still returns all
/// bytes. Pass the result to Source::set_image(). Empty also for a pipe. kIo.
[[nodiscard]] Result<std::optional<ImageDescription>> probe_image(Source& source);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
/// \file
/// Recognising a picture file by its first bytes, without decoding it.
///
///     mapferry::Result<mapferry::Source> open_picture(const std::string& path) {
///         auto source = mapferry::Source::open_file(path);
///         if (!source) return source;
///         auto image = mapferry::probe_image(*source);
///         if (!image) return mapferry::pass(image.error());
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

/// Bytes that probe_image wants to see of a file's beginning: enough for the frame header of a JPEG
/// behind an ordinary EXIF block.
inline constexpr std::size_t kImageProbeBytes = 64 * 1024;

/// Recognises BMP (every header kind, 1 to 64 bits), PNG, JPEG, GIF and binary PPM/PGM by their
/// first bytes. Empty when it is no image, or one that it can't describe safely: a wrong guess is
/// worse than none. Runs in the writer, on the user's own file; never on bytes out of a section.
/// `file_bytes` bounds what a header may claim (kUnknownBytes = not known).
[[nodiscard]] std::optional<ImageDescription> probe_image(std::span<const std::byte> beginning,
                                                          std::uint64_t file_bytes);

/// The same of a source that is not read yet, for Source::set_image(). Nothing is read of it. Empty
/// also for a pipe. kIo.
[[nodiscard]] Result<std::optional<ImageDescription>> probe_image(Source& source);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
/// \file
/// YUV4MPEG2, raw video that says what it is, as ffmpeg and mjpegtools pass it through pipes: a
/// line of text for the stream, then for each frame a line and its planes Y, U and V without
/// padding.
///
///     mapferry::Result<std::string> video_of(const mapferry::ImageDescription& image,
///                                            std::string_view pixels) {
///         auto video = mapferry::make_y4m_header(
///             {.image = image, .facts = {.frame_rate = {.numerator = 25, .denominator = 1}}});
///         if (!video) return video;
///         video->append(mapferry::kY4mFrameLine);
///         video->append(pixels);
///         return video;
///     }
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mapferry/frame_notes.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// The first bytes of every stream.
inline constexpr std::string_view kY4mMagic = "YUV4MPEG2 ";
/// The line before each frame. Programs may put parameters between the word and the line's end.
inline constexpr std::string_view kY4mFrameLine = "FRAME\n";
/// No line is longer.
inline constexpr std::size_t kY4mLineBytesMax = 1024;

/// What the first line of a stream says.
struct Y4mHeader {
    ImageDescription image;  ///< the planes of each frame follow each other without padding
    StreamFacts facts = {};
};

/// Reads the first line, without its end: "YUV4MPEG2 W640 H480 F30000:1001 Ip A1:1 C420jpeg". A
/// stream that gives no colour format is 4:2:0, as its authors decided. kCorrupt: it is none, or
/// damaged; kUsage: a colour format that pixel_format.h lacks (4:1:1, alpha, 9 or 14 bits), or a
/// frame has too many bytes.
[[nodiscard]] Result<Y4mHeader> parse_y4m_header(std::string_view line);

/// Whether the line before a frame is one: "FRAME", or that and parameters. Without its end.
[[nodiscard]] bool is_y4m_frame_line(std::string_view line);

/// Returns the first line of a stream, with its end. Frames of YV12 are written as Y, U, V, like
/// those of I420. kUsage: the format has no image of this kind (RGB, two planes).
[[nodiscard]] Result<std::string> make_y4m_header(const Y4mHeader& stream);

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// GStreamer's caps and mapferry's descriptions: what one says in the words of the other.
#pragma once

#include <gst/gst.h>
#include <gst/video/video.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "mapferry/frame_notes.h"
#include "mapferry/image.h"

namespace mapferry::gstreamer {

struct CapsUnref {
    void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
};
using CapsPtr = std::unique_ptr<GstCaps, CapsUnref>;

// The content type of a frame whose metadata are its caps as text: those that say nothing to
// readers without GStreamer.
inline constexpr const char* kCapsContentType = "application/x-gst-caps";

// All raw formats that both sides know, and the encoded ones that travel as bytes.
[[nodiscard]] CapsPtr caps_that_pass();

// What caps say of each of their buffers.
struct BufferShape {
    std::optional<GstVideoInfo> video;      // of video/x-raw
    std::optional<ImageDescription> image;  // of raw video, Bayer patterns, JPEG and PNG
    StreamFacts facts;
    std::uint64_t bytes = 0;  // of a raw buffer; 0 = each has its own size
    std::string text;         // the caps themselves, where the image does not say it all
};
// Nothing for caps that can't pass.
[[nodiscard]] std::optional<BufferShape> shape_of(const GstCaps* caps);

// The image of one buffer, whose planes are where `meta` says. REQUIRES: the shape has video.
[[nodiscard]] ImageDescription image_of(const BufferShape& shape, const GstVideoMeta* meta);

// The caps of a frame with this image. Null where GStreamer has no name for its format.
[[nodiscard]] CapsPtr caps_of(const ImageDescription& image, const StreamFacts& facts);

// Says in `buffer` where the planes of a raw frame are. Does nothing for other frames.
void add_video_meta(GstBuffer* buffer, const ImageDescription& image);

}  // namespace mapferry::gstreamer

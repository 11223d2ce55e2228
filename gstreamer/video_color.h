// SPDX-License-Identifier: Apache-2.0
// How numbers become colours, in GStreamer's words and in those of H.273.
#pragma once

#include <gst/video/video.h>

#include "mapferry/image.h"

namespace mapferry::gstreamer {

[[nodiscard]] ImageColor color_of(const GstVideoInfo& info);
// Adds colorimetry and chroma-site to the caps of raw video, as far as they are known.
void add_color(GstCaps* caps, const ImageColor& color);

}  // namespace mapferry::gstreamer

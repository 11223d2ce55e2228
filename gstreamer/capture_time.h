// SPDX-License-Identifier: Apache-2.0
// When a frame was taken: a buffer's time stamps in GStreamer's words and in mapferry's.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>

#include "mapferry/frame_notes.h"

namespace mapferry::gstreamer {

// From a reference time stamp (GstReferenceTimestampMeta, UTC or monotonic), or else from the
// buffer's own time, where that lies within the last ten seconds of the pipeline's clock. `segment`
// is that of the buffer. Nothing where it is not known.
[[nodiscard]] std::optional<CaptureTime> capture_time_of(GstElement* element,
                                                         const GstSegment& segment,
                                                         GstBuffer* buffer);

// The running time of a frame that was taken or published at `unix_ns`; none while the pipeline has
// no clock. Not before 0.
[[nodiscard]] GstClockTime running_time_of(GstElement* element, std::int64_t unix_ns);

// Adds the time as a reference time stamp: "timestamp/x-unix" or "timestamp/x-monotonic".
void add_reference_time(GstBuffer* buffer, const CaptureTime& time);

}  // namespace mapferry::gstreamer

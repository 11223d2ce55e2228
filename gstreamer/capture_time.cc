// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/capture_time.h"

#include <memory>

#include "gstreamer/video_caps.h"

namespace mapferry::gstreamer {

namespace {

constexpr const char* kUnixCaps = "timestamp/x-unix";
constexpr const char* kMonotonicCaps = "timestamp/x-monotonic";
// An older time is not when the frame was taken, but its place in a recording.
constexpr GstClockTimeDiff kAgeMostNs = 10 * static_cast<GstClockTimeDiff>(GST_SECOND);

std::int64_t unix_now_ns() {
    return g_get_real_time() * 1000;
}

// The pipeline's time since it began to play; none without a clock.
GstClockTime running_now(GstElement* element) {
    GstClock* const clock = gst_element_get_clock(element);
    if (clock == nullptr) return GST_CLOCK_TIME_NONE;
    const GstClockTime now = gst_clock_get_time(clock);
    gst_object_unref(clock);
    const GstClockTime base = gst_element_get_base_time(element);
    return GST_CLOCK_TIME_IS_VALID(now) && now >= base ? now - base : GST_CLOCK_TIME_NONE;
}

std::optional<CaptureTime> reference_time_of(GstBuffer* buffer) {
    for (const auto& [text, clock] : {std::pair{kUnixCaps, CaptureClock::kRealtime},
                                      std::pair{kMonotonicCaps, CaptureClock::kMonotonic}}) {
        const CapsPtr caps(gst_caps_new_empty_simple(text));
        const auto* const meta = gst_buffer_get_reference_timestamp_meta(buffer, caps.get());
        if (meta != nullptr)
            return CaptureTime{.ns = static_cast<std::int64_t>(meta->timestamp), .clock = clock};
    }
    return std::nullopt;
}

}  // namespace

std::optional<CaptureTime> capture_time_of(GstElement* element, const GstSegment& segment,
                                           GstBuffer* buffer) {
    if (const auto reference = reference_time_of(buffer)) return reference;
    if (segment.format != GST_FORMAT_TIME || !GST_BUFFER_PTS_IS_VALID(buffer)) return std::nullopt;
    const GstClockTime taken =
        gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
    const GstClockTime now = running_now(element);
    if (!GST_CLOCK_TIME_IS_VALID(taken) || !GST_CLOCK_TIME_IS_VALID(now)) return std::nullopt;
    const GstClockTimeDiff age_ns = GST_CLOCK_DIFF(taken, now);
    if (age_ns < 0 || age_ns > kAgeMostNs) return std::nullopt;
    return CaptureTime{.ns = unix_now_ns() - age_ns, .clock = CaptureClock::kRealtime};
}

GstClockTime running_time_of(GstElement* element, std::int64_t unix_ns) {
    const GstClockTime now = running_now(element);
    if (!GST_CLOCK_TIME_IS_VALID(now)) return GST_CLOCK_TIME_NONE;
    const std::int64_t age_ns = unix_now_ns() - unix_ns;
    if (age_ns < 0) return now;
    const auto age = static_cast<GstClockTime>(age_ns);
    return age < now ? now - age : 0;
}

void add_reference_time(GstBuffer* buffer, const CaptureTime& time) {
    const bool is_monotonic = time.clock == CaptureClock::kMonotonic;
    if (!is_monotonic && time.clock != CaptureClock::kRealtime) return;
    const CapsPtr caps(gst_caps_new_empty_simple(is_monotonic ? kMonotonicCaps : kUnixCaps));
    gst_buffer_add_reference_timestamp_meta(buffer, caps.get(), static_cast<GstClockTime>(time.ns),
                                            GST_CLOCK_TIME_NONE);
}

}  // namespace mapferry::gstreamer

// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/video_color.h"

#include <array>
#include <memory>

namespace mapferry::gstreamer {

namespace {

struct NamedSite {
    ChromaSite site;
    GstVideoChromaSite flags;
};
constexpr std::array kSites = {
    NamedSite{ChromaSite::kLeft, GST_VIDEO_CHROMA_SITE_H_COSITED},
    NamedSite{ChromaSite::kCenter, GST_VIDEO_CHROMA_SITE_NONE},
    NamedSite{ChromaSite::kTopLeft, GST_VIDEO_CHROMA_SITE_COSITED},
    NamedSite{ChromaSite::kTop, GST_VIDEO_CHROMA_SITE_V_COSITED},
};

constexpr std::uint8_t kUnspecified = 2;

std::uint8_t code_point(guint value) {
    return value == 0 || value > 255 ? kUnspecified : static_cast<std::uint8_t>(value);
}

ColorRange range_of(GstVideoColorRange range) {
    if (range == GST_VIDEO_COLOR_RANGE_0_255) return ColorRange::kFull;
    if (range == GST_VIDEO_COLOR_RANGE_16_235) return ColorRange::kLimited;
    return ColorRange::kUnknown;
}

GstVideoColorRange range_of(ColorRange range) {
    if (range == ColorRange::kFull) return GST_VIDEO_COLOR_RANGE_0_255;
    if (range == ColorRange::kLimited) return GST_VIDEO_COLOR_RANGE_16_235;
    return GST_VIDEO_COLOR_RANGE_UNKNOWN;
}

}  // namespace

ImageColor color_of(const GstVideoInfo& info) {
    const GstVideoColorimetry& color = GST_VIDEO_INFO_COLORIMETRY(&info);
    ImageColor result{.primaries = code_point(gst_video_color_primaries_to_iso(color.primaries)),
                      .transfer = code_point(gst_video_transfer_function_to_iso(color.transfer)),
                      .matrix = kUnspecified,
                      .range = range_of(color.range)};
    // The matrix of RGB is number 0, which other fields do not have.
    if (color.matrix != GST_VIDEO_COLOR_MATRIX_UNKNOWN)
        result.matrix = static_cast<std::uint8_t>(gst_video_color_matrix_to_iso(color.matrix));
    for (const NamedSite& named : kSites)
        if (GST_VIDEO_INFO_CHROMA_SITE(&info) == named.flags) result.chroma_site = named.site;
    return result;
}

void add_color(GstCaps* caps, const ImageColor& color) {
    GstVideoColorimetry words = {};
    words.range = range_of(color.range);
    words.matrix = gst_video_color_matrix_from_iso(color.matrix);
    words.transfer = gst_video_transfer_function_from_iso(color.transfer);
    words.primaries = gst_video_color_primaries_from_iso(color.primaries);
    const bool is_known = words.range != GST_VIDEO_COLOR_RANGE_UNKNOWN ||
                          words.matrix != GST_VIDEO_COLOR_MATRIX_UNKNOWN ||
                          words.transfer != GST_VIDEO_TRANSFER_UNKNOWN ||
                          words.primaries != GST_VIDEO_COLOR_PRIMARIES_UNKNOWN;
    if (is_known) {
        const std::unique_ptr<gchar, decltype(&g_free)> text(
            gst_video_colorimetry_to_string(&words), g_free);
        if (text) gst_caps_set_simple(caps, "colorimetry", G_TYPE_STRING, text.get(), nullptr);
    }
    for (const NamedSite& named : kSites)
        if (named.site == color.chroma_site)
            gst_caps_set_simple(caps, "chroma-site", G_TYPE_STRING,
                                gst_video_chroma_to_string(named.flags), nullptr);
}

}  // namespace mapferry::gstreamer

// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/video_caps.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "gstreamer/video_color.h"
#include "mapferry/pixel_format.h"

namespace mapferry::gstreamer {

namespace {

// Encoded formats travel as bytes, and their caps as text. These are what encoders and parsers
// give; pictures have a description of their own too.
constexpr const char* kEncoded =
    "image/jpeg; image/png; video/x-h264; video/x-h265; video/x-vp8; video/x-vp9; video/x-av1; "
    "video/mpegts; audio/x-raw; application/octet-stream";
// Where the elements on both sides leave it open, the first of these is taken.
constexpr std::array<const char*, 6> kFirstFormats = {"I420", "NV12", "YUY2",
                                                      "UYVY", "BGRx", "BGR"};
constexpr std::array kBayerFormats = {kFourccRggb8,  kFourccGrbg8,  kFourccGbrg8,  kFourccBggr8,
                                      kFourccRggb10, kFourccGrbg10, kFourccGbrg10, kFourccBggr10,
                                      kFourccRggb12, kFourccGrbg12, kFourccGbrg12, kFourccBggr12,
                                      kFourccRggb16, kFourccGrbg16, kFourccGbrg16, kFourccBggr16};

// The names that other programs use in another sense (find_pixel_format).
std::optional<std::uint32_t> fourcc_of_name(std::string_view name) {
    if (name == "RGB16") return kFourccRgb565;
    if (name == "BGR16") return kFourccBgr565;
    const auto fourcc = find_pixel_format(name);
    if (fourcc && pixel_format_names(*fourcc).gstreamer == name) return fourcc;
    return std::nullopt;
}

std::optional<std::uint32_t> bayer_fourcc(std::string_view name) {
    const auto* const found = std::ranges::find_if(kBayerFormats, [&](std::uint32_t fourcc) {
        return pixel_format_names(fourcc).gstreamer == name;
    });
    if (found == kBayerFormats.end()) return std::nullopt;
    return *found;
}

GValue text_list() {
    GValue list = G_VALUE_INIT;
    g_value_init(&list, GST_TYPE_LIST);
    return list;
}

void append(GValue& list, const char* text) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_STRING);
    g_value_set_string(&value, text);
    gst_value_list_append_and_take_value(&list, &value);
}

GstCaps* caps_with_formats(const char* media, GValue& formats) {
    GstCaps* caps = gst_caps_new_simple(media, "width", GST_TYPE_INT_RANGE, 1, G_MAXINT, "height",
                                        GST_TYPE_INT_RANGE, 1, G_MAXINT, "framerate",
                                        GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, nullptr);
    gst_caps_set_value(caps, "format", &formats);
    g_value_unset(&formats);
    return caps;
}

// Where the planes of a format are if nobody says otherwise.
bool has_usual_planes(const ImageDescription& image, const GstVideoInfo& info) {
    const auto usual = planes_of(image);
    if (!usual || usual->count != GST_VIDEO_INFO_N_PLANES(&info)) return false;
    for (guint i = 0; i < usual->count; ++i) {
        const PlaneShape& plane = usual->planes[i];
        if (plane.offset_bytes != GST_VIDEO_INFO_PLANE_OFFSET(&info, i)) return false;
        if (plane.row_stride_bytes != static_cast<guint>(GST_VIDEO_INFO_PLANE_STRIDE(&info, i)))
            return false;
    }
    return true;
}

ImageDescription image_of_info(const GstVideoInfo& info) {
    const GstVideoFormat format = GST_VIDEO_INFO_FORMAT(&info);
    const auto fourcc = fourcc_of_name(gst_video_format_to_string(format));
    const std::string name = pixel_format_name(fourcc.value_or(0));
    auto image = describe_raw_image(static_cast<std::uint32_t>(GST_VIDEO_INFO_WIDTH(&info)),
                                    static_cast<std::uint32_t>(GST_VIDEO_INFO_HEIGHT(&info)), name);
    if (!image) return {};
    image->color = color_of(info);
    image->row_stride_bytes = static_cast<std::uint64_t>(GST_VIDEO_INFO_PLANE_STRIDE(&info, 0));
    if (has_usual_planes(*image, info)) return *image;
    image->plane_count = GST_VIDEO_INFO_N_PLANES(&info);
    for (guint i = 0; i < image->plane_count; ++i)
        image->planes[i] = {
            .offset_bytes = GST_VIDEO_INFO_PLANE_OFFSET(&info, i),
            .row_stride_bytes = static_cast<std::uint64_t>(GST_VIDEO_INFO_PLANE_STRIDE(&info, i))};
    return *image;
}

Ratio ratio_of(const GstStructure* fields, const char* name) {
    gint numerator = 0;
    gint denominator = 0;
    if (gst_structure_get_fraction(fields, name, &numerator, &denominator) == FALSE ||
        numerator <= 0 || denominator <= 0)
        return {};
    return {.numerator = static_cast<std::uint32_t>(numerator),
            .denominator = static_cast<std::uint32_t>(denominator)};
}

Scan scan_of(const GstVideoInfo& info) {
    if (GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_PROGRESSIVE)
        return Scan::kProgressive;
    if (GST_VIDEO_INFO_INTERLACE_MODE(&info) != GST_VIDEO_INTERLACE_MODE_INTERLEAVED)
        return Scan::kMixed;
    switch (GST_VIDEO_INFO_FIELD_ORDER(&info)) {
        case GST_VIDEO_FIELD_ORDER_TOP_FIELD_FIRST:
            return Scan::kTopFieldFirst;
        case GST_VIDEO_FIELD_ORDER_BOTTOM_FIELD_FIRST:
            return Scan::kBottomFieldFirst;
        default:
            return Scan::kMixed;
    }
}

std::string text_of(const GstCaps* caps) {
    const std::unique_ptr<gchar, decltype(&g_free)> text(gst_caps_to_string(caps), g_free);
    return text.get();
}

// The sides that caps give; nothing where one is missing.
struct Sides {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};
std::optional<Sides> sides_of(const GstStructure* fields) {
    gint width = 0;
    gint height = 0;
    if (gst_structure_get_int(fields, "width", &width) == FALSE || width <= 0 ||
        gst_structure_get_int(fields, "height", &height) == FALSE || height <= 0)
        return std::nullopt;
    return Sides{.width = static_cast<std::uint32_t>(width),
                 .height = static_cast<std::uint32_t>(height)};
}

std::optional<BufferShape> shape_of_bayer(const GstStructure* fields) {
    const gchar* const name = gst_structure_get_string(fields, "format");
    const auto fourcc = name == nullptr ? std::nullopt : bayer_fourcc(name);
    const auto sides = sides_of(fields);
    if (!fourcc || !sides) return std::nullopt;
    auto image = describe_raw_image(sides->width, sides->height, pixel_format_name(*fourcc));
    if (!image) return std::nullopt;
    // GStreamer's elements round the rows of Bayer patterns up to four bytes.
    image->row_stride_bytes = (image->row_stride_bytes + 3) / 4 * 4;
    BufferShape shape;
    shape.image = *image;
    shape.bytes = image->row_stride_bytes * image->height;
    return shape;
}

BufferShape shape_of_encoded(const GstStructure* fields) {
    BufferShape shape;
    const std::string_view media = gst_structure_get_name(fields);
    const auto sides = sides_of(fields);
    const bool is_picture = media == "image/jpeg" || media == "image/png";
    if (sides && is_picture)
        shape.image = ImageDescription{.width = sides->width,
                                       .height = sides->height,
                                       .fourcc = media == "image/jpeg" ? kFourccJpeg : kFourccPng};
    return shape;
}

}  // namespace

CapsPtr caps_that_pass() {
    GValue raw = text_list();
    for (const char* const name : kFirstFormats)
        append(raw, name);
    guint count = 0;
    const GstVideoFormat* const formats = gst_video_formats_raw(&count);
    for (guint i = 0; i < count; ++i) {
        const std::string_view name = gst_video_format_to_string(formats[i]);
        const bool is_first = std::ranges::find(kFirstFormats, name, [](const char* text) {
                                  return std::string_view(text);
                              }) != kFirstFormats.end();
        if (!is_first && fourcc_of_name(name)) append(raw, name.data());
    }
    GValue bayer = text_list();
    for (const std::uint32_t fourcc : kBayerFormats)
        append(bayer, std::string(pixel_format_names(fourcc).gstreamer).c_str());
    CapsPtr caps(caps_with_formats("video/x-raw", raw));
    gst_caps_append(caps.get(), caps_with_formats("video/x-bayer", bayer));
    gst_caps_append(caps.get(), gst_caps_from_string(kEncoded));
    return caps;
}

std::optional<BufferShape> shape_of(const GstCaps* caps) {
    if (caps == nullptr || gst_caps_is_fixed(caps) == FALSE) return std::nullopt;
    const GstStructure* const fields = gst_caps_get_structure(caps, 0);
    std::optional<BufferShape> shape;
    if (gst_structure_has_name(fields, "video/x-raw") != FALSE) {
        GstVideoInfo info;
        if (gst_video_info_from_caps(&info, caps) == FALSE) return std::nullopt;
        const ImageDescription image = image_of_info(info);
        if (image.width == 0) return std::nullopt;
        shape =
            BufferShape{.video = info, .image = image, .facts = {}, .bytes = info.size, .text = {}};
        shape->facts.scan = scan_of(info);
    } else if (gst_structure_has_name(fields, "video/x-bayer") != FALSE) {
        shape = shape_of_bayer(fields);
    } else {
        shape = shape_of_encoded(fields);
        shape->text = text_of(caps);
    }
    if (!shape) return std::nullopt;
    shape->facts.frame_rate = ratio_of(fields, "framerate");
    shape->facts.pixel_aspect = ratio_of(fields, "pixel-aspect-ratio");
    return shape;
}

ImageDescription image_of(const BufferShape& shape, const GstVideoMeta* meta) {
    GstVideoInfo info = *shape.video;
    if (meta == nullptr) return *shape.image;
    for (guint i = 0; i < meta->n_planes; ++i) {
        info.offset[i] = meta->offset[i];
        info.stride[i] = meta->stride[i];
    }
    return image_of_info(info);
}

CapsPtr caps_of(const ImageDescription& image, const StreamFacts& facts) {
    const std::string format(pixel_format_names(image.fourcc).gstreamer);
    const bool is_picture = image.fourcc == kFourccJpeg || image.fourcc == kFourccPng;
    if (format.empty() && !is_picture) return nullptr;
    const bool is_bayer = std::ranges::find(kBayerFormats, image.fourcc) != kBayerFormats.end();
    const char* const media = image.fourcc == kFourccJpeg  ? "image/jpeg"
                              : image.fourcc == kFourccPng ? "image/png"
                              : is_bayer                   ? "video/x-bayer"
                                                           : "video/x-raw";
    // Without a frame rate: 0/1, which means that it varies.
    const bool has_rate = facts.frame_rate.denominator != 0;
    CapsPtr caps(gst_caps_new_simple(
        media, "width", G_TYPE_INT, static_cast<gint>(image.width), "height", G_TYPE_INT,
        static_cast<gint>(image.height), "framerate", GST_TYPE_FRACTION,
        has_rate ? static_cast<gint>(facts.frame_rate.numerator) : 0,
        has_rate ? static_cast<gint>(facts.frame_rate.denominator) : 1, nullptr));
    if (is_picture) return caps;
    gst_caps_set_simple(caps.get(), "format", G_TYPE_STRING, format.c_str(), nullptr);
    if (is_bayer) return caps;
    add_color(caps.get(), image.color);
    if (facts.pixel_aspect.denominator != 0)
        gst_caps_set_simple(caps.get(), "pixel-aspect-ratio", GST_TYPE_FRACTION,
                            static_cast<gint>(facts.pixel_aspect.numerator),
                            static_cast<gint>(facts.pixel_aspect.denominator), nullptr);
    const bool is_interlaced =
        facts.scan == Scan::kTopFieldFirst || facts.scan == Scan::kBottomFieldFirst;
    if (is_interlaced)
        gst_caps_set_simple(
            caps.get(), "interlace-mode", G_TYPE_STRING, "interleaved", "field-order",
            G_TYPE_STRING,
            facts.scan == Scan::kTopFieldFirst ? "top-field-first" : "bottom-field-first", nullptr);
    return caps;
}

void add_video_meta(GstBuffer* buffer, const ImageDescription& image) {
    const std::string name(pixel_format_names(image.fourcc).gstreamer);
    const GstVideoFormat format = gst_video_format_from_string(name.c_str());
    const auto planes = planes_of(image);
    if (format == GST_VIDEO_FORMAT_UNKNOWN || !planes) return;
    std::array<gsize, GST_VIDEO_MAX_PLANES> offsets = {};
    std::array<gint, GST_VIDEO_MAX_PLANES> strides = {};
    for (std::size_t i = 0; i < planes->count; ++i) {
        offsets[i] = planes->planes[i].offset_bytes;
        strides[i] = static_cast<gint>(planes->planes[i].row_stride_bytes);
    }
    gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, format, image.width,
                                   image.height, planes->count, offsets.data(), strides.data());
}

}  // namespace mapferry::gstreamer

// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/pipelines.h"

#include <sstream>

namespace mapferry::testing {

namespace {

constexpr GstClockTime kPatience = 30 * GST_SECOND;

std::string take_text(gchar* text) {
    const std::unique_ptr<gchar, decltype(&g_free)> owned(text, g_free);
    return owned ? owned.get() : "";
}

std::string text_of(GstMessage* message, void (*parse)(GstMessage*, GError**, gchar**)) {
    GError* error = nullptr;
    gchar* details = nullptr;
    parse(message, &error, &details);
    const std::string text = error->message;
    g_error_free(error);
    g_free(details);
    return text;
}

}  // namespace

Pipeline::Pipeline(const std::string& text) {
    GError* error = nullptr;
    pipeline_ = gst_parse_launch(text.c_str(), &error);
    if (error != nullptr) {
        ADD_FAILURE() << text << ": " << error->message;
        g_error_free(error);
    }
}

Pipeline::~Pipeline() {
    if (pipeline_ == nullptr) return;
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(pipeline_);
}

void Pipeline::set_state(GstState state) {
    gst_element_set_state(pipeline_, state);
}

PipelineEnd Pipeline::wait() {
    PipelineEnd end;
    GstBus* const bus = gst_element_get_bus(pipeline_);
    while (!end.is_eos && end.error.empty()) {
        GstMessage* const message = gst_bus_timed_pop_filtered(
            bus, kPatience,
            static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING |
                                        GST_MESSAGE_QOS));
        if (message == nullptr) {
            ADD_FAILURE() << "the pipeline does not end";
            break;
        }
        switch (GST_MESSAGE_TYPE(message)) {
            case GST_MESSAGE_EOS:
                end.is_eos = true;
                break;
            case GST_MESSAGE_ERROR:
                end.error = text_of(message, gst_message_parse_error);
                break;
            case GST_MESSAGE_WARNING:
                end.warnings.push_back(text_of(message, gst_message_parse_warning));
                break;
            default:
                ++end.qos_messages;
        }
        gst_message_unref(message);
    }
    gst_object_unref(bus);
    return end;
}

SamplePtr Pipeline::pull() {
    GstElement* const sink = gst_bin_get_by_name(GST_BIN(pipeline_), "out");
    SamplePtr sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink), kPatience));
    gst_object_unref(sink);
    return sample;
}

std::uint64_t Pipeline::stat(const std::string& element, const std::string& field) const {
    GstElement* const found = gst_bin_get_by_name(GST_BIN(pipeline_), element.c_str());
    GstStructure* stats = nullptr;
    g_object_get(found, "stats", &stats, nullptr);
    guint64 number = 0;
    guint small = 0;
    if (gst_structure_get_uint64(stats, field.c_str(), &number) == FALSE &&
        gst_structure_get_uint(stats, field.c_str(), &small) != FALSE)
        number = small;
    gst_structure_free(stats);
    gst_object_unref(found);
    return number;
}

void PipelineTest::SetUpTestSuite() {
    gst_init(nullptr, nullptr);
}

ChildProcess PipelineTest::launch(const std::string& words) {
    std::vector<std::string> arguments = {"-q"};
    std::istringstream text(words);
    for (std::string word; text >> word;)
        arguments.push_back(word);
    return ChildProcess({.program = MAPFERRY_GST_LAUNCH, .arguments = arguments});
}

Bytes pixels_of(GstSample* sample) {
    GstVideoInfo info;
    GstVideoFrame frame;
    Bytes pixels;
    if (gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) == FALSE ||
        gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ) == FALSE) {
        ADD_FAILURE() << "no raw frame: " << caps_text(sample);
        return pixels;
    }
    for (guint plane = 0; plane < GST_VIDEO_FRAME_N_PLANES(&frame); ++plane) {
        // The rows of a plane are as long as those of its components together.
        gint components[GST_VIDEO_MAX_COMPONENTS];
        gst_video_format_info_component(info.finfo, plane, components);
        const auto rows =
            static_cast<std::size_t>(GST_VIDEO_FRAME_COMP_HEIGHT(&frame, components[0]));
        const auto stride = static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane));
        const auto row =
            static_cast<std::size_t>(GST_VIDEO_FRAME_COMP_WIDTH(&frame, components[0]) *
                                     GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, components[0]));
        const auto* const data =
            static_cast<const std::byte*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane));
        for (std::size_t y = 0; y < rows; ++y)
            pixels.insert(pixels.end(), data + y * stride, data + y * stride + row);
    }
    gst_video_frame_unmap(&frame);
    return pixels;
}

std::string caps_text(GstSample* sample) {
    return take_text(gst_caps_to_string(gst_sample_get_caps(sample)));
}

}  // namespace mapferry::testing

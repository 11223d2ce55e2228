// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/mapferry_src.h"

#include <gst/base/gstpushsrc.h>

#include <limits>

#include "gstreamer/source_stream.h"

using mapferry::AfterEnd;
using mapferry::gstreamer::caps_that_pass;
using mapferry::gstreamer::SectionProperties;
using mapferry::gstreamer::SourceStream;
using mapferry::gstreamer::Take;

// GObject makes its objects by size and without constructors, so what has one is behind a pointer.
struct MapferrySrc {
    GstPushSrc parent;
    SourceStream* stream;
};
struct MapferrySrcClass {
    GstPushSrcClass parent_class;
};

G_DEFINE_TYPE(MapferrySrc, mapferry_src, GST_TYPE_PUSH_SRC)

namespace {

enum Property : guint {
    kMode = mapferry::gstreamer::kOwnProperties,
    kTimeoutMs,
    kFollow,
    kVerify,
    kIsLive,
    kStats,
};

SourceStream& stream_of(gpointer source) {
    return *static_cast<MapferrySrc*>(source)->stream;
}

GType mode_type() {
    static const GEnumValue values[] = {
        {static_cast<gint>(Take::kLatest), "The newest frame; older ones are skipped", "latest"},
        {static_cast<gint>(Take::kNext), "The oldest frame that is still there", "next"},
        {0, nullptr, nullptr}};
    static const GType type = g_enum_register_static("MapferrySrcMode", values);
    return type;
}

mapferry::Timeout timeout_of(gint64 ms) {
    if (ms < 0) return mapferry::kForever;
    return std::chrono::milliseconds(ms);
}

void set_property(GObject* object, guint number, const GValue* value, GParamSpec* spec) {
    SourceStream& stream = stream_of(object);
    if (stream.section.set(number, value)) return;
    if (number == kIsLive)
        return gst_base_src_set_live(GST_BASE_SRC(object), g_value_get_boolean(value));
    const std::scoped_lock lock(stream.options_mutex);
    switch (number) {
        case kMode:
            stream.take = static_cast<Take>(g_value_get_enum(value));
            break;
        case kTimeoutMs:
            stream.timeout = timeout_of(g_value_get_int64(value));
            break;
        case kFollow:
            stream.after_end =
                g_value_get_boolean(value) != FALSE ? AfterEnd::kFollow : AfterEnd::kStop;
            break;
        case kVerify:
            stream.verifies = g_value_get_boolean(value) != FALSE;
            break;
        default:
            G_OBJECT_WARN_INVALID_PROPERTY_ID(object, number, spec);
    }
}

void get_property(GObject* object, guint number, GValue* value, GParamSpec* spec) {
    SourceStream& stream = stream_of(object);
    if (stream.section.get(number, value)) return;
    if (number == kStats) return g_value_take_boxed(value, stream.stats());
    if (number == kIsLive)
        return g_value_set_boolean(value, gst_base_src_is_live(GST_BASE_SRC(object)));
    const std::scoped_lock lock(stream.options_mutex);
    switch (number) {
        case kMode:
            return g_value_set_enum(value, static_cast<gint>(stream.take));
        case kTimeoutMs:
            return g_value_set_int64(value, stream.timeout ? stream.timeout->count() : -1);
        case kFollow:
            return g_value_set_boolean(value, stream.after_end == AfterEnd::kFollow);
        case kVerify:
            return g_value_set_boolean(value, stream.verifies);
        default:
            G_OBJECT_WARN_INVALID_PROPERTY_ID(object, number, spec);
    }
}

gboolean start(GstBaseSrc* source) {
    return stream_of(source).start() ? TRUE : FALSE;
}
gboolean stop(GstBaseSrc* source) {
    stream_of(source).stop();
    return TRUE;
}
gboolean unlock(GstBaseSrc* source) {
    stream_of(source).interrupt(true);
    return TRUE;
}
gboolean unlock_stop(GstBaseSrc* source) {
    stream_of(source).interrupt(false);
    return TRUE;
}
// The first frame tells what the caps are. Until then there is nothing to negotiate.
gboolean negotiate(GstBaseSrc*) {
    return TRUE;
}
gboolean is_seekable(GstBaseSrc*) {
    return FALSE;
}
GstFlowReturn create(GstPushSrc* source, GstBuffer** buffer) {
    return stream_of(source).create(buffer);
}

void finalize(GObject* object) {
    delete reinterpret_cast<MapferrySrc*>(object)->stream;
    G_OBJECT_CLASS(mapferry_src_parent_class)->finalize(object);
}

void install_properties(GObjectClass* object_class) {
    SectionProperties::install(object_class);
    const auto install = [object_class](guint number, GParamSpec* spec) {
        g_object_class_install_property(object_class, number, spec);
    };
    const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
    const auto at_start = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_READY);
    const auto playing = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_PLAYING);
    install(kMode, g_param_spec_enum("mode", "Mode", "Which frame comes next", mode_type(),
                                     static_cast<gint>(Take::kLatest), playing));
    install(kTimeoutMs,
            g_param_spec_int64("timeout", "Timeout",
                               "Milliseconds to wait for a writer, a successor of one that died, "
                               "and a frame; -1 = for ever",
                               -1, std::numeric_limits<gint>::max(), -1, at_start));
    install(kFollow, g_param_spec_boolean("follow", "Follow",
                                          "When a writer has ended its stream, wait for the next "
                                          "one instead of ending too",
                                          FALSE, at_start));
    install(kVerify, g_param_spec_boolean("verify", "Verify",
                                          "Check the frames that have a checksum; damaged ones are "
                                          "left out with a warning",
                                          TRUE, playing));
    install(kIsLive,
            g_param_spec_boolean("is-live", "Is live", "Act as a live source, such as a camera",
                                 TRUE, at_start));
    install(kStats, g_param_spec_boxed(
                        "stats", "Statistics",
                        "Frames taken, missed, copied because downstream held two already, "
                        "damaged, and held downstream now",
                        GST_TYPE_STRUCTURE,
                        static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

static void mapferry_src_class_init(MapferrySrcClass* source_class) {
    GObjectClass* const object_class = G_OBJECT_CLASS(source_class);
    object_class->set_property = set_property;
    object_class->get_property = get_property;
    object_class->finalize = finalize;
    install_properties(object_class);
    GstElementClass* const element_class = GST_ELEMENT_CLASS(source_class);
    gst_element_class_set_static_metadata(
        element_class, "mapferry source", "Source/Video",
        "Gives frames that another process publishes in shared memory, in place",
        "The mapferry developers");
    gst_element_class_add_pad_template(
        element_class,
        gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps_that_pass().get()));
    GstBaseSrcClass* const base_class = GST_BASE_SRC_CLASS(source_class);
    base_class->start = start;
    base_class->stop = stop;
    base_class->unlock = unlock;
    base_class->unlock_stop = unlock_stop;
    base_class->negotiate = negotiate;
    base_class->is_seekable = is_seekable;
    GST_PUSH_SRC_CLASS(source_class)->create = create;
}

static void mapferry_src_init(MapferrySrc* source) {
    source->stream = new SourceStream(GST_BASE_SRC(source));
    gst_base_src_set_live(GST_BASE_SRC(source), TRUE);
    gst_base_src_set_format(GST_BASE_SRC(source), GST_FORMAT_TIME);
}

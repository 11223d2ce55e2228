// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/mapferry_sink.h"

#include <gst/base/gstbasesink.h>

#include <limits>

#include "gstreamer/sink_stream.h"

using mapferry::Checksum;
using mapferry::FrameDelivery;
using mapferry::gstreamer::caps_that_pass;
using mapferry::gstreamer::SectionProperties;
using mapferry::gstreamer::SinkStream;

// GObject makes its objects by size and without constructors, so what has one is behind a pointer.
struct MapferrySink {
    GstBaseSink parent;
    SinkStream* stream;
};
struct MapferrySinkClass {
    GstBaseSinkClass parent_class;
};

G_DEFINE_TYPE(MapferrySink, mapferry_sink, GST_TYPE_BASE_SINK)

namespace {

enum Property : guint {
    kDelivery = mapferry::gstreamer::kOwnProperties,
    kChecksum,
    kReaders,
    kReaderLimit,
    kSlots,
    kFrameLimit,
    kStats,
};

SinkStream& stream_of(gpointer sink) {
    return *static_cast<MapferrySink*>(sink)->stream;
}

GType delivery_type() {
    static const GEnumValue values[] = {
        {static_cast<gint>(FrameDelivery::kLatest),
         "The writer never waits: slow readers miss frames", "latest"},
        {static_cast<gint>(FrameDelivery::kEach), "The writer waits for its slowest reader",
         "each"},
        {0, nullptr, nullptr}};
    static const GType type = g_enum_register_static("MapferrySinkDelivery", values);
    return type;
}

GType checksum_type() {
    static const GEnumValue values[] = {
        {static_cast<gint>(Checksum::kCopied), "Frames that the sink copies", "copied"},
        {static_cast<gint>(Checksum::kAll), "Every frame", "all"},
        {static_cast<gint>(Checksum::kNone), "No frame", "none"},
        {0, nullptr, nullptr}};
    static const GType type = g_enum_register_static("MapferrySinkChecksum", values);
    return type;
}

void set_property(GObject* object, guint number, const GValue* value, GParamSpec* spec) {
    SinkStream& stream = stream_of(object);
    if (stream.section.set(number, value)) return;
    const std::scoped_lock lock(stream.options_mutex);
    switch (number) {
        case kDelivery:
            stream.options.delivery = static_cast<FrameDelivery>(g_value_get_enum(value));
            break;
        case kChecksum:
            stream.options.checksum = static_cast<Checksum>(g_value_get_enum(value));
            break;
        case kReaders:
            stream.readers_wanted = g_value_get_uint(value);
            break;
        case kReaderLimit:
            stream.options.reader_limit = g_value_get_uint(value);
            break;
        case kSlots:
            stream.options.slot_count = g_value_get_uint(value);
            break;
        case kFrameLimit:
            stream.options.frame_limit_bytes = g_value_get_uint64(value);
            break;
        default:
            G_OBJECT_WARN_INVALID_PROPERTY_ID(object, number, spec);
    }
}

void get_property(GObject* object, guint number, GValue* value, GParamSpec* spec) {
    SinkStream& stream = stream_of(object);
    if (stream.section.get(number, value)) return;
    if (number == kStats) return g_value_take_boxed(value, stream.stats());
    const std::scoped_lock lock(stream.options_mutex);
    switch (number) {
        case kDelivery:
            return g_value_set_enum(value, static_cast<gint>(stream.options.delivery));
        case kChecksum:
            return g_value_set_enum(value, static_cast<gint>(stream.options.checksum));
        case kReaders:
            return g_value_set_uint(value, stream.readers_wanted);
        case kReaderLimit:
            return g_value_set_uint(value, stream.options.reader_limit);
        case kSlots:
            return g_value_set_uint(value, stream.options.slot_count);
        case kFrameLimit:
            return g_value_set_uint64(value, stream.options.frame_limit_bytes);
        default:
            G_OBJECT_WARN_INVALID_PROPERTY_ID(object, number, spec);
    }
}

gboolean start(GstBaseSink* sink) {
    return stream_of(sink).start() ? TRUE : FALSE;
}
gboolean stop(GstBaseSink* sink) {
    stream_of(sink).stop();
    return TRUE;
}
gboolean unlock(GstBaseSink* sink) {
    stream_of(sink).interrupt(true);
    return TRUE;
}
gboolean unlock_stop(GstBaseSink* sink) {
    stream_of(sink).interrupt(false);
    return TRUE;
}
gboolean set_caps(GstBaseSink* sink, GstCaps* caps) {
    return stream_of(sink).set_caps(caps) ? TRUE : FALSE;
}
gboolean propose_allocation(GstBaseSink* sink, GstQuery* query) {
    return stream_of(sink).propose_allocation(query) ? TRUE : FALSE;
}
GstFlowReturn render(GstBaseSink* sink, GstBuffer* buffer) {
    return stream_of(sink).render(buffer);
}
// The readers get the end before the pipeline does: an application may stop the pipeline when it
// hears of the end.
gboolean event(GstBaseSink* sink, GstEvent* event) {
    if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) stream_of(sink).end();
    return GST_BASE_SINK_CLASS(mapferry_sink_parent_class)->event(sink, event);
}

void finalize(GObject* object) {
    delete reinterpret_cast<MapferrySink*>(object)->stream;
    G_OBJECT_CLASS(mapferry_sink_parent_class)->finalize(object);
}

GParamFlags changed_before_start() {
    return static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_READY);
}

void install_properties(GObjectClass* object_class) {
    const mapferry::FrameWriterOptions usual;
    SectionProperties::install(object_class);
    const auto install = [object_class](guint number, GParamSpec* spec) {
        g_object_class_install_property(object_class, number, spec);
    };
    install(kDelivery,
            g_param_spec_enum("delivery", "Delivery", "Whether the sink waits for its readers",
                              delivery_type(), static_cast<gint>(usual.delivery),
                              changed_before_start()));
    install(kChecksum,
            g_param_spec_enum("checksum", "Checksum",
                              "Which frames get a checksum; one of a frame that was drawn in place "
                              "costs a pass over its bytes",
                              checksum_type(), static_cast<gint>(usual.checksum),
                              changed_before_start()));
    install(kReaders, g_param_spec_uint("readers", "Readers",
                                        "The number of readers that the first frame waits for", 0,
                                        64, 0, changed_before_start()));
    install(kReaderLimit,
            g_param_spec_uint("reader-limit", "Reader limit", "The most readers at once", 1, 64,
                              usual.reader_limit, changed_before_start()));
    install(kSlots, g_param_spec_uint(
                        "slots", "Slots", "The most frames in the section; 0 = as readers need", 0,
                        std::numeric_limits<std::uint16_t>::max(), 0, changed_before_start()));
    install(kFrameLimit, g_param_spec_uint64("frame-limit", "Frame limit",
                                             "The largest frame in bytes; takes address space, "
                                             "no memory",
                                             1, std::numeric_limits<std::int64_t>::max(),
                                             usual.frame_limit_bytes, changed_before_start()));
    install(kStats, g_param_spec_boxed(
                        "stats", "Statistics",
                        "Frames published, those of them that were copied, frames dropped, "
                        "readers attached, readers lost",
                        GST_TYPE_STRUCTURE,
                        static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

static void mapferry_sink_class_init(MapferrySinkClass* sink_class) {
    GObjectClass* const object_class = G_OBJECT_CLASS(sink_class);
    object_class->set_property = set_property;
    object_class->get_property = get_property;
    object_class->finalize = finalize;
    install_properties(object_class);
    GstElementClass* const element_class = GST_ELEMENT_CLASS(sink_class);
    gst_element_class_set_static_metadata(
        element_class, "mapferry sink", "Sink/Video",
        "Publishes frames in shared memory; readers use them in place, in any process",
        "The mapferry developers");
    gst_element_class_add_pad_template(
        element_class,
        gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps_that_pass().get()));
    GstBaseSinkClass* const calls = GST_BASE_SINK_CLASS(sink_class);
    calls->start = start;
    calls->stop = stop;
    calls->unlock = unlock;
    calls->unlock_stop = unlock_stop;
    calls->set_caps = set_caps;
    calls->propose_allocation = propose_allocation;
    calls->render = render;
    calls->event = event;
}

static void mapferry_sink_init(MapferrySink* sink) {
    sink->stream = new SinkStream(GST_BASE_SINK(sink));
}

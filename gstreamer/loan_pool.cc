// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/loan_pool.h"

#include <gst/video/video.h>

#include <utility>

using mapferry::gstreamer::FrameSender;

// GObject makes its objects by size and without constructors, so what has one is behind a pointer.
struct MapferryLoanPoolFields {
    std::shared_ptr<FrameSender> sender;
    guint bytes = 0;
    GstVideoInfo video = {};
    bool has_video = false;
};

struct MapferryLoanPool {
    GstBufferPool parent;
    MapferryLoanPoolFields* fields;
};
struct MapferryLoanPoolClass {
    GstBufferPoolClass parent_class;
};

G_DEFINE_TYPE(MapferryLoanPool, mapferry_loan_pool, GST_TYPE_BUFFER_POOL)

namespace {

MapferryLoanPoolFields& fields_of(gpointer pool) {
    return *static_cast<MapferryLoanPool*>(pool)->fields;
}

const gchar** get_options(GstBufferPool*) {
    static const gchar* options[] = {GST_BUFFER_POOL_OPTION_VIDEO_META, nullptr};
    return options;
}

gboolean set_config(GstBufferPool* pool, GstStructure* config) {
    MapferryLoanPoolFields& fields = fields_of(pool);
    GstCaps* caps = nullptr;
    if (gst_buffer_pool_config_get_params(config, &caps, &fields.bytes, nullptr, nullptr) ==
            FALSE ||
        caps == nullptr || fields.bytes == 0)
        return FALSE;
    const GstStructure* const structure = gst_caps_get_structure(caps, 0);
    fields.has_video = gst_structure_has_name(structure, "video/x-raw") != FALSE &&
                       gst_video_info_from_caps(&fields.video, caps) != FALSE;
    // A video frame has its planes at the places that the caps imply, and needs room for them.
    if (fields.has_video && fields.video.size > fields.bytes)
        fields.bytes = static_cast<guint>(fields.video.size);
    return GST_BUFFER_POOL_CLASS(mapferry_loan_pool_parent_class)->set_config(pool, config);
}

// Nothing is made beforehand: a slot is asked for when upstream wants to draw.
gboolean start(GstBufferPool*) {
    return TRUE;
}

GstFlowReturn acquire_buffer(GstBufferPool* pool, GstBuffer** buffer, GstBufferPoolAcquireParams*) {
    if (GST_BUFFER_POOL_IS_FLUSHING(pool)) return GST_FLOW_FLUSHING;
    MapferryLoanPoolFields& fields = fields_of(pool);
    const auto memory = fields.sender->lend(fields.bytes);
    // An interrupted wait may only mean that the pipeline pauses. Upstream would end its stream for
    // ever if it were told to flush, so it gets ordinary memory then.
    if (!memory && GST_BUFFER_POOL_IS_FLUSHING(pool)) return GST_FLOW_FLUSHING;
    if (memory) {
        *buffer = gst_buffer_new();
        gst_buffer_append_memory(*buffer, *memory);
    } else {
        *buffer = gst_buffer_new_allocate(nullptr, fields.bytes, nullptr);
    }
    if (fields.has_video)
        gst_buffer_add_video_meta_full(
            *buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT(&fields.video),
            static_cast<guint>(GST_VIDEO_INFO_WIDTH(&fields.video)),
            static_cast<guint>(GST_VIDEO_INFO_HEIGHT(&fields.video)),
            GST_VIDEO_INFO_N_PLANES(&fields.video), fields.video.offset, fields.video.stride);
    return GST_FLOW_OK;
}

// A slot is published or given back, never used again by the pool.
void release_buffer(GstBufferPool*, GstBuffer* buffer) {
    gst_buffer_unref(buffer);
}

void finalize(GObject* object) {
    delete reinterpret_cast<MapferryLoanPool*>(object)->fields;
    G_OBJECT_CLASS(mapferry_loan_pool_parent_class)->finalize(object);
}

}  // namespace

static void mapferry_loan_pool_class_init(MapferryLoanPoolClass* pool_class) {
    G_OBJECT_CLASS(pool_class)->finalize = finalize;
    GstBufferPoolClass* const calls = GST_BUFFER_POOL_CLASS(pool_class);
    calls->get_options = get_options;
    calls->set_config = set_config;
    calls->start = start;
    calls->acquire_buffer = acquire_buffer;
    calls->release_buffer = release_buffer;
}

static void mapferry_loan_pool_init(MapferryLoanPool* pool) {
    pool->fields = new MapferryLoanPoolFields();
}

namespace mapferry::gstreamer {

GstBufferPool* make_loan_pool(std::shared_ptr<FrameSender> sender) {
    auto* const pool =
        static_cast<MapferryLoanPool*>(g_object_new(mapferry_loan_pool_get_type(), nullptr));
    pool->fields->sender = std::move(sender);
    return GST_BUFFER_POOL(gst_object_ref_sink(pool));
}

}  // namespace mapferry::gstreamer

// SPDX-License-Identifier: Apache-2.0
// The GStreamer plugin: mapferrysink and mapferrysrc.
#include <gst/gst.h>

#include "gstreamer/mapferry_sink.h"
#include "gstreamer/mapferry_src.h"

namespace {

gboolean register_elements(GstPlugin* plugin) {
    const bool both = gst_element_register(plugin, "mapferrysink", GST_RANK_NONE,
                                           mapferry_sink_get_type()) != FALSE &&
                      gst_element_register(plugin, "mapferrysrc", GST_RANK_NONE,
                                           mapferry_src_get_type()) != FALSE;
    return both ? TRUE : FALSE;
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, mapferry,
                  "Frames in shared memory, for pipelines in any process", register_elements,
                  MAPFERRY_VERSION_TEXT, "Apache 2.0", "mapferry", "mapferry")

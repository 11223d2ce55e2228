// SPDX-License-Identifier: Apache-2.0
// Failures of the library as errors of an element.
#pragma once

#include <gst/gst.h>

#include <string>

#include "mapferry/status.h"

namespace mapferry::gstreamer {

// Posts the failure on the pipeline's bus, with what the user of a pipeline can do about it.
void post_error(GstElement* element, const Status& failure);
// A frame was left out; the stream goes on.
void post_warning(GstElement* element, const Status& failure);

}  // namespace mapferry::gstreamer

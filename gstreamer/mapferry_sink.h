// SPDX-License-Identifier: Apache-2.0
// The element mapferrysink: publishes the buffers of a pipeline as frames of a section.
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS
GType mapferry_sink_get_type(void);
G_END_DECLS

// SPDX-License-Identifier: Apache-2.0
// The element mapferrysrc: gives the frames of a section to a pipeline.
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS
GType mapferry_src_get_type(void);
G_END_DECLS

/* SPDX-License-Identifier: Apache-2.0 */
/* A program without a C library, for Microsoft's linker: see microsoft_links.sh. Each call has
 * another number of bytes of arguments. Ends with 42. */
#include "mapferry/mapferry.h"

int start(void) {
    mapferry_stop* stop;
    int32_t code = mapferry_stop_new(&stop);
    int is_raised;
    mapferry_stop_raise(stop);
    is_raised = mapferry_stop_is_raised(stop);
    mapferry_stop_free(stop);
    if (code != MAPFERRY_OK || is_raised != 1) return 1;
    if (mapferry_frame_value(0, MAPFERRY_FRAME_BYTES) != MAPFERRY_UNKNOWN_KEY) return 2;
    if (mapferry_frame_writer_set_captured(0, -1, 0) != MAPFERRY_USAGE) return 3;
    if (mapferry_send_bytes(0, 0, 0, 0, 0, 0) != MAPFERRY_USAGE) return 4;
    if (mapferry_image_convert(1, 1, 0, 0, 0, 0, 0, 0, 0, 0) != MAPFERRY_USAGE) return 5;
    return mapferry_version() == MAPFERRY_HEADER_VERSION ? 42 : 6;
}

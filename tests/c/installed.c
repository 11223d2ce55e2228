/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody who has installed mapferry: see installed.sh. */
#include <mapferry/mapferry.h>
#include <stdio.h>

int main(void) {
    mapferry_bytes* names = NULL;
    int32_t code = mapferry_section_list(NULL, &names);
    if (code != MAPFERRY_OK) {
        fprintf(stderr, "%s\n", mapferry_error_message());
        return 1;
    }
    mapferry_bytes_free(names);
    return mapferry_version() == MAPFERRY_HEADER_VERSION ? 0 : 1;
}

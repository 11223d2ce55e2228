// SPDX-License-Identifier: Apache-2.0
// A program of somebody who has C++17 and the package libmapferry-dev: it lists the sections.
#include <mapferry/mapferry.h>

#include <cstdio>
#include <string_view>

static_assert(__cplusplus == 201703L, "this shall be C++17");

int main() {
    mapferry_bytes* list = nullptr;
    if (mapferry_section_list(nullptr, &list) != MAPFERRY_OK) {
        std::fprintf(stderr, "%s\n", mapferry_error_message());
        return 1;
    }
    mapferry_bytes_free(list);
    return std::string_view(mapferry_version_text()).empty() ? 1 : 0;
}

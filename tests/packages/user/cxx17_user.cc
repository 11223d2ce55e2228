// SPDX-License-Identifier: Apache-2.0
// A program of somebody who has C++17 and the package libmapferry-dev: it lists the sections.
#include <mapferry/mapferry.hpp>

#include <cstdio>
#include <string>

static_assert(__cplusplus == 201703L, "this shall be C++17");

int main() try {
    for (const std::string& name : mapferry::cpp17::list_sections())
        std::printf("%s\n", name.c_str());
    return 0;
} catch (const mapferry::cpp17::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}

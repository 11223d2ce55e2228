// SPDX-License-Identifier: Apache-2.0
// Stores a payload as FILE, in C++17. The file appears whole or not at all, and replaces none:
//
//     terminal 1: mapferry-example-cpp17-send-file scan photo.bmp
//     terminal 2: mapferry-example-cpp17-receive-file scan copy.bmp
#include <cstdio>

#include "mapferry/mapferry.hpp"

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: cpp17-receive-file SECTION FILE\n");
        return 64;
    }
    try {
        mapferry::cpp17::Reader reader(argv[1], "timeout_ms=30000");
        while (reader.next()) {
            reader.receive_file(argv[2], "preserve=yes");
            reader.acknowledge();
            std::printf("%lld bytes\n", static_cast<long long>(reader.payload_bytes()));
        }
        reader.end();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}

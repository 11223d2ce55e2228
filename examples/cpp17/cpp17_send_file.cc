// SPDX-License-Identifier: Apache-2.0
// Sends a file to one other process, in C++17, and waits until that has stored it:
//
//     terminal 1: mapferry-example-cpp17-send-file scan photo.bmp
//     terminal 2: mapferry-example-cpp17-receive-file scan copy.bmp
#include <cstdio>

#include "mapferry/mapferry.hpp"

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: cpp17-send-file SECTION FILE\n");
        return 64;
    }
    mapferry::cpp17::Failure failure;
    mapferry::cpp17::send_file(argv[1], argv[2], "timeout_ms=30000", nullptr, failure);
    if (failure) std::fprintf(stderr, "%s\n", describe(failure).c_str());
    return failure ? 1 : 0;
}

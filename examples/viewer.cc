// SPDX-License-Identifier: Apache-2.0
// Looks at the newest frame of the camera, in place, until the camera ends:
//
//     terminal 1: mapferry-example-camera 9000
//     terminal 2: mapferry-example-viewer
#include <chrono>
#include <cstdio>

#include "mapferry/frame_reader.h"

int main() {
    auto reader = mapferry::FrameReader::open({.address = {.name = "example-camera"}});
    if (!reader) {
        std::fprintf(stderr, "%s\n", describe(reader.error()).c_str());
        return 1;
    }
    while (true) {
        auto frame = reader->latest(std::chrono::seconds(5));
        if (!frame) {
            std::fprintf(stderr, "%s\n", describe(frame.error()).c_str());
            return 1;
        }
        if (!*frame) return 0;  // the camera has ended
        unsigned long long sum = 0;
        for (const std::byte pixel : (*frame)->bytes())  // nobody changes them meanwhile
            sum += std::to_integer<unsigned>(pixel);
        std::printf("frame %llu: mean %.1f, %llu missed\n",
                    static_cast<unsigned long long>((*frame)->sequence()),
                    static_cast<double>(sum) / static_cast<double>((*frame)->bytes().size()),
                    static_cast<unsigned long long>((*frame)->missed()));
    }
}

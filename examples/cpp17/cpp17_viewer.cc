// SPDX-License-Identifier: Apache-2.0
// Looks at pictures in place, in C++17, in a loop as programs with OpenCV have it, and prints where
// the bright pixels are. With OpenCV a frame is a matrix without a copy, valid as long as `frame`:
//
//     const cv::Mat picture(static_cast<int>(frame.height()), static_cast<int>(frame.width()),
//                           CV_8UC3, const_cast<std::uint8_t*>(frame.data()),
//                           frame.row_stride_bytes());
//
//     terminal 1: mapferry-example-cpp17-camera scene 90
//     terminal 2: mapferry-example-cpp17-viewer scene
#include <chrono>
#include <cstdio>

#include "mapferry/mapferry.hpp"

namespace {

using mapferry::cpp17::Failure;
using mapferry::cpp17::Frame;
using mapferry::cpp17::FrameReader;

// How far the first bright pixel of the first row is from the left; -1: all are dark.
int bright_at(const Frame& frame) {
    const std::uint8_t* const row = frame.plane_data(0);
    for (std::size_t x = 0; x < frame.width(); ++x)
        if (row[x * 3] > 127) return static_cast<int>(x);
    return -1;
}

// Without exceptions: each call fills `failure`.
int show(const char* section, Failure& failure) {
    FrameReader reader(section, "timeout_ms=30000", nullptr, failure);
    if (failure) return 1;
    int seen = 0;
    int last = -1;
    while (Frame frame = reader.next(std::chrono::seconds(30), failure)) {
        if (frame.format() != "BGR24") continue;
        last = bright_at(frame);
        ++seen;
    }
    if (failure) return 1;
    std::printf("%d pictures, the last one with a square at %d\n", seen, last);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: cpp17-viewer SECTION\n");
        return 64;
    }
    Failure failure;
    const int code = show(argv[1], failure);
    if (failure) std::fprintf(stderr, "%s\n", describe(failure).c_str());
    return code;
}

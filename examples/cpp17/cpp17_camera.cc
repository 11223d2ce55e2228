// SPDX-License-Identifier: Apache-2.0
// Publishes 640x480 pictures of a moving square as SECTION, in C++17, drawn in place. Waits for one
// viewer first, and waits for the slowest one:
//
//     terminal 1: mapferry-example-cpp17-camera scene 90
//     terminal 2: mapferry-example-cpp17-viewer scene
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

#include "mapferry/mapferry.hpp"

namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 480;
constexpr int kSide = 40;

// Draws a white square on black, `at` pixels from the left. BGR24 has 3 bytes a pixel.
void draw(std::uint8_t* pixels, int at) {
    const std::size_t stride = kWidth * 3;
    std::memset(pixels, 0, stride * kHeight);
    for (int y = 0; y < kSide; ++y)
        std::memset(
            pixels + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(at) * 3, 255,
            kSide * 3);
}

void film(const std::string& section, int frames) {
    mapferry::cpp17::FrameWriter writer(section, "delivery=each");
    writer.set_image(kWidth, kHeight, "BGR24");
    writer.wait_for_readers(1, std::chrono::seconds(30));
    for (int i = 0; i < frames; ++i) {
        auto loan = writer.loan();  // as many bytes as the image has
        draw(loan.data(), i % (kWidth - kSide));
        loan.set_metadata("application/json", "{\"square_at\": " + std::to_string(i) + "}");
        loan.publish();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    writer.end();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: cpp17-camera SECTION FRAMES\n");
        return 64;
    }
    try {
        film(argv[1], std::stoi(argv[2]));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}

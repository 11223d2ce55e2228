// Publishes 640x480 grey frames in place, thirty a second, and waits for nobody.
#include <chrono>
#include <cstdio>
#include <thread>

#include "mapferry/frame_writer.h"

int main() {
    const auto image = mapferry::describe_raw_image(640, 480, "GRAY8");
    auto writer = mapferry::FrameWriter::create({.address = {.name = "example-camera"}});
    if (!image || !writer) {
        std::fprintf(stderr, "%s\n", writer ? "no image" : describe(writer.error()).c_str());
        return 1;
    }
    for (int i = 0; i < 90; ++i) {
        auto loan = writer->loan(*image, 1000);  // a slot of the section itself
        if (!loan) return 1;
        unsigned value = static_cast<unsigned>(i);
        for (std::byte& pixel : loan->bytes())
            pixel = std::byte(value++ & 0xFF);
        if (!writer->publish(std::move(*loan), *image)) return 1;
        std::this_thread::sleep_for(std::chrono::milliseconds(33));
    }
    return writer->close() ? 0 : 1;
}

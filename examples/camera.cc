// SPDX-License-Identifier: Apache-2.0
// Publishes 512x384 grey frames in place as NAME (example-camera), thirty a second, and waits for
// no reader. The frames show waves that run to the upper left, for three seconds or for FRAMES
// frames:
//
//     terminal 1: mapferry-example-camera 9000
//     terminal 2: mapferry-example-viewer           # or: mapferry view example-camera --follow
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "mapferry/frame_writer.h"

namespace {

int complain(const mapferry::Status& status) {
    std::fprintf(stderr, "%s\n", describe(status).c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    const long frames = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 90;
    const char* const name = argc > 2 ? argv[2] : "example-camera";
    const auto image = mapferry::describe_raw_image(512, 384, "GRAY8");
    auto writer = mapferry::FrameWriter::create({.address = {.name = name}});
    if (!image) return complain(image.error());
    if (!writer) return complain(writer.error());
    for (int i = 0; i < frames; ++i) {
        auto loan = writer->loan(*image, std::chrono::seconds(1));  // a slot of the section itself
        if (!loan) return complain(loan.error());
        unsigned at = 0;
        for (std::byte& pixel : loan->bytes()) {
            pixel = std::byte((at % 512 + at / 512 + static_cast<unsigned>(i) * 4) & 0xFF);
            ++at;
        }
        auto published = writer->publish(std::move(*loan));
        if (!published) return complain(published.error());
        std::this_thread::sleep_for(std::chrono::milliseconds(33));
    }
    auto ended = writer->close();
    return ended ? 0 : complain(ended.error());
}

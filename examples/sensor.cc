// SPDX-License-Identifier: Apache-2.0
// Publishes frames as the driver of a machine-vision camera has them: raw pixels of 12 bits behind
// a Bayer filter, the time of their exposure, the sensor's own frame number, exposure and gain as
// JSON. Every tenth frame is lost on the way from the sensor. Three seconds, or FRAMES frames:
//
//     terminal 1: mapferry-example-sensor 9000
//     terminal 2: mapferry-example-develop          # or: mapferry view example-sensor --follow
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "mapferry/frame_writer.h"

namespace {

constexpr std::uint32_t kWidth = 640;

int complain(const mapferry::Status& status) {
    std::fprintf(stderr, "%s\n", describe(status).c_str());
    return 1;
}

// An even orange that grows brighter: red, green, red, ... in a row, green, blue, ... in the next.
void expose(std::span<std::byte> pixels, unsigned number) {
    const unsigned level = 100 + number % 30 * 100;
    for (std::size_t i = 0; i < pixels.size() / 2; ++i) {
        const std::size_t share = 4 - 2 * (i / kWidth % 2) - 2 * (i % 2);
        const auto value = static_cast<std::uint16_t>(level * share / 4);
        std::memcpy(pixels.data() + 2 * i, &value, sizeof value);
    }
}

mapferry::CaptureTime now() {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return {.ns = std::chrono::duration_cast<std::chrono::nanoseconds>(time).count(),
            .clock = mapferry::CaptureClock::kRealtime};
}

mapferry::Result<std::uint64_t> publish_one(mapferry::FrameWriter& writer,
                                            const mapferry::ImageDescription& image,
                                            unsigned number) {
    auto loan = writer.loan(image, std::chrono::seconds(1));
    if (!loan) return std::unexpected(loan.error());
    loan->set_captured(now());
    loan->set_source_number(number);
    expose(loan->bytes(), number);
    const std::string json =
        R"({"exposure_us": 5000, "gain_db": )" + std::to_string(number % 24) + "}";
    auto set = loan->set_metadata(
        {.content_type = "application/json", .bytes = std::as_bytes(std::span(json))});
    if (!set) return std::unexpected(set.error());
    return writer.publish(std::move(*loan));
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned long frames = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 90;
    const char* const name = argc > 2 ? argv[2] : "example-sensor";
    const auto image = mapferry::describe_raw_image(kWidth, 480, "RGGB12");
    auto writer = mapferry::FrameWriter::create({.address = {.name = name}});
    if (!image) return complain(image.error());
    if (!writer) return complain(writer.error());
    auto described = writer->describe(R"({"camera": "example", "black_level": 0, "bits": 12})");
    if (!described) return complain(described.error());
    for (unsigned number = 0; number < frames; ++number) {
        if (number % 10 == 9)
            writer->skip(1);
        else if (auto published = publish_one(*writer, *image, number); !published)
            return complain(published.error());
        std::this_thread::sleep_for(std::chrono::milliseconds(33));
    }
    auto ended = writer->close();
    return ended ? 0 : complain(ended.error());
}

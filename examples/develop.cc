// SPDX-License-Identifier: Apache-2.0
// Develops the raw frames of sensor.cc with OpenCV, in place, and prints what came with each:
//
//     terminal 1: mapferry-example-sensor 9000
//     terminal 2: mapferry-example-develop
#include <chrono>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <string>

#include "mapferry/frame_reader.h"
#include "mapferry/opencv.h"

namespace {

int complain(const mapferry::Status& status) {
    std::fprintf(stderr, "%s\n", describe(status).c_str());
    return 1;
}

// Milliseconds since the exposure.
double age_ms(const mapferry::CaptureTime& captured) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    return static_cast<double>(now_ns - captured.ns) / 1e6;
}

mapferry::Result<void> develop(mapferry::Frame frame) {
    const auto captured = frame.captured();
    const std::uint64_t number = frame.source_number().value_or(frame.sequence());
    const std::uint64_t missed = frame.missed();
    // The metadata lie in the section, and the matrix takes the frame: so they are copied here.
    const auto bytes = frame.metadata().bytes;
    const std::string json(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    auto raw = mapferry::to_mat(std::move(frame));  // CV_16UC1, read-only; holds the lease
    if (!raw) return std::unexpected(raw.error());
    cv::Mat color;
    // OpenCV names a pattern by the second and third pixel of its second row: BG is RGGB.
    cv::cvtColor(*raw, color, cv::COLOR_BayerBG2BGR);
    const cv::Scalar mean = cv::mean(color);
    std::printf("frame %llu, missed %llu, %.1f ms old, %s: blue %.0f, green %.0f, red %.0f\n",
                static_cast<unsigned long long>(number), static_cast<unsigned long long>(missed),
                captured ? age_ms(*captured) : 0.0, json.c_str(), mean[0], mean[1], mean[2]);
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    const char* const name = argc > 1 ? argv[1] : "example-sensor";
    auto reader = mapferry::FrameReader::open({.address = {.name = name}});
    if (!reader) return complain(reader.error());
    std::uint64_t shown_version = 0;
    while (true) {
        auto frame = reader->next(std::chrono::seconds(30));
        if (!frame) return complain(frame.error());
        if (!*frame) return 0;
        if (reader->description_version() != shown_version) {
            const auto description = reader->description();
            if (!description) return complain(description.error());
            std::printf("stream: %s\n", description->text.c_str());
            shown_version = description->version;
        }
        if (auto developed = develop(std::move(**frame)); !developed)
            return complain(developed.error());
    }
}

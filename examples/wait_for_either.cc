// SPDX-License-Identifier: Apache-2.0
// One thread that waits for a camera's frames and for payloads at once, on every system:
//
//     terminal 1: mapferry-example-camera
//     terminal 2: mapferry-example-send-bytes squares 1000
//     terminal 3: mapferry-example-wait-for-either example-camera squares
//
// A program that has an event loop already adds the readers to it: see event_loop_linux.cc.
#include <cstdio>
#include <string>
#include <vector>

#include "mapferry/frame_reader.h"
#include "mapferry/reader.h"
#include "mapferry/wait_any.h"

namespace {

mapferry::Result<void> show_frame(mapferry::FrameReader& camera) {
    auto frame = camera.try_latest();
    if (!frame) return std::unexpected(frame.error());
    if (*frame) std::printf("frame %llu\n", static_cast<unsigned long long>((*frame)->sequence()));
    return {};
}

mapferry::Result<void> take_payload(mapferry::Reader& files) {
    auto payload = files.try_next();
    if (!payload) return std::unexpected(payload.error());
    if (!*payload) return {};
    auto bytes = files.read();  // waits for the rest of the payload; empty at its end
    while (bytes && !bytes->empty())
        bytes = files.read();
    if (!bytes) return std::unexpected(bytes.error());
    std::printf("payload of %llu bytes\n",
                static_cast<unsigned long long>(files.summary()->payload_bytes));
    return files.acknowledge();
}

mapferry::Result<void> watch(const std::string& camera_name, const std::string& files_name) {
    auto camera = mapferry::FrameReader::open({.address = {.name = camera_name}});
    if (!camera) return std::unexpected(camera.error());
    auto files = mapferry::Reader::open({.address = {.name = files_name}});
    if (!files) return std::unexpected(files.error());
    while (true) {
        std::vector<mapferry::Waitable> readers;  // those that have not ended
        if (!camera->has_ended()) readers.emplace_back(*camera);
        if (!files->has_ended()) readers.emplace_back(*files);
        if (readers.empty()) return files->close();
        auto which = mapferry::wait_any(readers);
        if (!which) return std::unexpected(which.error());
        const bool is_camera = *which == 0 && !camera->has_ended();
        auto done = is_camera ? show_frame(*camera) : take_payload(*files);
        if (!done) return done;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: wait-for-either CAMERA FILES\n");
        return 64;
    }
    auto done = watch(argv[1], argv[2]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}

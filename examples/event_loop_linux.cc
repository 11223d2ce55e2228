// SPDX-License-Identifier: Apache-2.0
// One thread that waits for a camera's frames, for payloads and for the keyboard at once:
//
//     terminal 1: mapferry-example-camera 9000
//     terminal 2: mapferry-writer --name notes --text hello
//     terminal 3: mapferry-example-event-loop example-camera notes
//
// The loop is poll(). The event loops of epoll, asyncio, GLib and Qt take the descriptors too, and
// Windows' own loops take HANDLEs. wait_for_either.cc waits only for readers, on both systems.
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "mapferry/frame_reader.h"
#include "mapferry/reader.h"

namespace {

// Every failure ends this example; a real program may wait for the next writer.
template <typename T>
T value_of(mapferry::Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "%s\n", describe(result.error()).c_str());
    std::exit(1);
}

// Prints the number of the newest frame. False: the camera has ended.
bool show_frame(mapferry::FrameReader& camera) {
    const auto frame = value_of(camera.try_latest());
    if (frame) std::printf("frame %llu\n", static_cast<unsigned long long>(frame->sequence()));
    return !camera.has_ended();
}

// Takes every payload that has come. False: the writer has ended.
bool take_payloads(mapferry::Reader& files) {
    while (value_of(files.try_next())) {
        // read() waits for the rest of the payload; a loop that must not wait reads once whenever
        // the handle is readable.
        while (!value_of(files.read()).empty()) {
        }
        std::printf("payload of %llu bytes\n",
                    static_cast<unsigned long long>(files.summary()->payload_bytes));
        if (const auto stored = files.acknowledge(); !stored) std::exit(1);
    }
    return !files.has_ended();
}

// Prints a typed line. False: the input has ended.
bool take_line() {
    std::array<char, 256> line{};
    const ssize_t count = ::read(STDIN_FILENO, line.data(), line.size());
    if (count > 0) std::printf("you typed %.*s", static_cast<int>(count), line.data());
    return count > 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fputs("usage: event-loop CAMERA FILES\n", stderr), 64;
    auto camera = value_of(mapferry::FrameReader::open({.address = {.name = argv[1]}}));
    auto files = value_of(mapferry::Reader::open({.address = {.name = argv[2]}}));
    // poll() ignores entries with a negative number.
    std::array<pollfd, 3> waited{{{value_of(camera.notification_handle()), POLLIN, 0},
                                  {value_of(files.notification_handle()), POLLIN, 0},
                                  {STDIN_FILENO, POLLIN, 0}}};
    while (waited[0].fd >= 0 || waited[1].fd >= 0) {
        ::poll(waited.data(), waited.size(), -1);
        if (waited[0].revents != 0 && !show_frame(camera)) waited[0].fd = -1;
        if (waited[1].revents != 0 && !take_payloads(files)) waited[1].fd = -1;
        if (waited[2].revents != 0 && !take_line()) waited[2].fd = -1;
    }
    const auto closed = files.close();
    return closed ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
// What a camera of 1080p60 costs between two GStreamer pipelines, by mapferrysink and mapferrysrc
// and by shmsink and shmsrc: processor time of each side, and how long a frame takes.
//   mapferry-bench-gstreamer [ROUNDS [FRAMES]]     (5 rounds of 240 frames)
// Each round runs all ways once, in two new processes. Both sides hash every byte, the same for all
// ways; `checksum=all` hashes each frame twice more, in the elements.
#include <gio/gio.h>
#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/gstreamer/element_side.h"

namespace {

using mapferry::bench::Carrier;
using mapferry::bench::SideFigures;

constexpr std::array kCarriers = {Carrier::kMapferry, Carrier::kMapferryVerified,
                                  Carrier::kSharedMemory};

GSubprocess* start(const char* self, const char* side, std::size_t way, const std::string& place,
                   const std::string& frames) {
    GError* error = nullptr;
    GSubprocess* const process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, side,
                         std::to_string(way).c_str(), place.c_str(), frames.c_str(), nullptr);
    if (process == nullptr) g_error("%s: %s", self, error->message);
    return process;
}

// The line that the side prints. The sender is killed then: shmsink waits for ever for receivers
// that have gone.
SideFigures figures_of(GSubprocess* process) {
    GDataInputStream* const lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
    gchar* const line = g_data_input_stream_read_line(lines, nullptr, nullptr, nullptr);
    const SideFigures figures = mapferry::bench::from_line(line == nullptr ? "" : line);
    g_free(line);
    g_object_unref(lines);
    return figures;
}

struct WayFigures {
    std::vector<double> sender_s, receiver_s, p50_us, p99_us;
    std::uint64_t missed = 0;
    std::uint64_t damaged = 0;
};

void run_round(const char* self, std::size_t way, const std::string& frames, WayFigures& into) {
    gchar* const folder = g_dir_make_tmp("mapferry-bench-XXXXXX", nullptr);
    gchar* const base = g_path_get_basename(folder);
    const std::string place = kCarriers[way] == Carrier::kSharedMemory
                                  ? std::string(folder) + "/socket"
                                  : std::string(base);
    GSubprocess* const sender = start(self, "send", way, place, frames);
    while (kCarriers[way] == Carrier::kSharedMemory &&
           g_file_test(place.c_str(), G_FILE_TEST_EXISTS) == FALSE)
        g_usleep(1000);  // shmsrc does not wait for its sender, as mapferrysrc does
    GSubprocess* const receiver = start(self, "receive", way, place, frames);
    const SideFigures sent = figures_of(sender);
    // The end of its stream is shmsink's own only when the process ends.
    if (kCarriers[way] == Carrier::kSharedMemory) g_subprocess_force_exit(sender);
    const SideFigures taken = figures_of(receiver);
    g_subprocess_force_exit(sender);
    g_subprocess_wait(receiver, nullptr, nullptr);
    g_object_unref(sender);
    g_object_unref(receiver);
    (void)std::remove(place.c_str());
    (void)std::remove(folder);
    g_free(base);
    g_free(folder);
    into.sender_s.push_back(sent.processor_s);
    into.receiver_s.push_back(taken.processor_s);
    into.p50_us.push_back(taken.latency_p50_us);
    into.p99_us.push_back(taken.latency_p99_us);
    into.missed += sent.frames - std::min(sent.frames, taken.frames);
    into.damaged += taken.damaged;
}

void print(const char* what, std::vector<double> values, const char* unit) {
    std::ranges::sort(values);
    std::printf("  %-12s %8.2f %s (%.2f .. %.2f)\n", what, values[values.size() / 2], unit,
                values.front(), values.back());
}

int bench(const char* self, int rounds, const std::string& frames) {
    std::array<WayFigures, kCarriers.size()> figures;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t way = 0; way < kCarriers.size(); ++way)
            run_round(self, way, frames, figures[way]);
    }
    std::uint64_t damaged = 0;
    for (std::size_t way = 0; way < kCarriers.size(); ++way) {
        const WayFigures& of = figures[way];
        std::printf("%s: %d rounds of %s frames, %llu missed, %llu damaged\n",
                    mapferry::bench::name_of(kCarriers[way]), rounds, frames.c_str(),
                    static_cast<unsigned long long>(of.missed),
                    static_cast<unsigned long long>(of.damaged));
        print("sender", of.sender_s, "s of a processor");
        print("receiver", of.receiver_s, "s of a processor");
        print("p50", of.p50_us, "us");
        print("p99", of.p99_us, "us");
        damaged += of.damaged;
    }
    return damaged == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
    gst_init(&argc, &argv);
    const std::string side = argc > 1 ? argv[1] : "";
    if (argc == 5 && (side == "send" || side == "receive")) {
        const Carrier carrier = kCarriers.at(static_cast<std::size_t>(std::atoi(argv[2])));
        const SideFigures figures =
            side == "send" ? mapferry::bench::send(carrier, argv[3], std::atoi(argv[4]))
                           : mapferry::bench::receive(carrier, argv[3]);
        std::printf("%s\n", mapferry::bench::to_line(figures).c_str());
        (void)std::fflush(stdout);
        // The sender stays until it is ended, as its receiver may not have all frames yet.
        if (side == "send") g_usleep(G_USEC_PER_SEC);
        return EXIT_SUCCESS;
    }
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    if (rounds < 1) {
        std::fprintf(stderr, "usage: mapferry-bench-gstreamer [ROUNDS [FRAMES]]\n");
        return 64;
    }
    return bench(argv[0], rounds, argc > 2 ? argv[2] : "240");
}

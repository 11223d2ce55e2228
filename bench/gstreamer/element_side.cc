// SPDX-License-Identifier: Apache-2.0
#include "bench/gstreamer/element_side.h"

#include <gst/gst.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <ctime>
#include <sstream>

namespace mapferry::bench {

namespace {

constexpr const char* kCaps = "video/x-raw,format=BGRx,width=1920,height=1080,framerate=60/1";

constexpr gulong kLookUs = 1000;
constexpr gulong kLastFrameUs = 200'000;  // enough for the last frame to arrive

// The first bytes of a frame.
struct Stamp {
    std::int64_t made_us = 0;  // of the monotonic clock, which all processes share
    std::uint64_t hash = 0;    // of the rest of the frame
};

std::uint64_t hash_of_rest(const GstMapInfo& map) {
    return XXH3_64bits(map.data + sizeof(Stamp), map.size - sizeof(Stamp));
}

// The frame is made; only then the clock is read.
void stamp(GstElement*, GstBuffer* buffer, gpointer sent) {
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READWRITE) == FALSE) return;
    Stamp stamp = {.made_us = 0, .hash = hash_of_rest(map)};
    stamp.made_us = g_get_monotonic_time();
    std::memcpy(map.data, &stamp, sizeof stamp);
    gst_buffer_unmap(buffer, &map);
    ++*static_cast<std::atomic<std::uint64_t>*>(sent);  // for the thread that waits in send()
}

struct Taken {
    std::vector<double> latencies_us;
    std::uint64_t damaged = 0;
};

void take(GstElement*, GstBuffer* buffer, GstPad*, gpointer into) {
    const std::int64_t now_us = g_get_monotonic_time();
    auto& taken = *static_cast<Taken*>(into);
    GstMapInfo map;
    Stamp stamp;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return;
    std::memcpy(&stamp, map.data, sizeof stamp);
    if (hash_of_rest(map) != stamp.hash) ++taken.damaged;
    gst_buffer_unmap(buffer, &map);
    taken.latencies_us.push_back(static_cast<double>(now_us - stamp.made_us));
}

double processor_s() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Runs until the stream ends. The end of shmsink is an error of shmsrc.
void run_until_end(GstElement* pipeline) {
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus* const bus = gst_element_get_bus(pipeline);
    GstMessage* const end = gst_bus_timed_pop_filtered(
        bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    gst_message_unref(end);
    gst_object_unref(bus);
}

GstElement* parse(const std::string& text) {
    GError* error = nullptr;
    GstElement* const pipeline = gst_parse_launch(text.c_str(), &error);
    if (error != nullptr) g_error("%s: %s", text.c_str(), error->message);
    return pipeline;
}

void connect(GstElement* pipeline, const char* element, GCallback callback, gpointer data) {
    GstElement* const found = gst_bin_get_by_name(GST_BIN(pipeline), element);
    g_signal_connect(found, "handoff", callback, data);
    gst_object_unref(found);
}

}  // namespace

const char* name_of(Carrier carrier) {
    switch (carrier) {
        case Carrier::kMapferry:
            return "mapferrysink";
        case Carrier::kMapferryVerified:
            return "mapferrysink checksum=all";
        case Carrier::kSharedMemory:
            return "shmsink";
    }
    return "";
}

std::string to_line(const SideFigures& figures) {
    std::ostringstream line;
    line << figures.frames << ' ' << figures.damaged << ' ' << figures.processor_s << ' '
         << figures.latency_p50_us << ' ' << figures.latency_p99_us;
    return line.str();
}

SideFigures from_line(const std::string& line) {
    SideFigures figures;
    std::istringstream text(line);
    text >> figures.frames >> figures.damaged >> figures.processor_s >> figures.latency_p50_us >>
        figures.latency_p99_us;
    return figures;
}

SideFigures send(Carrier carrier, const std::string& place, int frames) {
    const std::string sink =
        carrier == Carrier::kSharedMemory
            ? "shmsink sync=false wait-for-connection=true shm-size=100000000 socket-path=" + place
            : std::string(name_of(carrier)) + " sync=false readers=1 section=" + place;
    GstElement* const pipeline =
        parse("videotestsrc is-live=true num-buffers=" + std::to_string(frames) + " ! " + kCaps +
              " ! identity name=mark signal-handoffs=true ! " + sink);
    std::atomic<std::uint64_t> sent = 0;
    connect(pipeline, "mark", G_CALLBACK(stamp), &sent);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    // Not until the end of the stream: shmsink gets there only when its receivers have gone.
    while (sent < static_cast<std::uint64_t>(frames))
        g_usleep(kLookUs);
    g_usleep(kLastFrameUs);
    return {.frames = sent, .processor_s = processor_s()};
}

SideFigures receive(Carrier carrier, const std::string& place) {
    const std::string source =
        carrier == Carrier::kSharedMemory
            ? "shmsrc is-live=true do-timestamp=true socket-path=" + place + " ! " + kCaps
            : "mapferrysrc mode=next section=" + place;
    GstElement* const pipeline =
        parse(source + " ! fakesink name=out sync=false signal-handoffs=true");
    Taken taken;
    connect(pipeline, "out", G_CALLBACK(take), &taken);
    run_until_end(pipeline);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    SideFigures figures = {.frames = taken.latencies_us.size(),
                           .damaged = taken.damaged,
                           .processor_s = processor_s()};
    if (taken.latencies_us.empty()) return figures;
    std::ranges::sort(taken.latencies_us);
    const auto at = [&](double part) {
        return taken.latencies_us[static_cast<std::size_t>(
            part * static_cast<double>(taken.latencies_us.size() - 1))];
    };
    figures.latency_p50_us = at(0.5);
    figures.latency_p99_us = at(0.99);
    return figures;
}

}  // namespace mapferry::bench

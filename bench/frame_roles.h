// What the two processes of a round do. The sender makes a frame, waits until the receiver has
// finished with the one before and sleeps, then sends it. Both print what they measured, a line of
// nanoseconds for each frame, to standard output.
#pragma once

#include <cstdint>
#include <string>

#include "bench/frame_way.h"

namespace mapferry::bench {

struct Round {
    std::string way;
    std::string folder;  // of this round alone; its name is the channel's too
    std::size_t frame_bytes = 0;
    std::uint64_t warm_up_frames = 0;  // not measured: they touch fresh pages
    std::uint64_t frames = 0;
    std::int64_t gap_us = 0;  // from the receiver's end with one frame to the next frame
};

// Prints `send_ns`: what handing the frame over cost the sender.
int run_sender(const Round& round);

// Prints `received_ns hashed_ns`, both from the moment before the frame was sent. A frame whose
// bytes are wrong ends the benchmark.
int run_receiver(const Round& round);

}  // namespace mapferry::bench

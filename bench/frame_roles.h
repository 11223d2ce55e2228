// SPDX-License-Identifier: Apache-2.0
// What the two processes of a round do. Paced, the sender makes a frame, waits until the receiver
// has finished with the one before and sleeps, then sends it. Flat out it sends as the way lets it.
// Both print what they measured to standard output.
#pragma once

#include <cstdint>
#include <string>

#include "bench/frame_way.h"

namespace mapferry::bench {

enum class Checking : std::uint8_t { kAll, kNone };

struct Round {
    std::string way;
    std::string folder;  // of this round alone; its name is the channel's too
    std::size_t frame_bytes = 0;
    std::uint64_t warm_up_frames = 0;  // not measured: they touch fresh pages
    std::uint64_t frames = 0;
    std::int64_t gap_us = 0;  // paced: from the receiver's end with one frame to the next frame
    Pace pace = Pace::kPaced;
    Checking checking = Checking::kAll;
};

// Paced, a line for each frame: `send_ns`, what handing it over cost the sender.
int run_sender(const Round& round);

// Paced, a line for each frame: `received_ns hashed_ns`, both from the moment before it was sent.
// Flat out, one line: the ns from the first frame's sending to the last one's check. A frame whose
// bytes are wrong ends the benchmark.
int run_receiver(const Round& round);

}  // namespace mapferry::bench

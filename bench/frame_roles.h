// SPDX-License-Identifier: Apache-2.0
// The work of the two processes of a round. Paced: the sender makes a frame, waits until the
// receiver has finished with the last frame and sleeps, then sends the new frame. Flat out: the
// sender sends as fast as the way lets it. Both print their measurements to standard output.
#pragma once

#include <cstdint>
#include <string>

#include "bench/bench_rounds.h"
#include "bench/frame_way.h"

namespace mapferry::bench {

enum class Checking : std::uint8_t { kAll, kNone };

struct Round {
    std::string way;
    std::string folder;  // of this round alone; the channel has the same name
    std::size_t frame_bytes = 0;
    std::uint64_t warm_up_frames = 0;  // not measured, because they touch fresh pages
    std::uint64_t frames = 0;
    std::int64_t gap_us = 0;  // paced: the pause between the receiver's end and the next frame
    Pace pace = Pace::kPaced;
    Checking checking = Checking::kAll;
    Fault fault = Fault::kNone;
    // The frame of which a byte is changed on its way, when one is.
    [[nodiscard]] std::uint64_t changed_frame() const { return warm_up_frames + frames / 2; }
};

// Paced: prints a line for each frame: `send_ns`, the time that the sender took to hand it over.
int run_sender(const Round& round);

// Paced: prints a line for each frame: `received_ns hashed_ns`, both counted from the moment before
// the frame was sent. Flat out: prints one line, the ns from the sending of the first frame to the
// check of the last one. kWrongBytes: a frame came with wrong bytes.
int run_receiver(const Round& round);

}  // namespace mapferry::bench

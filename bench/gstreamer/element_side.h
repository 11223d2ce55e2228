// SPDX-License-Identifier: Apache-2.0
// One side of a pipeline in two processes: it sends frames that say when they were made, or takes
// them and says how old they were.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mapferry::bench {

// What carries the frames between the two processes.
enum class Carrier : std::uint8_t { kMapferry, kMapferryVerified, kSharedMemory };

[[nodiscard]] const char* name_of(Carrier carrier);

// What a side prints as one line, and what its starter reads.
struct SideFigures {
    std::uint64_t frames = 0;
    std::uint64_t damaged = 0;  // receiver: frames whose bytes are not those that were sent
    double processor_s = 0;     // of the side's process, all its threads
    double latency_p50_us = 0;  // receiver: from the frame's last byte to its arrival
    double latency_p99_us = 0;
};

[[nodiscard]] std::string to_line(const SideFigures& figures);
[[nodiscard]] SideFigures from_line(const std::string& line);

// Sends that many live frames of 1080p60, BGRx, to the place. The sender ends when it has.
[[nodiscard]] SideFigures send(Carrier carrier, const std::string& place, int frames);
// Takes frames until the sender ends, and reads every byte.
[[nodiscard]] SideFigures receive(Carrier carrier, const std::string& place);

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// One way to bring frames from one process to another. The two halves of a way run in two
// processes; `channel` is the name that both know.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/frame_content.h"
#include "bench/give_up.h"

namespace mapferry::bench {

enum class Pace : std::uint8_t {
    kPaced,    // the receiver waits for each frame
    kFlatOut,  // the sender waits for the receiver only where the way itself does
};

struct FrameTask {
    std::string channel;  // a name of this round alone
    std::string folder;   // for the round's files
    std::size_t frame_bytes = 0;
    Pace pace = Pace::kPaced;
};

// The sending half. Every function that fails ends the process with a message.
class FrameSender {
  public:
    virtual ~FrameSender() = default;
    // Returns when the receiver can no longer miss a frame.
    virtual void wait_for_receiver() = 0;
    // The memory in which the next frame is made. Empty: there is none, use send_copy().
    virtual std::span<std::byte> loan() = 0;
    // Hands over the frame in the loan.
    virtual void send_loan() = 0;
    // Copies the frame to the other side.
    virtual void send_copy(std::span<const std::byte> frame) = 0;
};

// The receiving half.
class FrameReceiver {
  public:
    virtual ~FrameReceiver() = default;
    // Waits for the next frame. The bytes are valid until the next call. A way whose frames come in
    // pieces shows each piece to `check` while the piece is still in the cache. A way whose frames
    // come whole does not use `check`, and the caller checks them.
    virtual std::span<const std::byte> receive(ContentCheck& check) = 0;
    // Whether receive() has shown every byte to `check`.
    [[nodiscard]] virtual bool checks_on_the_way() const = 0;
    // Checks a whole frame: by the way's own check, or by its digest if the way has none.
    virtual bool is_right(ContentCheck& check, std::span<const std::byte> frame) {
        return check.is_right(frame);
    }
};

enum class Kind : std::uint8_t {
    kHandOver,  // timed until the receiver has the frame; it is verified afterwards
    kCopy,      // the frame lies in the sender's memory; timed until every byte is hashed
};

enum class Arrival : std::uint8_t {
    kWhole,     // hashed when all of it has arrived
    kInPieces,  // hashed while it arrives
};

enum class Hashing : std::uint8_t {
    kByReceiver,
    kByBoth,  // the sender's checksum travels with the frame
};

enum class Extent : std::uint8_t { kAllPaces, kPacedOnly };

struct FrameWay {
    std::string name;
    Kind kind = Kind::kHandOver;
    Arrival arrival = Arrival::kWhole;
    Hashing hashing = Hashing::kByReceiver;
    Extent extent = Extent::kAllPaces;
    std::unique_ptr<FrameSender> (*make_sender)(const FrameTask&) = nullptr;
    std::unique_ptr<FrameReceiver> (*make_receiver)(const FrameTask&) = nullptr;
    // Instead of both: the words of a command that is sender and receiver and prints the
    // receiver's lines. It gets the options of the processes of a round.
    std::vector<std::string> command = {};
    // The way does not carry larger frames.
    std::size_t frame_bytes_max = std::numeric_limits<std::size_t>::max();
    // What the way is set to, as in Row::options, and what else when frames come flat out.
    std::string options = "defaults";
    std::string flat_out_options = {};
    // Why the way can't run here; empty: it can.
    std::string missing = {};
    // Removes what the processes of a round that began then have left. Called when both are dead.
    void (*clean_up)(std::chrono::system_clock::time_point began) = nullptr;
};

// Each source file adds its own ways. A file that replaces one whose library is not installed adds
// only their names.
void add_mapferry_ways(std::vector<FrameWay>& ways);
void add_iceoryx_ways(std::vector<FrameWay>& ways);
void add_fast_dds_ways(std::vector<FrameWay>& ways);
void add_boost_ways(std::vector<FrameWay>& ways);
void add_zeromq_ways(std::vector<FrameWay>& ways);
void add_stream_ways(std::vector<FrameWay>& ways);
void add_vmsplice_ways(std::vector<FrameWay>& ways);
void add_posix_queue_ways(std::vector<FrameWay>& ways);
void add_python_ways(std::vector<FrameWay>& ways);

// All ways, in the order of the table.
[[nodiscard]] std::vector<FrameWay> all_frame_ways();

}  // namespace mapferry::bench

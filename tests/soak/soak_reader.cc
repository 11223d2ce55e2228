// SPDX-License-Identifier: Apache-2.0
// A reader of frames that the soak tests start, stop and kill.
//
//     soak-reader follow NAME SEED  holds up to two frames while it takes the next, verifies each
//                                   when it comes and again before it releases it; ends with the
//                                   goodbye frame
//     soak-reader die NAME          takes a frame and ends without releasing anything
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "mapferry/frame_reader.h"
#include "soak/soak_frame.h"

namespace mapferry::testing {
namespace {

constexpr int kFailed = 1;
constexpr std::chrono::milliseconds kPatience{60'000};
constexpr std::size_t kHeldFrames = 2;

int complain(const std::string& what) {
    std::cerr << what << "\n";
    return kFailed;
}

// Whether the bytes are those that the writer put into exactly this frame.
bool is_whole(const Frame& frame) {
    const SoakStamp stamp = soak_stamp_of(frame.bytes());
    return frame.verify() && stamp.first == stamp.last &&
           (stamp.first == frame.sequence() || stamp.first == kSoakGoodbye);
}

class Follower {
  public:
    Follower(FrameReader reader, unsigned seed) : reader_(std::move(reader)), random_(seed) {}

    int run() {
        while (true) {
            auto frame = random_() % 4 == 0 ? reader_.latest(kPatience) : reader_.next(kPatience);
            if (!frame) return complain(describe(frame.error()));
            if (!*frame) return complain("the writer ended without a goodbye");
            if (!is_whole(**frame)) return complain("a frame came with wrong bytes");
            ++frames_;
            missed_ += (*frame)->missed();
            const bool goodbye = soak_stamp_of((*frame)->bytes()).first == kSoakGoodbye;
            if (!hold(std::move(**frame))) return complain("bytes changed under a lease");
            if (!goodbye) continue;
            std::cout << frames_ << " " << missed_ << "\n";
            return 0;
        }
    }

  private:
    // Keeps the frame; releases a random one when there are too many.
    bool hold(Frame frame) {
        held_.push_back(std::move(frame));
        if (held_.size() <= kHeldFrames) return true;
        const auto leaves = held_.begin() + static_cast<std::ptrdiff_t>(random_() % held_.size());
        const bool whole = is_whole(*leaves);
        held_.erase(leaves);
        return whole;
    }

    FrameReader reader_;
    std::minstd_rand random_;
    std::vector<Frame> held_;
    std::uint64_t frames_ = 0;
    std::uint64_t missed_ = 0;
};

int run(const std::vector<std::string>& words) {
    if (words.size() < 2) return kFailed;
    auto reader = FrameReader::open({.address = {.name = words[1]}, .timeout = kPatience});
    if (!reader) return complain(describe(reader.error()));
    if (words[0] == "follow" && words.size() == 3)
        return Follower(std::move(*reader), static_cast<unsigned>(std::stoul(words[2]))).run();
    auto frame = reader->next(kPatience);
    if (!frame || !*frame || !is_whole(**frame)) return complain("no frame to die with");
    std::_Exit(0);  // no destructor releases the lease or the place
}

}  // namespace
}  // namespace mapferry::testing

int main(int argc, char** argv) {
    return mapferry::testing::run(std::vector<std::string>(argv + 1, argv + argc));
}

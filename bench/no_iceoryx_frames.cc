// Stands for iceoryx_frames.cc where iceoryx is not installed.
#include "bench/frame_way.h"

namespace mapferry::bench {

void add_iceoryx_ways(std::vector<FrameWay>&) {}

}  // namespace mapferry::bench

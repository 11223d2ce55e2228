// SPDX-License-Identifier: Apache-2.0
// Where Boost is not installed.
#include "bench/payload_way.h"

namespace mapferry::bench {

void add_boost_payload_ways(std::vector<PayloadWay>&) {}

}  // namespace mapferry::bench

// SPDX-License-Identifier: Apache-2.0
// Replaces boost_payloads.cc where Boost is not installed.
#include "bench/payload_way.h"

namespace mapferry::bench {

void add_boost_payload_ways(std::vector<PayloadWay>&) {}

}  // namespace mapferry::bench

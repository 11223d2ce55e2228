// SPDX-License-Identifier: Apache-2.0
// Replaces swscale_stages.cc where libswscale is not installed.
#include "bench/convert_stages.h"

namespace mapferry::bench {

void add_swscale_stages(std::vector<Stage>&, const Conversion&) {}

}  // namespace mapferry::bench

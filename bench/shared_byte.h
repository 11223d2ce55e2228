// SPDX-License-Identifier: Apache-2.0
// A fault for frames that a receiver sees where they lie.
#pragma once

#include <cstddef>

namespace mapferry::bench {

// Changes the byte in the shared memory that this process has mapped at this address, although the
// process itself may not write there. Gives up when no open file's name leads to that memory.
void change_shared_byte(const std::byte* at);

}  // namespace mapferry::bench

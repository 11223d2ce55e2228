// SPDX-License-Identifier: Apache-2.0
// Functions of a source that is compiled without exceptions.
#pragma once

#include <cstdint>
#include <string>

namespace mapferry_cpp17_tests {

// The code with which opening a section that does not exist fails; its message comes back.
std::int32_t open_missing_without_exceptions(const std::string& section, std::string& message);
// Publishes one frame and reads it back: its bytes; "": that failed.
std::string pass_a_frame_without_exceptions(const std::string& section);

}  // namespace mapferry_cpp17_tests

// SPDX-License-Identifier: Apache-2.0
// A part of a program that is compiled without exceptions.
#include "cpp17/cpp17_no_exceptions.h"

#include "mapferry/mapferry.hpp"

namespace mapferry_cpp17_tests {

namespace cpp17 = mapferry::cpp17;

std::int32_t open_missing_without_exceptions(const std::string& section, std::string& message) {
    cpp17::Failure failure;
    const cpp17::FrameReader reader(section, "timeout_ms=0", nullptr, failure);
    message = failure.message;
    return reader ? -1 : static_cast<std::int32_t>(failure.code);
}

std::string pass_a_frame_without_exceptions(const std::string& section) {
    cpp17::Failure failure;
    cpp17::FrameWriter writer(section, {}, nullptr, failure);
    if (failure) return {};
    cpp17::FrameReader reader(section, {}, nullptr, failure);
    if (failure) return {};
    writer.publish_copy("bytes", 5, cpp17::kForever, failure);
    if (failure) return {};
    const cpp17::Frame frame = reader.next(cpp17::kNoWait, failure);
    if (failure || !frame) return {};
    std::string found(frame.bytes().begin(), frame.bytes().end());
    writer.end(failure);
    return failure ? std::string() : found;
}

}  // namespace mapferry_cpp17_tests

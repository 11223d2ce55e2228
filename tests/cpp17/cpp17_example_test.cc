// SPDX-License-Identifier: Apache-2.0
// The example that mapferry.hpp prints.
#include <algorithm>
#include <thread>

#include "cpp17/cpp17_names.h"

// [mapferry.hpp]
std::uint64_t brightest(const char* section) {
    mapferry::cpp17::FrameReader reader(section, "timeout_ms=5000");
    std::uint64_t most = 0;
    while (auto frame = reader.next(std::chrono::seconds(5))) {
        std::uint64_t sum = 0;
        for (const std::uint8_t value : frame.bytes())
            sum += value;
        most = std::max(most, sum);
    }
    return most;
}
// [end of mapferry.hpp]

namespace mapferry_cpp17_tests {
namespace {

TEST(HeaderExamples, Cpp17Brightest) {
    const OwnName section;
    std::thread writing([&section] {
        cpp17::FrameWriter writer(section.text(), "delivery=each");
        writer.wait_for_readers(1);
        for (const char* const frame : {"\1\2", "\7\3", "\2\2"})
            writer.publish_copy(frame, 2);
        writer.end();
    });
    EXPECT_EQ(brightest(section.text().c_str()), 10U);
    writing.join();
}

}  // namespace
}  // namespace mapferry_cpp17_tests

// SPDX-License-Identifier: Apache-2.0
// Text that a user types: sizes, times, shapes and patterns of any bytes are understood or refused.
#include <string>

#include "cli/image_text.h"
#include "cli/size_text.h"
#include "fuzz/fuzz_input.h"
#include "reader/frame_pattern.h"

namespace mapferry::testing {
namespace {

void run(FuzzInput input) {
    const auto number = input.take<std::uint64_t>();
    const std::string_view text = input.text();
    if (const auto bytes = cli::parse_size(text)) {
        require(*bytes >> 63 == 0, "a size has 63 bits");
        require(!text.empty() && text[0] >= '0' && text[0] <= '9', "it begins with a digit");
        require(cli::parse_size(std::to_string(*bytes)) == bytes, "a number is itself");
    }
    if (const auto time_ms = cli::parse_time_ms(text))
        require(*time_ms >= 0 && *time_ms <= cli::kTimeMostMs, "a time has its limit");
    if (const auto image = cli::parse_image(text)) {
        require(image->width > 0 && image->height > 0 && image->row_stride_bytes > 0,
                "a shape has pixels");
        require(cli::parse_image(cli::image_text(*image)) == *image, "its text is itself");
    }
    if (const auto pattern = cli::FramePattern::parse(text)) {
        const std::string path = pattern->path(number);
        require(path.contains(std::to_string(number)), "the number is in the path");
        require(path.size() <= text.size() + 20, "a path has its length");
    }
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}

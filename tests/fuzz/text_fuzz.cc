// SPDX-License-Identifier: Apache-2.0
// Text that a user types, and the headers of video and arrays: any bytes are understood or refused.
#include <span>
#include <string>
#include <string_view>

#include "cli/image_text.h"
#include "cli/size_text.h"
#include "fuzz/fuzz_input.h"
#include "mapferry/npy.h"
#include "mapferry/y4m.h"
#include "reader/frame_pattern.h"

namespace mapferry::testing {
namespace {

// What was read is what is read again of what is made of it.
void run_headers(std::string_view text) {
    if (const auto stream = parse_y4m_header(text)) {
        require(check_image(stream->image).has_value(), "an image makes sense");
        const auto line = make_y4m_header(*stream);
        require(line && line->ends_with('\n'), "the header of a stream is a line");
        const auto again = parse_y4m_header(std::string_view(*line).substr(0, line->size() - 1));
        require(again && again->image == stream->image && again->facts == stream->facts,
                "a header of a stream is itself");
    }
    const auto bytes = std::as_bytes(std::span(text));
    if (const auto header = read_npy_header(bytes)) {
        require(header->header_bytes <= bytes.size(), "a header lies within its file");
        const auto made = make_npy_header(header->tensor);
        const auto again = made ? read_npy_header(*made) : std::unexpected(made.error());
        require(again && again->tensor == header->tensor, "a header of an array is itself");
    }
}

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
    if (const auto rate = cli::parse_rate(text))
        require(rate->denominator != 0, "a rate is a fraction");
    run_headers(text);
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

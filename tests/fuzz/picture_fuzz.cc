// Picture files of any bytes: described or not, decoded or refused; never stb_image's part, which
// runs in a process of its own.
#include <algorithm>

#include "bmp_header.h"
#include "fuzz/fuzz_input.h"
#include "jpeg_segments.h"
#include "mapferry/image.h"
#include "mapferry/image_file.h"
#include "pnm_file.h"

namespace mapferry::testing {
namespace {

// Larger ones would be about the allocator's speed.
constexpr ImageLimits kLimits{
    .side_max = 512, .file_bytes_max = 1 << 16, .pixel_bytes_max = 1 << 16};

bool is_ours(std::uint32_t fourcc) {
    return fourcc != kFourccPng && fourcc != kFourccJpeg;
}

void run(FuzzInput input) {
    const auto claimed = input.take<std::uint32_t>();
    const auto bytes = input.rest();
    (void)check_jpeg_segments(bytes);
    if (const auto header = read_bmp_header(bytes)) (void)bmp_palette_offset(*header);
    const std::uint64_t file_bytes =
        claimed % 4 == 0 ? layout::kUnknownBytes : std::max<std::uint64_t>(claimed, bytes.size());
    if (const auto image = probe_image(bytes, file_bytes)) {
        require(image->width > 0 && image->height > 0, "a picture has pixels");
        require(image_from_record(to_record(*image)).has_value(), "readers take its shape");
    }
    const auto whole = probe_image(bytes, bytes.size());
    if (!whole || !is_ours(whole->fourcc)) return;
    const auto decoded = decode_image(bytes, kLimits);
    if (!decoded) return;
    require(decoded->description().width == whole->width, "it is as wide as it says");
    require(check_image_fits(decoded->description(), decoded->bytes().size()).has_value(),
            "its pixels are all there");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}

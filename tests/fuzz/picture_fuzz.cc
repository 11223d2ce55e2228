// SPDX-License-Identifier: Apache-2.0
// Picture files of any bytes: described or not, decoded or refused. The part of stb_image is left
// out; it runs in a separate process.
#include <algorithm>

#include "format/image_record.h"
#include "format/layout.h"
#include "fuzz/fuzz_input.h"
#include "image/bmp_header.h"
#include "image/exif.h"
#include "image/jpeg_segments.h"
#include "image/png_file.h"
#include "image/pnm_file.h"
#include "mapferry/image.h"
#include "mapferry/image_file.h"
#include "mapferry/image_probe.h"
#include "mapferry/picture_splitter.h"

namespace mapferry::testing {
namespace {

// Larger pictures would only test the speed of the allocator.
constexpr ImageLimits kLimits{
    .side_max = 512, .file_bytes_max = 1 << 16, .pixel_bytes_max = 1 << 16};

bool is_ours(std::uint32_t fourcc) {
    return fourcc != kFourccPng && fourcc != kFourccJpeg;
}

// The checks before stb_image decodes.
void look_at_encoded(std::span<const std::byte> bytes) {
    if (const auto facts = check_jpeg_segments(bytes)) {
        (void)undecoded_jpeg(*facts);
        (void)read_exif_turn(facts->exif);
        (void)check_jpeg_segments(complete_jpeg(bytes, *facts, std::byte{0}));
    }
    if (const auto facts = check_png(bytes)) (void)read_exif_turn(facts->exif);
    (void)read_exif_turn(bytes);
}

// All bytes come out again, as pictures or as other bytes.
void split(std::span<const std::byte> stream, std::size_t step_bytes) {
    PictureSplitter splitter(1 << 16);
    std::uint64_t bytes = 0;
    std::size_t at = 0;
    for (bool ended = false; !ended;) {
        const auto room = splitter.room(step_bytes);
        require(room && !room->empty(), "there is room");
        const std::size_t count = std::min({step_bytes, room->size(), stream.size() - at});
        std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), count, room->begin());
        splitter.add(count);
        at += count;
        ended = count == 0;
        if (ended) splitter.end();
        while (true) {
            const auto piece = splitter.next();
            require(piece.has_value(), "no picture is too large");
            if (!*piece) break;
            require((*piece)->picture.empty() != ((*piece)->other_bytes == 0), "it is one of both");
            bytes += (*piece)->picture.size() + (*piece)->other_bytes;
        }
    }
    require(bytes == stream.size(), "no byte is lost");
}

void run(FuzzInput input) {
    const auto claimed = input.take<std::uint32_t>();
    const auto bytes = input.rest();
    look_at_encoded(bytes);
    split(bytes, claimed % 97 + 1);
    if (const auto header = read_bmp_header(bytes)) (void)bmp_palette_offset(*header);
    const std::uint64_t file_bytes =
        claimed % 4 == 0 ? layout::kUnknownBytes : std::max<std::uint64_t>(claimed, bytes.size());
    if (const auto image = probe_image(bytes, file_bytes)) {
        require(image->width > 0 && image->height > 0, "a picture has pixels");
        require(image_from_record(to_record(image)).has_value(), "readers take its shape");
    }
    const auto whole = probe_image(bytes, bytes.size());
    if (!whole || !is_ours(whole->fourcc)) return;
    const auto decoded = decode_picture(bytes, {.limits = kLimits});
    if (!decoded) {
        require(!decoded.error().message.ends_with(": "), "there is a reason");
        return;
    }
    const Image& image = decoded->image;
    require(image.description().width == whole->width, "it is as wide as it says");
    require(check_image_fits(image.description(), image.bytes().size()).has_value(),
            "its pixels are all there");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}

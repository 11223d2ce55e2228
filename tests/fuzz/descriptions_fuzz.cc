// SPDX-License-Identifier: Apache-2.0
// What a payload or a frame says of itself, of any bytes: images and their planes, tensors, pairs,
// metadata. Refused, or all of it lies in the bytes that there are, and is the same when it is
// written again.
#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

#include "format/image_record.h"
#include "format/manifest.h"
#include "format/notes.h"
#include "fuzz/fuzz_input.h"
#include "mapferry/detail/hash.h"
#include "mapferry/image.h"
#include "mapferry/payload.h"

namespace mapferry::testing {
namespace {

void check_rows(const ImagePlanes& planes) {
    for (std::uint32_t i = 0; i < planes.count; ++i) {
        const PlaneShape& plane = planes.planes[i];
        if (plane.rows == 0) continue;
        const std::uint64_t before = plane.row_stride_bytes * (plane.rows - 1);
        require(plane.rows == 1 || before / (plane.rows - 1) == plane.row_stride_bytes,
                "the rows' sum does not wrap");
        require(planes.image_bytes >= plane.row_bytes &&
                    planes.image_bytes - plane.row_bytes >= before &&
                    planes.image_bytes - plane.row_bytes - before >= plane.offset_bytes,
                "the last row ends in the image");
    }
}

void check_shape(const layout::ImageRecord& record, std::span<const ImagePlane> explicit_planes) {
    const auto image = image_from_record(record, explicit_planes);
    if (!image || !*image) return;
    const auto again = image_from_record(to_record(*image), explicit_planes);
    require(again && *again == *image, "a shape stays what it is");
    require(!to_string(**image).empty(), "a shape has a text");
    if ((*image)->row_stride_bytes == 0) return;
    const auto planes = planes_of(**image);
    require(planes.has_value(), "its planes are known");
    check_rows(*planes);
    require(check_image_fits(**image, planes->image_bytes).has_value(), "it fits into its size");
}

// The same bytes as the notes of a manifest and as those of a frame, with a checksum that is right.
void check_notes(std::span<const std::byte> bytes) {
    const auto entries = bytes.first(std::min<std::size_t>(bytes.size() / 8 * 8, 4096));
    layout::ManifestRecord manifest = to_record(PayloadInfo{}).value();
    manifest.notes_bytes = static_cast<std::uint32_t>(entries.size());
    const auto record = std::as_bytes(std::span(&manifest, 1));
    std::vector<std::byte> message(record.begin(), record.end());
    message.insert(message.end(), entries.begin(), entries.end());
    if (const auto info = payload_from_message(message)) {
        const auto again = manifest_message(*info);
        require(again.has_value(), "what can be read can be written");
        const auto back = payload_from_message(*again);
        require(back && back->pairs == info->pairs && back->tensor == info->tensor,
                "notes stay what they are");
    }
    constexpr std::uint64_t kSeed = 7;
    std::vector<std::byte> notes(sizeof(layout::NotesHeader));
    notes.insert(notes.end(), entries.begin(), entries.end());
    const std::uint64_t hash = xxh3_64(std::span(notes).subspan(sizeof hash), kSeed);
    std::memcpy(notes.data(), &hash, sizeof hash);
    const auto found = read_frame_notes(notes, kSeed);
    if (!found) return;
    require(found->metadata.empty() ||
                (found->metadata.data() > notes.data() &&
                 found->metadata.data() + found->metadata.size() <= notes.data() + notes.size()),
            "metadata lie in the notes");
    require(!found->tensor || tensor_bytes(*found->tensor), "a tensor has its bytes");
}

void run(FuzzInput input) {
    const auto plane_count = input.take<std::uint8_t>() % (kImagePlanesMax + 1);
    const auto shape = input.take<layout::ImageRecord>();
    const auto planes = input.take<std::array<ImagePlane, kImagePlanesMax>>();
    check_shape(shape, {});
    check_shape(shape, std::span(planes).first(plane_count));
    check_notes(input.rest());
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}

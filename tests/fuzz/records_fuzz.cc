// SPDX-License-Identifier: Apache-2.0
// Manifests, end records and image records of any bytes: refused, or the same when they are written
// again.
#include <algorithm>
#include <array>
#include <bit>
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
#include "stream/payload_progress.h"

namespace mapferry::testing {
namespace {

// Numbers larger than those of any section, so that only the fields matter.
Message message_of(std::uint32_t kind, std::span<const std::byte> bytes) {
    Message message{.facts = {}, .sequence = 7, .bytes = bytes};
    message.facts.kind = kind;
    message.facts.bytes = bytes.size();
    return message;
}

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

void check_manifest(const layout::ManifestRecord& record) {
    const auto info = payload_from_record(record);
    if (!info) {
        require(!info.error().message.empty(), "an error says what is wrong");
        return;
    }
    require(info->name.size() <= layout::kNameBytes, "the name has its limit");
    const auto written = to_record(*info);
    require(written.has_value(), "what can be read can be written");
    const auto again = payload_from_record(*written);
    require(again && again->name == info->name && again->payload_bytes == info->payload_bytes &&
                again->image == info->image,
            "a manifest stays what it is");
}

// The same bytes as the notes of a manifest and as those of a frame, with a checksum that is right.
void check_notes(layout::ManifestRecord manifest, std::span<const std::byte> bytes) {
    const auto entries = bytes.first(std::min<std::size_t>(bytes.size() / 8 * 8, 4096));
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

void check_end(const layout::ManifestRecord& manifest, const layout::EndRecord& end) {
    PayloadProgress progress;
    const auto begins = std::as_bytes(std::span(&manifest, 1));
    if (!progress.begin(message_of(layout::kKindManifest, begins), begins)) return;
    const auto ends = std::as_bytes(std::span(&end, 1));
    if (!progress.end(message_of(layout::kKindEnd, ends), ends)) return;
    require(progress.summary()->payload_bytes == 0, "nothing came, so nothing is whole");
}

void run(FuzzInput input) {
    const auto how = input.take<std::uint8_t>();
    const auto shape = input.take<layout::ImageRecord>();
    const auto end = input.take<layout::EndRecord>();
    const auto planes = std::bit_cast<std::array<ImagePlane, kImagePlanesMax>>(end);
    check_shape(shape, {});
    check_shape(shape, std::span(planes).first((how >> 1) % (kImagePlanesMax + 1)));
    auto manifest = input.take<layout::ManifestRecord>();
    if ((how & 1) != 0) {
        manifest.record_bytes = sizeof manifest;
        manifest.flags &= layout::kManifestFlagsKnown;
        manifest.digest = 1 + manifest.digest % 2;
    }
    check_manifest(manifest);
    check_end(manifest, end);
    PayloadProgress progress;
    const auto rest = input.rest();
    require(!progress.begin(message_of(layout::kKindManifest, rest), rest) ||
                rest.size() >= sizeof(layout::ManifestRecord),
            "a manifest has its size");
    check_notes(manifest, rest);
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}

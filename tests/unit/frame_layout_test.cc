// SPDX-License-Identifier: Apache-2.0
// Compares the bytes of a frame's descriptor, its notes and a stream's facts with tests/golden.
#include "format/frame_layout.h"

#include <gtest/gtest.h>

#include <span>

#include "format/notes.h"
#include "frames/writer/frame_ring_writer.h"
#include "mapferry/detail/hash.h"
#include "section/stream_description.h"
#include "support/fake_peers.h"
#include "support/golden.h"
#include "support/heap_section.h"
#include "support/test_bytes.h"

namespace mapferry {
namespace {

using testing::Bytes;
using testing::matches_golden;

template <typename Record>
std::span<const std::byte> record_bytes(const Record& record) {
    return std::as_bytes(std::span(&record, 1));
}

ImageDescription picture() {
    return {.width = 640,
            .height = 480,
            .row_stride_bytes = 640,
            .fourcc = kFourccGray8,
            .bits_per_pixel = 8,
            .orientation = Orientation::kTopDown,
            .color = {.primaries = 1,
                      .transfer = 13,
                      .matrix = 6,
                      .range = ColorRange::kFull,
                      .chroma_site = ChromaSite::kTopLeft},
            .plane_count = 1,
            .planes = {ImagePlane{.offset_bytes = 4096, .row_stride_bytes = 640}}};
}

class FrameGolden : public ::testing::Test {
  protected:
    testing::HeapSection section_{{.delivery = Delivery::kLatest,
                                   .slot_count = 2,
                                   .slot_capacity_bytes = 4096,
                                   .reader_limit = 1}};
    testing::FakePeers peers_;
    FrameRingWriter writer_{section_.view(), peers_, {}};
};

TEST_F(FrameGolden, DescriptorOfAPublishedFrame) {
    const auto slot = writer_.acquire(0);
    ASSERT_TRUE(slot);
    (void)writer_.publish(*slot, 0x123,
                          {.image = to_record(picture()),
                           .timestamp_unix_ns = 1'700'000'000'123'456'789,
                           .xxh3 = 0x0123456789ABCDEF,
                           .captured = {.ns = 0x5151, .clock = CaptureClock::kTai},
                           .source_number = 0x5252,
                           .source_skipped = 0x5353,
                           .notes_bytes = 0x5454});
    EXPECT_TRUE(
        matches_golden(record_bytes(section_.view().frame_slot(*slot)), "frame_slot_v1.hex"));
}

TEST_F(FrameGolden, LineOfAStreamThatSaysAllOfItself) {
    put_stream_facts(section_.view(), {.frame_rate = {.numerator = 30'000, .denominator = 1001},
                                       .pixel_aspect = {.numerator = 16, .denominator = 11},
                                       .scan = Scan::kBottomFieldFirst});
    EXPECT_TRUE(matches_golden(record_bytes(section_.view().frame_line()), "frame_line_v1.hex"));
}

TEST(NotesGolden, OfAFrameWithAllThatItCanSay) {
    const Bytes metadata = testing::bytes_of(R"({"gain": 2})");
    const std::array<std::uint64_t, 2> shape = {480, 640};
    const FrameNotes notes{.image = picture(),
                           .tensor = describe_tensor("uint8", shape).value(),
                           .metadata = {.content_type = "application/json", .bytes = metadata}};
    Bytes bytes(static_cast<std::size_t>(frame_notes_bytes(notes)));
    put_frame_notes(bytes, notes, 0x0123456789ABCDEF);
    EXPECT_TRUE(matches_golden(bytes, "notes_v1.hex"));
}

TEST(NotesGolden, OfAManifest) {
    const auto entries = manifest_notes(
        {.tensor = describe_tensor("float32x4", {}).value(),
         .pairs = {{.key = "camera", .value = "left"}, {.key = "note", .value = ""}}});
    ASSERT_TRUE(entries);
    EXPECT_TRUE(matches_golden(*entries, "manifest_notes_v1.hex"));
}

}  // namespace
}  // namespace mapferry

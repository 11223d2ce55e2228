// SPDX-License-Identifier: Apache-2.0
// What a frame says beside its bytes, from a writer to a reader through a section.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "format/frame_layout.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/inspect.h"
#include "support/object_bytes.h"
#include "support/physical_page.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class FrameNotesInPlace : public ::testing::Test {
  protected:
    FrameNotesInPlace() {
        options_.address = section_.address();
        writer_.emplace(FrameWriter::create(options_).value());
        reader_.emplace(FrameReader::open({.address = section_.address(), .timeout = 5s}).value());
    }
    Frame take() {
        auto frame = reader_->next(5s);
        EXPECT_TRUE(frame && *frame) << (frame ? "" : describe(frame.error()));
        return std::move(**frame);
    }
    [[nodiscard]] static std::string text_of(std::span<const std::byte> bytes) {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    const UniqueSection section_;
    FrameWriterOptions options_;
    std::optional<FrameWriter> writer_;
    std::optional<FrameReader> reader_;
};

TEST_F(FrameNotesInPlace, CopiedFrameArrivesWithAllThatItSays) {
    const Bytes bytes = random_bytes(1000);
    const std::string json = R"({"exposure": 1.5})";
    const auto shape = std::array<std::uint64_t, 2>{10, 25};
    const auto tensor = describe_tensor("float32", shape).value();
    ASSERT_TRUE(writer_->publish_copy(
        bytes,
        {.tensor = tensor,
         .captured = CaptureTime{.ns = 123'456'789, .clock = CaptureClock::kTai},
         .source_number = 0,
         .metadata = {.content_type = "application/json", .bytes = bytes_of(json)}},
        0ms));
    const Frame frame = take();
    EXPECT_TRUE(std::ranges::equal(frame.bytes(), bytes));
    EXPECT_TRUE(frame.verify());
    EXPECT_EQ(frame.tensor(), tensor);
    EXPECT_FALSE(frame.image());
    EXPECT_EQ(frame.captured(), (CaptureTime{.ns = 123'456'789, .clock = CaptureClock::kTai}));
    EXPECT_EQ(frame.source_number(), 0u);
    EXPECT_EQ(frame.metadata().content_type, "application/json");
    EXPECT_EQ(text_of(frame.metadata().bytes), json);
}

// NV12 as a camera's buffer has it: rows of 64 bytes, and the pairs on the next page.
TEST_F(FrameNotesInPlace, ExplicitPlanesArrive) {
    ImageDescription image = describe_raw_image(50, 30, "NV12").value();
    image.row_stride_bytes = 64;
    image.plane_count = 2;
    image.planes = {ImagePlane{0, 64}, ImagePlane{4096, 64}};
    auto loan = writer_->loan(image, 1s);
    ASSERT_TRUE(loan) << describe(loan.error());
    EXPECT_EQ(loan->bytes().size(), 4096u + 14 * 64 + 50);
    ASSERT_TRUE(writer_->publish(std::move(*loan)));
    EXPECT_EQ(take().image(), image);
    EXPECT_EQ(inspect_section(section_.address()).value().image, image);
}

// Its planes mean something to its sender and its reader alone.
TEST_F(FrameNotesInPlace, UnknownFormatArrivesWithItsPlanes) {
    ImageDescription image{.width = 64,
                           .height = 32,
                           .row_stride_bytes = 64,
                           .fourcc = fourcc('N', 'E', 'W', '!'),
                           .bits_per_pixel = 12,
                           .plane_count = 3};
    image.planes = {ImagePlane{0, 64}, ImagePlane{3000, 16}, ImagePlane{2048, 16}};
    EXPECT_EQ(writer_->loan(image, 1s).error().code, Code::kUsage) << "of unknown size";
    EXPECT_EQ(writer_->publish_copy(random_bytes(2999), {.image = image}, 0ms).error().code,
              Code::kUsage);
    ASSERT_TRUE(writer_->publish_copy(random_bytes(3000), {.image = image}, 0ms));
    EXPECT_EQ(take().image(), image);
    EXPECT_EQ(inspect_section(section_.address()).value().image, image);
}

TEST_F(FrameNotesInPlace, PlanesPastTheFrameAreNotPublished) {
    ImageDescription image = describe_raw_image(8, 8, "I420").value();
    EXPECT_TRUE(writer_->publish_copy(random_bytes(96), {.image = image}, 0ms));
    EXPECT_FALSE(writer_->publish_copy(random_bytes(95), {.image = image}, 0ms));
    image.plane_count = 3;
    image.planes = {ImagePlane{0, 8}, ImagePlane{80, 4}, ImagePlane{64, 4}};
    EXPECT_TRUE(writer_->publish_copy(random_bytes(96), {.image = image}, 0ms));
    image.planes[2].offset_bytes = 81;
    EXPECT_FALSE(writer_->publish_copy(random_bytes(96), {.image = image}, 0ms));
}

TEST_F(FrameNotesInPlace, FrameThatSaysNothingHasNone) {
    ASSERT_TRUE(writer_->publish_copy(random_bytes(10), {}, 0ms));
    const Frame frame = take();
    EXPECT_FALSE(frame.image() || frame.tensor() || frame.captured() || frame.source_number());
    EXPECT_TRUE(frame.metadata().content_type.empty() && frame.metadata().bytes.empty());
}

TEST_F(FrameNotesInPlace, LoanIsFilledWithMetadataInTheSection) {
    // Sizes at which the notes begin on the frame's last page, and on the next one.
    for (const std::uint64_t frame_bytes : {0U, 1U, 63U, 64U, 4090U, 4096U, 100'000U}) {
        auto loan = writer_->loan(frame_bytes, 1s);
        ASSERT_TRUE(loan);
        std::ranges::fill(loan->bytes(), std::byte{7});
        auto first = loan->add_metadata("text/plain", 65536);
        ASSERT_TRUE(first) << describe(first.error());
        std::ranges::fill(*first, std::byte{1});
        auto second = loan->add_metadata("application/octet-stream", 3);
        ASSERT_TRUE(second);
        std::ranges::copy(bytes_of("abc"), second->begin());
        ASSERT_TRUE(writer_->publish(std::move(*loan)));
        const Frame frame = take();
        ASSERT_EQ(frame.bytes().size(), frame_bytes);
        EXPECT_EQ(std::ranges::count(frame.bytes(), std::byte{7}),
                  static_cast<std::ptrdiff_t>(frame_bytes));
        EXPECT_EQ(frame.metadata().content_type, "application/octet-stream");
        EXPECT_EQ(text_of(frame.metadata().bytes), "abc");
    }
}

TEST_F(FrameNotesInPlace, MetadataThatAreTooLongAreRefusedAndTheLoanIsKept) {
    auto loan = writer_->loan(10, 1s);
    ASSERT_TRUE(loan);
    EXPECT_EQ(loan->add_metadata("a", 65537).error().code, Code::kUsage);
    EXPECT_EQ(loan->add_metadata("\n", 1).error().code, Code::kUsage);
    ASSERT_TRUE(loan->set_metadata({.content_type = "a", .bytes = random_bytes(65536)}));
    ASSERT_TRUE(writer_->publish(std::move(*loan)));
    EXPECT_EQ(loan->add_metadata("a", 1).error().code, Code::kUsage) << "published";
    EXPECT_EQ(take().metadata().bytes.size(), 65536u);
}

TEST_F(FrameNotesInPlace, LargestFrameOfTheSectionHasRoomForItsNotes) {
    writer_->abort(Code::kInterrupted);
    options_.frame_limit_bytes = 5000;
    writer_.emplace(FrameWriter::create(options_).value());
    const Bytes metadata = random_bytes(65536, 2);
    const FrameNotes notes{
        .tensor = describe_tensor("uint8", {}).value(),
        .metadata = {.content_type = std::string_view("x/y"), .bytes = metadata}};
    ASSERT_TRUE(writer_->publish_copy(random_bytes(5000), notes, 0ms));
    EXPECT_EQ(writer_->publish_copy(random_bytes(5001), notes, 0ms).error().code, Code::kUsage);
    EXPECT_TRUE(std::ranges::equal(take().metadata().bytes, metadata));
}

TEST_F(FrameNotesInPlace, SmallFramesWithoutNotesTakeNoMemoryForThem) {
    writer_->abort(Code::kInterrupted);
    options_.frame_limit_bytes = 4096;
    writer_.emplace(FrameWriter::create(options_).value());
    const auto before = inspect_section(section_.address());
    for (int i = 0; i < 8; ++i)
        ASSERT_TRUE(writer_->publish_copy(random_bytes(4096), {}, 0ms));
    const auto after = inspect_section(section_.address());
    ASSERT_TRUE(before && after);
    EXPECT_LE(after->used_bytes - before->used_bytes, 4 * page_bytes());
}

TEST_F(FrameNotesInPlace, DamagedNotesAreRefusedAndTheNextFrameArrives) {
    const Bytes metadata = random_bytes(100);
    const auto publish = [&] {
        return writer_->publish_copy(random_bytes(64), {.metadata = {.bytes = metadata}}, 0ms);
    };
    ASSERT_TRUE(publish());
    const ObjectBytes object(section_.address());
    const auto found = std::ranges::search(object.bytes(), metadata);
    ASSERT_FALSE(found.empty());
    found.front() ^= std::byte{1};
    const auto damaged = reader_->next(5s);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, Code::kCorrupt);
    ASSERT_TRUE(publish());
    EXPECT_EQ(take().sequence(), 1u);
}

TEST_F(FrameNotesInPlace, TensorThatIsLargerThanItsFrameIsRefused) {
    const auto shape = std::array<std::uint64_t, 1>{11};
    const auto tensor = describe_tensor("uint8", shape).value();
    EXPECT_EQ(writer_->publish_copy(random_bytes(10), {.tensor = tensor}, 0ms).error().code,
              Code::kUsage);
    auto loan = writer_->loan(tensor, 0ms);
    ASSERT_TRUE(loan);
    EXPECT_EQ(loan->bytes().size(), 11u);
    EXPECT_EQ(loan->notes().tensor, tensor);
}

TEST_F(FrameNotesInPlace, FramesThatTheSourceLostCountAsMissed) {
    const auto publish = [&] { ASSERT_TRUE(writer_->publish_copy(random_bytes(10), {}, 0ms)); };
    writer_->skip(100);  // before this reader's first frame
    publish();
    EXPECT_EQ(take().missed(), 0u);
    publish();
    EXPECT_EQ(take().missed(), 0u);
    writer_->skip(2);
    publish();
    EXPECT_EQ(take().missed(), 2u);
    writer_->skip(3);
    publish();
    publish();
    const auto newest = reader_->latest(5s);
    ASSERT_TRUE(newest && *newest);
    EXPECT_EQ((*newest)->missed(), 4u) << "three of the source, one of this reader";
}

TEST_F(FrameNotesInPlace, DescriptionIsFoundByReadersAndOnlookersAndMayChange) {
    EXPECT_EQ(reader_->description()->version, 0u);
    EXPECT_EQ(reader_->description_version(), 0u);
    const std::string longest(65536, 'x');
    std::uint64_t version = 0;
    for (const std::string& text : {std::string(R"({"labels": ["cat", "dog"]})"), longest,
                                    std::string(), std::string("last")}) {
        ASSERT_TRUE(writer_->describe(text));
        const auto description = reader_->description();
        ASSERT_TRUE(description) << describe(description.error());
        EXPECT_EQ(description->text, text);
        EXPECT_EQ(description->version, ++version);
        EXPECT_EQ(reader_->description_version(), version);
        EXPECT_EQ(inspect_section(section_.address())->description.text, text);
    }
    EXPECT_EQ(writer_->describe(longest + "x").error().code, Code::kUsage);
}

TEST_F(FrameNotesInPlace, FactsOfTheStreamAreThoseThatTheWriterSet) {
    EXPECT_EQ(reader_->facts(), StreamFacts{});
    const StreamFacts facts{.frame_rate = {.numerator = 30'000, .denominator = 1001},
                            .pixel_aspect = {.numerator = 16, .denominator = 11},
                            .scan = Scan::kTopFieldFirst};
    ASSERT_TRUE(writer_->set_facts(facts));
    EXPECT_EQ(reader_->facts(), facts);
    EXPECT_EQ(inspect_section(section_.address())->facts, facts);
}

TEST_F(FrameNotesInPlace, DamagedDescriptionIsRefused) {
    ASSERT_TRUE(writer_->describe("calibration of camera 17"));
    const ObjectBytes object(section_.address());
    const auto found = std::ranges::search(object.bytes(), bytes_of("camera 17"));
    ASSERT_FALSE(found.empty());
    found.front() ^= std::byte{1};
    EXPECT_EQ(reader_->description().error().code, Code::kCorrupt);
    EXPECT_TRUE(inspect_section(section_.address())->description.text.empty());
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The examples of the headers about frames, and of waiting for several readers. The header of that
// name prints the code between two marks (tests/structure/checks/header_examples.sh).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "headers/in_thread.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/npy.h"
#include "mapferry/reader.h"
#include "mapferry/wait_any.h"
#include "mapferry/writer.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace {

// [image.h]
mapferry::Result<mapferry::ImageDescription> describe_camera() {
    auto image = mapferry::describe_raw_image(1918, 1080, "BGR24");
    if (!image) return image;
    image->row_stride_bytes = 5760;  // this camera's rows have six bytes of padding
    auto sound = mapferry::check_image(*image);
    if (!sound) return std::unexpected(sound.error());
    return image;
}
// [end of image.h]

// [tensor.h]
mapferry::Result<mapferry::TensorDescription> describe_batch(std::uint64_t pictures) {
    const std::array<std::uint64_t, 4> shape = {pictures, 3, 224, 224};
    return mapferry::describe_tensor("float32", shape);
}
// [end of tensor.h]

// [frame_notes.h]
mapferry::Result<void> send_batch(mapferry::FrameWriter& writer,
                                  std::span<const std::byte> numbers,
                                  const mapferry::TensorDescription& tensor) {
    const std::string json = R"({"model": "resnet"})";
    const mapferry::FrameNotes notes{
        .tensor = tensor,
        .captured = mapferry::CaptureTime{.ns = 1'700'000'000'000'000'000,
                                          .clock = mapferry::CaptureClock::kTai},
        .metadata = {.content_type = "application/json",
                     .bytes = std::as_bytes(std::span(json))}};
    auto sequence = writer.publish_copy(numbers, notes, std::chrono::seconds(1));
    return sequence ? mapferry::Result<void>() : std::unexpected(sequence.error());
}
// [end of frame_notes.h]

// [npy.h]
mapferry::Result<std::uint64_t> publish_array(mapferry::FrameWriter& writer,
                                              std::span<const std::byte> file) {
    auto npy = mapferry::read_npy_header(file);
    if (!npy) return std::unexpected(npy.error());
    return writer.publish_copy(file.subspan(npy->header_bytes), {.tensor = npy->tensor},
                               std::chrono::seconds(1));
}
// [end of npy.h]

// [frame_writer.h]
mapferry::Result<void> fade(const std::string& name,
                            const mapferry::ImageDescription& image) {
    auto writer = mapferry::FrameWriter::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    auto came = writer->wait_for_readers(1, std::chrono::seconds(30));
    if (!came) return came;
    for (int shade = 0; shade < 256; ++shade) {
        auto loan = writer->loan(image, std::chrono::seconds(1));  // waits for no reader
        if (!loan) return std::unexpected(loan.error());
        std::ranges::fill(loan->bytes(), std::byte(shade));  // a slot of the section itself
        auto sequence = writer->publish(std::move(*loan));   // costs the same at any size
        if (!sequence) return std::unexpected(sequence.error());
    }
    auto report = writer->close();
    return report ? mapferry::Result<void>() : std::unexpected(report.error());
}
// [end of frame_writer.h]

// [frame_reader.h]
mapferry::Result<std::byte> watch(const std::string& name) {
    auto reader = mapferry::FrameReader::open({.address = {.name = name}});  // waits for it
    if (!reader) return std::unexpected(reader.error());
    std::byte corner = {};
    while (true) {
        auto frame = reader->latest(std::chrono::seconds(5));
        if (!frame) return std::unexpected(frame.error());
        if (!*frame) return corner;     // the writer has ended its stream
        corner = (*frame)->bytes()[0];  // in place: nobody changes it while `frame` lives
    }
}
// [end of frame_reader.h]

// [frame.h]
mapferry::Result<double> next_mean(mapferry::FrameReader& camera) {
    auto frame = camera.next(std::chrono::seconds(5));
    if (!frame) return std::unexpected(frame.error());
    if (!*frame)
        return std::unexpected(
            mapferry::Status{mapferry::Code::kNotFound, "the camera has ended"});
    if ((*frame)->has_checksum()) {
        auto same = (*frame)->verify();
        if (!same) return std::unexpected(same.error());
    }
    double sum = 0;
    for (const std::byte pixel : (*frame)->bytes())  // in the section
        sum += std::to_integer<int>(pixel);
    return sum / static_cast<double>((*frame)->bytes().size());
}
// [end of frame.h]

// [timeout.h]
mapferry::Result<std::optional<mapferry::Frame>> next_frame(mapferry::FrameReader& camera) {
    auto frame = camera.next(std::chrono::seconds(0));  // only looks
    if (frame || frame.error().code != mapferry::Code::kTimedOut) return frame;
    frame = camera.next(std::chrono::milliseconds(100));  // waits no longer than that
    if (frame || frame.error().code != mapferry::Code::kTimedOut) return frame;
    return camera.next(mapferry::kForever);  // waits as long as it takes
}
// [end of timeout.h]

// [wait_any.h]
mapferry::Result<std::string> news_of(mapferry::Reader& files,
                                      mapferry::FrameReader& camera) {
    const mapferry::Waitable readers[] = {files, camera};
    auto which = mapferry::wait_any(readers, std::chrono::seconds(5));
    if (!which) return std::unexpected(which.error());
    if (*which == 0) {
        auto payload = files.try_next();
        if (!payload) return std::unexpected(payload.error());
        return *payload ? (*payload)->name : "the files have ended";
    }
    auto frame = camera.try_latest();
    if (!frame) return std::unexpected(frame.error());
    return *frame ? "a frame" : "the camera has ended";
}
// [end of wait_any.h]

}  // namespace

namespace mapferry::testing {
namespace {

class FrameExamples : public ::testing::Test {
  protected:
    [[nodiscard]] Result<FrameWriter> camera() const {
        return FrameWriter::create(
            {.address = section_.address(), .frame_limit_bytes = 4096});
    }
    [[nodiscard]] Result<FrameReader> viewer() const {
        return FrameReader::open({.address = section_.address()});
    }

    const UniqueSection section_;
    const UniqueSection files_section_;
};

TEST_F(FrameExamples, PaddedRowsAreDescribed) {
    const auto image = describe_camera();
    ASSERT_TRUE(succeeded(image));
    EXPECT_EQ(to_string(*image), "1918x1080 BGR24");
    EXPECT_EQ(image->row_stride_bytes, 5760u);
}

TEST_F(FrameExamples, ViewerSeesTheLastFrameOfTheFade) {
    const auto image = describe_raw_image(64, 48, "GRAY8");
    ASSERT_TRUE(succeeded(image));
    const InThread writer([&] { return fade(section_.name(), *image); });
    const auto corner = watch(section_.name());
    ASSERT_TRUE(succeeded(corner));
    EXPECT_EQ(*corner, std::byte{255});
}

TEST_F(FrameExamples, BatchArrivesWithItsShapeAndItsMetadata) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(succeeded(writer));
    auto reader = viewer();
    ASSERT_TRUE(succeeded(reader));
    const auto tensor = describe_batch(2);
    ASSERT_TRUE(succeeded(tensor));
    EXPECT_EQ(to_string(*tensor), "float32 [2, 3, 224, 224]");
    const Bytes numbers(static_cast<std::size_t>(tensor_bytes(*tensor).value()));
    ASSERT_TRUE(succeeded(send_batch(*writer, numbers, *tensor)));
    const auto frame = reader->next(std::chrono::seconds(5));
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->tensor(), *tensor);
    EXPECT_EQ((*frame)->metadata().content_type, "application/json");
}

TEST_F(FrameExamples, ArrayOfAFileArrivesWithItsShape) {
    auto writer = camera();
    ASSERT_TRUE(succeeded(writer));
    auto reader = viewer();
    ASSERT_TRUE(succeeded(reader));
    const auto tensor = mapferry::describe_tensor("uint8", std::array<std::uint64_t, 1>{3});
    ASSERT_TRUE(succeeded(tensor));
    Bytes file = mapferry::make_npy_header(*tensor).value();
    file.insert(file.end(), 3, std::byte{7});
    ASSERT_TRUE(succeeded(publish_array(*writer, file)));
    const auto frame = reader->next(std::chrono::seconds(5));
    ASSERT_TRUE(frame && *frame);
    EXPECT_EQ((*frame)->tensor(), *tensor);
    EXPECT_EQ((*frame)->bytes().size(), 3u);
}

TEST_F(FrameExamples, MeanIsOfTheNextFrame) {
    auto writer = camera();
    ASSERT_TRUE(succeeded(writer));
    auto reader = viewer();
    ASSERT_TRUE(succeeded(reader));
    const Bytes frame = {std::byte{1}, std::byte{2}, std::byte{6}};
    ASSERT_TRUE(succeeded(writer->publish_copy(frame, {}, std::chrono::seconds(0))));
    EXPECT_EQ(next_mean(*reader), 3.0);
    ASSERT_TRUE(succeeded(writer->close()));
    EXPECT_EQ(next_mean(*reader).error().code, Code::kNotFound);
}

TEST_F(FrameExamples, NextFrameIsWaitedForAsLongAsItTakes) {
    auto writer = camera();
    ASSERT_TRUE(succeeded(writer));
    auto reader = viewer();
    ASSERT_TRUE(succeeded(reader));
    const auto publish = [&] {
        return writer->publish_copy(random_bytes(10), {}, std::chrono::seconds(0));
    };
    ASSERT_TRUE(succeeded(publish()));
    const auto there = next_frame(*reader);
    ASSERT_TRUE(succeeded(there) && *there);
    // This publishes after the end of the second wait, so that the third one is needed.
    const InThread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));  // time itself
        return publish();
    });
    const auto came = next_frame(*reader);
    ASSERT_TRUE(succeeded(came) && *came);
    EXPECT_EQ((*came)->sequence(), 1u);
}

TEST_F(FrameExamples, NewsComesFromEitherReader) {
    auto frames = camera();
    ASSERT_TRUE(succeeded(frames));
    auto files = Writer::create({.address = files_section_.address()});
    ASSERT_TRUE(succeeded(files));
    auto reader = Reader::open({.address = files_section_.address()});
    ASSERT_TRUE(succeeded(reader));
    auto view = viewer();
    ASSERT_TRUE(succeeded(view));
    ASSERT_TRUE(
        succeeded(frames->publish_copy(random_bytes(10), {}, std::chrono::seconds(0))));
    EXPECT_EQ(news_of(*reader, *view), "a frame");
    ASSERT_TRUE(succeeded(files->begin({.name = "a.txt"})));
    ASSERT_TRUE(succeeded(files->flush()));
    EXPECT_EQ(news_of(*reader, *view), "a.txt");
    ASSERT_TRUE(succeeded(frames->close()));
    EXPECT_EQ(news_of(*reader, *view), "the camera has ended");
    files->abort(Code::kUsage);
}

}  // namespace
}  // namespace mapferry::testing

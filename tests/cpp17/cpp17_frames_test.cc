// SPDX-License-Identifier: Apache-2.0
// Frames and buffers through the C++17 interface, compiled as C++17.
#include <cstring>
#include <fstream>
#include <thread>
#include <type_traits>

#include "cpp17/cpp17_names.h"

static_assert(__cplusplus < 202002L, "these tests are C++17");

namespace mapferry_cpp17_tests {
namespace {

static_assert(!std::is_copy_constructible_v<cpp17::Frame>);
static_assert(!std::is_copy_constructible_v<cpp17::FrameLoan>);
static_assert(!std::is_copy_constructible_v<cpp17::BufferLock>);
static_assert(!std::is_copy_constructible_v<cpp17::Buffer>);
static_assert(std::is_nothrow_move_constructible_v<cpp17::Frame>);
static_assert(std::is_nothrow_move_assignable_v<cpp17::BufferLock>);
static_assert(std::is_nothrow_move_constructible_v<cpp17::Reader>);

TEST(Cpp17Frames, PictureInPlacePassesWithAllItSays) {
    const OwnName section;
    cpp17::FrameWriter writer(section.text(), "delivery=each checksum=all");
    writer.set_image(4, 2, "NV12");
    writer.describe_stream("{\"camera\": 7}");
    cpp17::FrameReader reader(section.text());
    auto loan = writer.loan();
    ASSERT_EQ(loan.size(), 12U);
    for (std::uint8_t& byte : loan.bytes())
        byte = 9;
    loan.set_metadata("text/plain", "beside it");
    loan.set_source_number(77);
    loan.set_captured(std::chrono::seconds(3), MAPFERRY_CLOCK_TAI);
    EXPECT_EQ(loan.publish(), 0U);
    EXPECT_FALSE(loan);

    const cpp17::Frame frame = reader.next(cpp17::kNoWait);
    ASSERT_TRUE(frame);
    frame.verify();
    EXPECT_EQ(frame.width(), 4U);
    EXPECT_EQ(frame.height(), 2U);
    EXPECT_EQ(frame.format(), "NV12");
    ASSERT_EQ(frame.plane_count(), 2);
    EXPECT_EQ(frame.plane(1).offset_bytes, 8U);
    EXPECT_EQ(frame.plane(1).rows, 1U);
    EXPECT_EQ(frame.plane(4).rows, 0U);
    EXPECT_EQ(frame.plane_data(1) - frame.data(), 8);
    EXPECT_EQ(frame.plane_data(1)[3], 9);
    EXPECT_EQ(frame.metadata_text(), "beside it");
    EXPECT_EQ(frame.content_type(), "text/plain");
    EXPECT_EQ(frame.value(MAPFERRY_FRAME_SOURCE_NUMBER), 77);
    EXPECT_EQ(frame.value(MAPFERRY_FRAME_CAPTURED_NS), 3'000'000'000);
    EXPECT_EQ(reader.description(), "{\"camera\": 7}");
    EXPECT_FALSE(frame.has_tensor());
    writer.close();
}

TEST(Cpp17Frames, TensorPassesWithItsShape) {
    const OwnName section;
    cpp17::FrameWriter writer(section.text());
    cpp17::FrameReader reader(section.text());
    writer.set_tensor("float32", {2, 3});
    auto loan = writer.loan();
    ASSERT_EQ(loan.size(), 24U);
    const float six[6] = {1, 2, 3, 4, 5, 6};
    std::memcpy(loan.data(), six, sizeof six);
    loan.publish();
    const cpp17::Frame frame = reader.latest();
    EXPECT_EQ(frame.tensor_type(), "float32");
    ASSERT_EQ(frame.shape().size(), 2U);
    EXPECT_EQ(frame.shape()[1], 3);
    EXPECT_EQ(frame.strides_bytes()[0], 12);
    float last = 0;
    std::memcpy(&last, frame.data() + frame.strides_bytes()[0] + 8, sizeof last);
    EXPECT_EQ(last, 6);
    EXPECT_FALSE(frame.has_image());
    writer.end();
}

TEST(Cpp17Frames, FrameOutlivesReaderAndStreamHasAnEnd) {
    const OwnName section;
    cpp17::FrameWriter writer(section.text());
    cpp17::FrameReader reader(section.text());
    EXPECT_FALSE(reader.next(cpp17::kNoWait));
    EXPECT_FALSE(reader.has_ended());
    EXPECT_EQ(writer.publish_copy("kept", 4), 0U);
    cpp17::Frame frame = reader.next();
    writer.end();
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.has_ended());
    reader.close();
    const cpp17::Frame moved = std::move(frame);
    EXPECT_EQ(std::string(moved.bytes().begin(), moved.bytes().end()), "kept");
    char copy[4] = {};
    moved.copy(copy, sizeof copy);
    EXPECT_EQ(std::string(copy, 4), "kept");
}

TEST(Cpp17Frames, PictureIsConvertedAndSaved) {
    const OwnName section;
    const std::string path = ::testing::TempDir() + section.text() + ".png";
    cpp17::FrameWriter writer(section.text());
    cpp17::FrameReader reader(section.text());
    writer.set_image(2, 1, "BGR24");
    const std::uint8_t pixels[6] = {1, 2, 3, 4, 5, 6};
    writer.publish_copy(pixels, sizeof pixels);
    const cpp17::Frame frame = reader.next();
    std::uint8_t rgb[6] = {};
    frame.convert("RGB24", rgb, sizeof rgb);
    EXPECT_EQ(rgb[0], 3);
    EXPECT_EQ(rgb[5], 4);
    frame.save(path);
    const cpp17::Picture picture(path);
    EXPECT_EQ(picture.format(), "BGR24");
    EXPECT_EQ(picture.width(), 2U);
    ASSERT_EQ(picture.size(), sizeof pixels);
    EXPECT_EQ(std::memcmp(picture.data(), pixels, sizeof pixels), 0);
    EXPECT_EQ(std::remove(path.c_str()), 0);
    EXPECT_EQ(cpp17::image_bytes(2, 1, "BGR24"), sizeof pixels);
    writer.end();
}

TEST(Cpp17Frames, NewsWakesAWaitForAnyReader) {
    const OwnName section;
    cpp17::FrameWriter writer(section.text());
    cpp17::FrameReader reader(section.text());
    const std::vector<std::int64_t> handles = {reader.notification_handle()};
    cpp17::Failure failure;
    (void)cpp17::wait_any(handles, cpp17::kNoWait, failure);
    EXPECT_EQ(failure.code, cpp17::Code::kTimedOut);
    writer.publish_copy("news", 4);
    EXPECT_EQ(cpp17::wait_any(handles, cpp17::kForever), 0U);
    writer.end();
}

struct Record {
    std::int32_t count;
    std::int32_t other;
};

TEST(Cpp17Buffer, TwoObjectsCountUnderTheLock) {
    const OwnName section;
    const auto count = [&section] {
        cpp17::Buffer own(section.text(), "size_bytes=8");
        for (int i = 0; i < 500; ++i)
            ++own.lock().as<Record>()->count;
    };
    cpp17::Buffer buffer(section.text(), "size_bytes=8");
    EXPECT_FALSE(buffer.already_existed());
    EXPECT_EQ(buffer.size(), 8U);
    std::thread one(count);
    std::thread other(count);
    one.join();
    other.join();
    std::int32_t found = 0;
    EXPECT_EQ(buffer.read(0, &found, sizeof found), sizeof found);
    EXPECT_EQ(found, 1000);
    buffer.close();
    section.remove();
}

TEST(Cpp17Buffer, LockKeepsItsBufferOpenAndEndsOnce) {
    const OwnName section;
    cpp17::Buffer buffer(section.text(), "size_bytes=4");
    cpp17::Buffer other(section.text());
    EXPECT_TRUE(other.already_existed());
    cpp17::BufferLock lock = buffer.lock();
    buffer.close();
    cpp17::BufferLock moved = std::move(lock);
    EXPECT_FALSE(lock);  // NOLINT(bugprone-use-after-move): that is the test
    cpp17::Failure failure;
    EXPECT_FALSE(other.lock(cpp17::kNoWait, failure));
    EXPECT_EQ(failure.code, cpp17::Code::kTimedOut);
    moved.data()[3] = 5;
    EXPECT_EQ(moved.as<Record>(), nullptr);  // larger than the buffer
    EXPECT_FALSE(moved.previous_holder_died());
    moved.unlock();
    EXPECT_EQ(moved.data(), nullptr);
    EXPECT_EQ(other.lock(cpp17::kNoWait).bytes()[3], 5);
    EXPECT_EQ(other.write(2, "long", 4), 2U);  // as many as there is room for
    other.close();
    section.remove();
}

}  // namespace
}  // namespace mapferry_cpp17_tests

// SPDX-License-Identifier: Apache-2.0
// Frames through the C interface, both sides in one process.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "c/c_handles.h"
#include "support/scratch_folder.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

// A writer and a reader of one section.
class CFrames : public ::testing::Test {
  protected:
    void open(const char* options = nullptr) {
        ASSERT_EQ(mapferry_frame_writer_create(name(), options, nullptr, &writer_.get), MAPFERRY_OK)
            << mapferry_error_message();
        ASSERT_EQ(mapferry_frame_reader_open(name(), nullptr, nullptr, &reader_.get), MAPFERRY_OK)
            << mapferry_error_message();
    }
    [[nodiscard]] const char* name() const { return section_.name().c_str(); }
    [[nodiscard]] std::int32_t publish(const std::string& bytes) const {
        return mapferry_frame_writer_publish_copy(writer_.get, bytes.data(), bytes.size(), 0,
                                                  nullptr);
    }

    UniqueSection section_;
    FrameWriterHandle writer_;
    FrameReaderHandle reader_;
};

TEST_F(CFrames, LoanIsPublishedInPlace) {
    open();
    LoanHandle loan;
    void* data = nullptr;
    ASSERT_EQ(mapferry_frame_writer_loan(writer_.get, 5, 0, &loan.get, &data), MAPFERRY_OK);
    EXPECT_EQ(mapferry_loan_data(loan.get), data);
    EXPECT_EQ(mapferry_loan_size(loan.get), 5U);
    std::memcpy(data, "hello", 5);
    std::uint64_t sequence = 99;
    ASSERT_EQ(mapferry_loan_publish(loan.get, &sequence), MAPFERRY_OK);
    loan.get = nullptr;
    EXPECT_EQ(sequence, 0U);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_EQ(std::string(static_cast<const char*>(mapferry_frame_data(frame.get)),
                          mapferry_frame_size(frame.get)),
              "hello");
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_HAS_CHECKSUM), 0);
    EXPECT_EQ(mapferry_frame_verify(frame.get), MAPFERRY_USAGE);
    EXPECT_STREQ(mapferry_frame_format(frame.get), "");
    EXPECT_STREQ(mapferry_frame_tensor_type(frame.get), "");
    EXPECT_STREQ(mapferry_frame_content_type(frame.get), "");
    EXPECT_EQ(mapferry_frame_metadata(frame.get), nullptr);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_TENSOR_TYPE), -1);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_IMAGE_WIDTH), 0);
    EXPECT_EQ(mapferry_frame_value(frame.get, 4711), MAPFERRY_UNKNOWN_KEY);
    EXPECT_EQ(mapferry_frame_value(frame.get, -1), MAPFERRY_UNKNOWN_KEY);
}

TEST_F(CFrames, NothingIsNoFailure) {
    open();
    FrameHandle frame;
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 0, &frame.get), MAPFERRY_NOTHING);
    EXPECT_EQ(mapferry_frame_reader_latest(reader_.get, 0, &frame.get), MAPFERRY_NOTHING);
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 1, &frame.get), MAPFERRY_TIMED_OUT);
    EXPECT_EQ(mapferry_error_code(), MAPFERRY_TIMED_OUT);
    EXPECT_EQ(frame.get, nullptr);
}

TEST_F(CFrames, EndIsNoFailure) {
    open();
    ASSERT_EQ(publish("x"), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_end(writer_.get), MAPFERRY_OK);
    FrameHandle frame;
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    frame.close();
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 0, &frame.get), MAPFERRY_END);
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_END);
    EXPECT_EQ(mapferry_frame_reader_value(reader_.get, MAPFERRY_FRAME_READER_HAS_ENDED), 1);
    EXPECT_EQ(mapferry_frame_writer_end(writer_.get), MAPFERRY_USAGE);
    EXPECT_EQ(publish("y"), MAPFERRY_USAGE);
}

TEST_F(CFrames, ImageIsDescribedWithItsPlanes) {
    open();
    ASSERT_EQ(mapferry_frame_writer_set_image(writer_.get, 6, 4, "NV12", "range=full matrix=1"),
              MAPFERRY_OK)
        << mapferry_error_message();
    LoanHandle loan;
    ASSERT_EQ(mapferry_frame_writer_loan(writer_.get, 0, 0, &loan.get, nullptr), MAPFERRY_OK);
    EXPECT_EQ(mapferry_loan_size(loan.get), 36U);
    ASSERT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_OK);
    loan.get = nullptr;
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_latest(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_STREQ(mapferry_frame_format(frame.get), "NV12");
    std::array<std::int64_t, 88> values = {};
    ASSERT_EQ(mapferry_frame_values(frame.get, values.data(), 88), MAPFERRY_OK);
    EXPECT_EQ(values[MAPFERRY_IMAGE_WIDTH], 6);
    EXPECT_EQ(values[MAPFERRY_IMAGE_HEIGHT], 4);
    EXPECT_EQ(values[MAPFERRY_IMAGE_BYTES], 36);
    EXPECT_EQ(values[MAPFERRY_IMAGE_RANGE], 2);
    EXPECT_EQ(values[MAPFERRY_IMAGE_MATRIX], 1);
    EXPECT_EQ(values[MAPFERRY_IMAGE_PLANE_COUNT], 2);
    EXPECT_EQ(values[MAPFERRY_IMAGE_PLANE_OFFSET_BYTES(1)], 24);
    EXPECT_EQ(values[MAPFERRY_IMAGE_PLANE_STRIDE_BYTES(1)], 6);
    EXPECT_EQ(values[MAPFERRY_IMAGE_PLANE_ROW_BYTES(1)], 6);
    EXPECT_EQ(values[MAPFERRY_IMAGE_PLANE_ROWS(1)], 2);
    EXPECT_EQ(values[MAPFERRY_IMAGE_PLANE_ROWS(2)], 0);
    for (std::int32_t key = 0; key < 88; ++key)
        EXPECT_EQ(values[static_cast<std::size_t>(key)], mapferry_frame_value(frame.get, key))
            << key;
}

TEST_F(CFrames, FewValuesAreEnough) {
    open();
    ASSERT_EQ(publish("x"), MAPFERRY_OK);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    for (std::int32_t count = 0; count <= 100; ++count) {
        std::vector<std::int64_t> values(static_cast<std::size_t>(count) + 1, 4711);
        ASSERT_EQ(mapferry_frame_values(frame.get, values.data(), count), MAPFERRY_OK);
        EXPECT_EQ(values.back(), 4711) << count;
        EXPECT_EQ(values[0], count > 0 ? 1 : 4711);
    }
    EXPECT_EQ(mapferry_frame_values(frame.get, nullptr, 1), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_frame_values(frame.get, nullptr, -1), MAPFERRY_USAGE);
}

TEST_F(CFrames, NotesOfACopyCountOnce) {
    open();
    const std::int64_t shape[] = {2, 3};
    ASSERT_EQ(mapferry_frame_writer_set_tensor(writer_.get, "float32", shape, 2), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_set_captured(writer_.get, 5, MAPFERRY_CLOCK_TAI), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_set_source_number(writer_.get, UINT64_MAX), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_set_metadata(writer_.get, "text/plain", "note", 4),
              MAPFERRY_OK);
    ASSERT_EQ(publish(std::string(24, 'x')), MAPFERRY_OK);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_STREQ(mapferry_frame_tensor_type(frame.get), "float32");
    EXPECT_STREQ(mapferry_frame_content_type(frame.get), "text/plain");
    EXPECT_EQ(std::memcmp(mapferry_frame_metadata(frame.get), "note", 4), 0);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_CAPTURED_NS), 5);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_CAPTURE_CLOCK), MAPFERRY_CLOCK_TAI);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_HAS_SOURCE_NUMBER), 1);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_SOURCE_NUMBER), -1);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_TENSOR_BYTES), 24);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_TENSOR_STRIDE_BYTES(0)), 12);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_TENSOR_STRIDE_BYTES(1)), 4);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_TENSOR_SHAPE(2)), 0);
    EXPECT_EQ(mapferry_frame_verify(frame.get), MAPFERRY_OK);
    ASSERT_EQ(publish(std::string(24, 'y')), MAPFERRY_OK);
    frame.close();
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_metadata(frame.get), nullptr);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_HAS_SOURCE_NUMBER), 0);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_CAPTURED_NS), 0);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_TENSOR_DIMENSIONS), 2);
}

TEST_F(CFrames, NotesOfACopyThatFailedCountForNoLaterOne) {
    open("frame_limit_bytes=4096");
    ASSERT_EQ(mapferry_frame_writer_set_source_number(writer_.get, 7), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_set_metadata(writer_.get, "text/plain", "note", 4),
              MAPFERRY_OK);
    EXPECT_EQ(publish(std::string(1'000'000, 'x')), MAPFERRY_USAGE);
    ASSERT_EQ(publish("x"), MAPFERRY_OK);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_metadata(frame.get), nullptr);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_HAS_SOURCE_NUMBER), 0);
}

TEST_F(CFrames, MetadataAreWrittenInPlace) {
    open();
    LoanHandle loan;
    ASSERT_EQ(mapferry_frame_writer_loan(writer_.get, 1, 0, &loan.get, nullptr), MAPFERRY_OK);
    void* place = nullptr;
    EXPECT_EQ(mapferry_loan_add_metadata(loan.get, "a\nb", 3, &place), MAPFERRY_USAGE);
    EXPECT_EQ(place, nullptr);
    ASSERT_EQ(mapferry_loan_add_metadata(loan.get, "text/plain", 3, &place), MAPFERRY_OK);
    std::memcpy(place, "abc", 3);
    ASSERT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_OK);
    loan.get = nullptr;
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_METADATA_BYTES), 3);
    EXPECT_EQ(std::memcmp(mapferry_frame_metadata(frame.get), "abc", 3), 0);
}

TEST_F(CFrames, FrameOutlivesItsReaderAndWriter) {
    open();
    ASSERT_EQ(publish("still here"), MAPFERRY_OK);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    reader_.close();
    writer_.close();
    std::string copy(10, '\0');
    EXPECT_EQ(mapferry_frame_copy(frame.get, copy.data(), copy.size()), MAPFERRY_OK);
    EXPECT_EQ(copy, "still here");
    EXPECT_EQ(mapferry_frame_copy(frame.get, copy.data(), 3), MAPFERRY_USAGE);
}

TEST_F(CFrames, LoanOfAClosedWriterCanOnlyBeDropped) {
    open();
    LoanHandle loan;
    void* data = nullptr;
    ASSERT_EQ(mapferry_frame_writer_loan(writer_.get, 8, 0, &loan.get, &data), MAPFERRY_OK);
    writer_.close();
    std::memset(data, 1, 8);
    EXPECT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_USAGE);
    EXPECT_STREQ(mapferry_error_hint(), "drop the loan");
}

TEST_F(CFrames, MemoryOfALoanOutlivesLoanAndWriter) {
    open();
    LoanHandle loan;
    MemoryHandle memory;
    void* data = nullptr;
    ASSERT_EQ(mapferry_frame_writer_loan(writer_.get, 8, 0, &loan.get, &data), MAPFERRY_OK);
    ASSERT_EQ(mapferry_loan_memory(loan.get, &memory.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_OK);
    loan.get = nullptr;
    reader_.close();
    writer_.close();
    std::memset(data, 1, 8);
    EXPECT_EQ(static_cast<char*>(data)[7], 1);
}

TEST_F(CFrames, LoanThatIsNotPublishedIsStillTheCallers) {
    open();
    LoanHandle loan;
    ASSERT_EQ(mapferry_frame_writer_loan(writer_.get, 8, 0, &loan.get, nullptr), MAPFERRY_OK);
    ASSERT_EQ(mapferry_loan_set_image(loan.get, 100, 100, "BGR24", nullptr), MAPFERRY_OK);
    EXPECT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_USAGE);
    ASSERT_EQ(mapferry_loan_set_image(loan.get, 0, 0, nullptr, nullptr), MAPFERRY_OK);
    EXPECT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_OK);
    loan.get = nullptr;
}

TEST_F(CFrames, ReaderHoldsAtMostFour) {
    open("delivery=each");
    for (int i = 0; i < 5; ++i)
        ASSERT_EQ(publish("x"), MAPFERRY_OK);
    std::array<FrameHandle, 5> frames;
    for (std::size_t i = 0; i < 4; ++i)
        ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 0, &frames[i].get), MAPFERRY_OK) << i;
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 0, &frames[4].get), MAPFERRY_USAGE);
    frames[0].close();
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 0, &frames[4].get), MAPFERRY_OK);
}

TEST_F(CFrames, StreamIsDescribed) {
    open();
    BytesHandle text;
    EXPECT_EQ(mapferry_frame_reader_description(reader_.get, &text.get), MAPFERRY_NOTHING);
    ASSERT_EQ(mapferry_frame_writer_describe(writer_.get, "{}"), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_set_facts(writer_.get, "frame_rate=25 pixel_aspect=16/15"),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_writer_set_facts(writer_.get, "frame_rate=25/0"), MAPFERRY_USAGE);
    ASSERT_EQ(mapferry_frame_reader_description(reader_.get, &text.get), MAPFERRY_OK);
    EXPECT_EQ(text_in(text), "{}");
    const auto value = [&](std::int32_t key) {
        return mapferry_frame_reader_value(reader_.get, key);
    };
    EXPECT_EQ(value(MAPFERRY_FRAME_READER_RATE_NUMERATOR), 25);
    EXPECT_EQ(value(MAPFERRY_FRAME_READER_RATE_DENOMINATOR), 1);
    EXPECT_EQ(value(MAPFERRY_FRAME_READER_ASPECT_NUMERATOR), 16);
    EXPECT_EQ(value(MAPFERRY_FRAME_READER_ASPECT_DENOMINATOR), 15);
    EXPECT_EQ(value(MAPFERRY_FRAME_READER_SCAN), MAPFERRY_SCAN_UNKNOWN);
    EXPECT_EQ(value(MAPFERRY_FRAME_READER_DESCRIPTION_VERSION), 1);
    EXPECT_EQ(value(MAPFERRY_SECTION_DELIVERY), MAPFERRY_DELIVERY_LATEST);
    EXPECT_EQ(value(MAPFERRY_SECTION_READER_LIMIT), 16);
}

TEST_F(CFrames, WriterCounts) {
    open("delivery=each");
    ASSERT_EQ(publish("x"), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_skip(writer_.get, 3), MAPFERRY_OK);
    ASSERT_EQ(publish("y"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_writer_value(writer_.get, MAPFERRY_FRAME_WRITER_FRAMES), 2);
    EXPECT_EQ(mapferry_frame_writer_value(writer_.get, MAPFERRY_FRAME_WRITER_READERS), 1);
    EXPECT_EQ(mapferry_frame_writer_check(writer_.get), MAPFERRY_OK);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    frame.close();
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_value(frame.get, MAPFERRY_FRAME_MISSED), 3);
}

TEST_F(CFrames, AbortTellsReadersWhy) {
    ASSERT_EQ(mapferry_frame_writer_create(name(), nullptr, nullptr, &writer_.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_reader_open(name(), "successor_timeout_ms=0", nullptr, &reader_.get),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_writer_abort(writer_.get, 0, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_frame_writer_abort(writer_.get, 17, nullptr), MAPFERRY_USAGE);
    ASSERT_EQ(mapferry_frame_writer_abort(writer_.get, MAPFERRY_IO, "the lens fell off"),
              MAPFERRY_OK);
    FrameHandle frame;
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_PEER_GONE);
    EXPECT_NE(std::string(mapferry_error_message()).find("the lens fell off"), std::string::npos)
        << mapferry_error_message();
}

TEST_F(CFrames, RaisedStopEndsAWait) {
    StopHandle stop;
    ASSERT_EQ(mapferry_stop_new(&stop.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_create(name(), nullptr, nullptr, &writer_.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_reader_open(name(), nullptr, stop.get, &reader_.get), MAPFERRY_OK);
    mapferry_stop_raise(stop.get);
    EXPECT_EQ(mapferry_stop_is_raised(stop.get), 1);
    FrameHandle frame;
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, MAPFERRY_FOREVER, &frame.get),
              MAPFERRY_INTERRUPTED);
    mapferry_stop_lower(stop.get);
    EXPECT_EQ(mapferry_stop_is_raised(stop.get), 0);
    ASSERT_EQ(publish("x"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, MAPFERRY_FOREVER, &frame.get), MAPFERRY_OK);
    // The reader keeps what it needs of the stop.
    stop.close();
    frame.close();
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 1, &frame.get), MAPFERRY_TIMED_OUT);
}

TEST_F(CFrames, NewsAreWaitedForByHandle) {
    open();
    std::int64_t handle = 0;
    ASSERT_EQ(mapferry_frame_reader_notification(reader_.get, &handle), MAPFERRY_OK);
    std::int32_t index = 7;
    EXPECT_EQ(mapferry_wait_any(&handle, 1, 1, &index), MAPFERRY_TIMED_OUT);
    EXPECT_EQ(index, 0);
    ASSERT_EQ(publish("x"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_wait_any(&handle, 1, 60'000, &index), MAPFERRY_OK);
    EXPECT_EQ(mapferry_wait_any(&handle, 0, 0, &index), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_wait_any(&handle, -1, 0, &index), MAPFERRY_USAGE);
    FrameHandle frame;
    EXPECT_EQ(mapferry_frame_reader_next(reader_.get, 0, &frame.get), MAPFERRY_OK);
}

TEST_F(CFrames, FrameIsConvertedAndSaved) {
    open();
    ASSERT_EQ(mapferry_frame_writer_set_image(writer_.get, 2, 2, "BGR24", "row_stride_bytes=8"),
              MAPFERRY_OK);
    ASSERT_EQ(publish(std::string("\x01\x02\x03\x04\x05\x06__\x07\x08\x09\x0a\x0b\x0c__", 16)),
              MAPFERRY_OK);
    FrameHandle frame;
    ASSERT_EQ(mapferry_frame_reader_next(reader_.get, 60'000, &frame.get), MAPFERRY_OK);
    std::string rgb(12, '\0');
    ASSERT_EQ(mapferry_frame_convert(frame.get, "RGB24", nullptr, rgb.data(), rgb.size()),
              MAPFERRY_OK)
        << mapferry_error_message();
    EXPECT_EQ(rgb, "\x03\x02\x01\x06\x05\x04\x09\x08\x07\x0c\x0b\x0a");
    ASSERT_EQ(mapferry_frame_convert(frame.get, "RGB24", "orientation=bottom_up", rgb.data(), 12),
              MAPFERRY_OK);
    EXPECT_EQ(rgb, "\x09\x08\x07\x0c\x0b\x0a\x03\x02\x01\x06\x05\x04");
    EXPECT_EQ(mapferry_frame_convert(frame.get, "RGB24", nullptr, rgb.data(), 11), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_frame_convert(frame.get, "RGB99", nullptr, rgb.data(), 12), MAPFERRY_USAGE);

    const ScratchFolder folder;
    const std::string path = folder.file("frame.png");
    ASSERT_EQ(mapferry_frame_save(frame.get, path.c_str(), nullptr), MAPFERRY_OK)
        << mapferry_error_message();
    EXPECT_EQ(mapferry_frame_save(frame.get, path.c_str(), nullptr), MAPFERRY_CANNOT_CREATE);
    EXPECT_STREQ(mapferry_remedy_name(mapferry_error_remedy()), "replace-output");
    EXPECT_STREQ(mapferry_error_hint(), "replace it: overwrite=replace");
    ASSERT_EQ(mapferry_frame_save(frame.get, path.c_str(), "overwrite=replace"), MAPFERRY_OK);
    PictureHandle picture;
    ASSERT_EQ(mapferry_picture_load(path.c_str(), nullptr, &picture.get), MAPFERRY_OK);
    EXPECT_STREQ(mapferry_picture_format(picture.get), "BGR24");
    EXPECT_EQ(mapferry_picture_value(picture.get, MAPFERRY_IMAGE_WIDTH), 2);
    EXPECT_EQ(mapferry_picture_value(picture.get, MAPFERRY_TENSOR_TYPE), MAPFERRY_UNKNOWN_KEY);
    ASSERT_EQ(mapferry_picture_size(picture.get), 12U);
    EXPECT_EQ(std::memcmp(mapferry_picture_data(picture.get),
                          "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", 12),
              0);
}

}  // namespace
}  // namespace mapferry::testing

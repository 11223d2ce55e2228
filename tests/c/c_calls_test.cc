// SPDX-License-Identifier: Apache-2.0
// What holds for all calls of the C interface: NULL, failures, the last error of each thread.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <thread>

#include "c/c_handles.h"
#include "mapferry/status.h"

namespace mapferry::testing {
namespace {

TEST(CLibrary, SaysItsVersion) {
    EXPECT_EQ(mapferry_version(), MAPFERRY_HEADER_VERSION);
    EXPECT_STREQ(mapferry_version_text(), "0.1.0");
}

TEST(CLibrary, NamesItsCodes) {
    EXPECT_STREQ(mapferry_code_name(MAPFERRY_OK), "ok");
    EXPECT_STREQ(mapferry_code_name(MAPFERRY_END), "end");
    EXPECT_STREQ(mapferry_code_name(MAPFERRY_NOTHING), "nothing");
    for (std::int32_t code = MAPFERRY_USAGE; code <= MAPFERRY_SYSTEM; ++code)
        EXPECT_EQ(mapferry_code_name(code), code_name(Code{static_cast<std::uint8_t>(code)}));
    for (const std::int32_t code : {-3, 17, 257, INT32_MIN, INT32_MAX})
        EXPECT_STREQ(mapferry_code_name(code), "unknown") << code;
}

TEST(CLibrary, NamesItsRemedies) {
    EXPECT_STREQ(mapferry_remedy_name(0), "");
    for (std::int32_t remedy = 1; remedy < static_cast<std::int32_t>(kRemedyCount); ++remedy)
        EXPECT_EQ(mapferry_remedy_name(remedy),
                  remedy_name(Remedy{static_cast<std::uint8_t>(remedy)}));
    EXPECT_STREQ(mapferry_remedy_name(-1), "");
    EXPECT_STREQ(mapferry_remedy_name(static_cast<std::int32_t>(kRemedyCount)), "");
    EXPECT_STREQ(mapferry_remedy_name(256), "");
}

TEST(CErrors, BelongToTheirThread) {
    EXPECT_EQ(mapferry_section_check("a/b"), MAPFERRY_USAGE);
    const std::string message = mapferry_error_message();
    EXPECT_NE(message.find("a/b"), std::string::npos) << message;
    std::thread([] {
        EXPECT_EQ(mapferry_error_code(), MAPFERRY_OK);
        EXPECT_STREQ(mapferry_error_message(), "");
        EXPECT_STREQ(mapferry_error_hint(), "");
        EXPECT_EQ(mapferry_error_os(), 0);
        EXPECT_EQ(mapferry_error_remedy(), 0);
        EXPECT_EQ(mapferry_section_check("c/d"), MAPFERRY_USAGE);
    }).join();
    EXPECT_EQ(mapferry_error_message(), message);
    EXPECT_EQ(mapferry_section_check("fine"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_error_message(), message);
}

TEST(CErrors, AreCutBetweenCharacters) {
    // Two bytes each, behind a message of odd and of even length.
    for (const std::string start : {"file:/nowhere/", "file:/nowhere/x"}) {
        std::string path = start;
        for (int i = 0; i < 600; ++i)
            path += "\xc3\xa4";
        EXPECT_GT(mapferry_section_remove(path.c_str(), nullptr), 0);
        const std::string message = mapferry_error_message();
        EXPECT_GE(message.size(), 510U);
        EXPECT_LE(message.size(), 511U);
        EXPECT_EQ(static_cast<unsigned char>(message.back()), 0xa4);
    }
}

TEST(CErrors, TellTheSystemsNumber) {
    PictureHandle picture;
    EXPECT_EQ(mapferry_picture_load("/nowhere/there is none.png", nullptr, &picture.get),
              MAPFERRY_NOT_FOUND);
    EXPECT_NE(mapferry_error_os(), 0);
    EXPECT_EQ(mapferry_section_check(nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_error_os(), 0);
}

TEST(CNull, IsGivenBackWithoutEffect) {
    mapferry_stop_free(nullptr);
    mapferry_bytes_free(nullptr);
    mapferry_picture_free(nullptr);
    mapferry_frame_release(nullptr);
    mapferry_frame_reader_close(nullptr);
    mapferry_frame_writer_close(nullptr);
    mapferry_loan_drop(nullptr);
    mapferry_memory_free(nullptr);
    mapferry_buffer_close(nullptr);
    mapferry_reader_close(nullptr);
    mapferry_writer_close(nullptr);
    mapferry_stop_raise(nullptr);
    mapferry_stop_lower(nullptr);
    EXPECT_EQ(mapferry_stop_is_raised(nullptr), 0);
}

TEST(CNull, HasNoFacts) {
    EXPECT_STREQ(mapferry_bytes_data(nullptr), "");
    EXPECT_EQ(mapferry_bytes_size(nullptr), 0U);
    EXPECT_EQ(mapferry_picture_data(nullptr), nullptr);
    EXPECT_EQ(mapferry_picture_size(nullptr), 0U);
    EXPECT_EQ(mapferry_picture_value(nullptr, 32), MAPFERRY_UNKNOWN_KEY);
    EXPECT_STREQ(mapferry_picture_format(nullptr), "");
    EXPECT_EQ(mapferry_frame_data(nullptr), nullptr);
    EXPECT_EQ(mapferry_frame_size(nullptr), 0U);
    EXPECT_EQ(mapferry_frame_value(nullptr, 0), MAPFERRY_UNKNOWN_KEY);
    EXPECT_STREQ(mapferry_frame_format(nullptr), "");
    EXPECT_STREQ(mapferry_frame_tensor_type(nullptr), "");
    EXPECT_STREQ(mapferry_frame_content_type(nullptr), "");
    EXPECT_EQ(mapferry_frame_metadata(nullptr), nullptr);
    EXPECT_EQ(mapferry_frame_reader_value(nullptr, 0), MAPFERRY_UNKNOWN_KEY);
    EXPECT_EQ(mapferry_frame_writer_value(nullptr, 0), MAPFERRY_UNKNOWN_KEY);
    EXPECT_EQ(mapferry_loan_data(nullptr), nullptr);
    EXPECT_EQ(mapferry_loan_size(nullptr), 0U);
    EXPECT_EQ(mapferry_buffer_value(nullptr, 0), MAPFERRY_UNKNOWN_KEY);
    EXPECT_EQ(mapferry_buffer_data(nullptr), nullptr);
    EXPECT_STREQ(mapferry_reader_name(nullptr), "");
    EXPECT_STREQ(mapferry_reader_format(nullptr), "");
    EXPECT_STREQ(mapferry_reader_tensor_type(nullptr), "");
    EXPECT_STREQ(mapferry_reader_pair_key(nullptr, 0), "");
    EXPECT_STREQ(mapferry_reader_pair_value(nullptr, 0), "");
    EXPECT_EQ(mapferry_reader_value(nullptr, 0), MAPFERRY_UNKNOWN_KEY);
    EXPECT_STREQ(mapferry_reader_digest(nullptr), "");
    EXPECT_EQ(mapferry_writer_value(nullptr, 0), MAPFERRY_UNKNOWN_KEY);
    EXPECT_STREQ(mapferry_writer_digest(nullptr), "");
    EXPECT_STREQ(mapferry_format_name(nullptr, "mapferry"), "");
    EXPECT_STREQ(mapferry_format_name("BGR24", nullptr), "");
}

TEST(CNull, IsNoPlaceForAResult) {
    EXPECT_EQ(mapferry_stop_new(nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_wait_any(nullptr, 1, 0, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_frame_reader_open("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_frame_writer_create("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_buffer_open("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_reader_open("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_writer_create("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_receive_bytes("x", nullptr, nullptr, 1, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_section_list(nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_section_info("x", nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_section_verify("x", nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_section_collect_garbage("file:x", nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_harmless_file_name("x", nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_picture_load("x", nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_image_bytes(1, 1, "BGR24", nullptr, nullptr), MAPFERRY_USAGE);
}

TEST(CNull, IsNoSectionAndNoName) {
    FrameReaderHandle frames;
    EXPECT_EQ(mapferry_frame_reader_open(nullptr, nullptr, nullptr, &frames.get), MAPFERRY_USAGE);
    FrameWriterHandle frame_writer;
    EXPECT_EQ(mapferry_frame_writer_create(nullptr, nullptr, nullptr, &frame_writer.get),
              MAPFERRY_USAGE);
    BufferHandle buffer;
    EXPECT_EQ(mapferry_buffer_open(nullptr, nullptr, nullptr, &buffer.get), MAPFERRY_USAGE);
    ReaderHandle reader;
    EXPECT_EQ(mapferry_reader_open(nullptr, nullptr, nullptr, &reader.get), MAPFERRY_USAGE);
    WriterHandle writer;
    EXPECT_EQ(mapferry_writer_create(nullptr, nullptr, nullptr, &writer.get), MAPFERRY_USAGE);
    BytesHandle bytes;
    EXPECT_EQ(mapferry_receive_bytes(nullptr, nullptr, nullptr, 1, &bytes.get), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_section_info(nullptr, nullptr, &bytes.get), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_section_verify(nullptr, nullptr, &bytes.get), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_harmless_file_name(nullptr, &bytes.get), MAPFERRY_USAGE);
    EXPECT_EQ(bytes.get, nullptr);
    EXPECT_EQ(mapferry_section_remove(nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_check_file_name(nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_send_bytes(nullptr, nullptr, nullptr, nullptr, "x", 1), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_send_bytes("x", nullptr, nullptr, nullptr, nullptr, 1), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_send_file("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_receive_file("x", nullptr, nullptr, nullptr), MAPFERRY_USAGE);
    PictureHandle picture;
    EXPECT_EQ(mapferry_picture_load(nullptr, nullptr, &picture.get), MAPFERRY_USAGE);
    EXPECT_EQ(
        mapferry_image_convert(1, 1, nullptr, nullptr, "abc", 3, "RGB24", nullptr, nullptr, 0),
        MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_image_save(1, 1, "BGR24", nullptr, "abc", 3, nullptr, nullptr),
              MAPFERRY_USAGE);
}

TEST(CNull, IsNoHandleOfFrames) {
    void* data = nullptr;
    std::int64_t number = 0;
    FrameHandle frame;
    LoanHandle loan;
    BytesHandle text;
    for (const std::int32_t code :
         {mapferry_frame_values(nullptr, &number, 1),
          mapferry_frame_verify(nullptr),
          mapferry_frame_copy(nullptr, &number, 8),
          mapferry_frame_convert(nullptr, "BGR24", nullptr, &number, 8),
          mapferry_frame_save(nullptr, "x.png", nullptr),
          mapferry_frame_reader_next(nullptr, 0, &frame.get),
          mapferry_frame_reader_latest(nullptr, 0, &frame.get),
          mapferry_frame_reader_description(nullptr, &text.get),
          mapferry_frame_reader_notification(nullptr, &number),
          mapferry_frame_writer_wait_for_readers(nullptr, 1, 0),
          mapferry_frame_writer_set_image(nullptr, 1, 1, "BGR24", nullptr),
          mapferry_frame_writer_set_tensor(nullptr, "int8", &number, 0),
          mapferry_frame_writer_set_captured(nullptr, 1, 0),
          mapferry_frame_writer_set_source_number(nullptr, 1),
          mapferry_frame_writer_set_metadata(nullptr, "", "", 0),
          mapferry_frame_writer_publish_copy(nullptr, "x", 1, 0, nullptr),
          mapferry_frame_writer_loan(nullptr, 1, 0, &loan.get, &data),
          mapferry_frame_writer_skip(nullptr, 1),
          mapferry_frame_writer_describe(nullptr, ""),
          mapferry_frame_writer_set_facts(nullptr, nullptr),
          mapferry_frame_writer_check(nullptr),
          mapferry_frame_writer_end(nullptr),
          mapferry_frame_writer_abort(nullptr, 1, nullptr),
          mapferry_loan_set_image(nullptr, 1, 1, "BGR24", nullptr),
          mapferry_loan_set_tensor(nullptr, "int8", &number, 0),
          mapferry_loan_set_captured(nullptr, 1, 0),
          mapferry_loan_set_source_number(nullptr, 1),
          mapferry_loan_set_metadata(nullptr, "", "", 0),
          mapferry_loan_add_metadata(nullptr, "", 0, &data),
          mapferry_loan_publish(nullptr, nullptr)})
        EXPECT_EQ(code, MAPFERRY_USAGE);
    EXPECT_STREQ(mapferry_error_message(), "the handle is NULL");
}

TEST(CNull, IsNoHandleOfPayloadsAndBuffers) {
    void* data = nullptr;
    const void* bytes = nullptr;
    size_t size = 0;
    std::int64_t number = 0;
    BytesHandle text;
    for (const std::int32_t code : {mapferry_buffer_lock(nullptr, 0),
                                    mapferry_buffer_unlock(nullptr),
                                    mapferry_buffer_read(nullptr, 0, &number, 8, &size),
                                    mapferry_buffer_write(nullptr, 0, &number, 8, &size),
                                    mapferry_buffer_check(nullptr),
                                    mapferry_buffer_linger(nullptr, 0, nullptr),
                                    mapferry_reader_next(nullptr, 0),
                                    mapferry_reader_read(nullptr, &number, 8, &size),
                                    mapferry_reader_read_piece(nullptr, &bytes, &size),
                                    mapferry_reader_receive_bytes(nullptr, 1, &text.get),
                                    mapferry_reader_receive_file(nullptr, "x", nullptr),
                                    mapferry_reader_view(nullptr, &bytes, &size),
                                    mapferry_reader_acknowledge(nullptr),
                                    mapferry_reader_leave_out(nullptr, 1),
                                    mapferry_reader_notification(nullptr, &number),
                                    mapferry_reader_end(nullptr),
                                    mapferry_reader_abort(nullptr, 1),
                                    mapferry_writer_wait_for_readers(nullptr, 1, 0),
                                    mapferry_writer_set_image(nullptr, 1, 1, "BGR24", nullptr),
                                    mapferry_writer_set_tensor(nullptr, "int8", &number, 0),
                                    mapferry_writer_add_pair(nullptr, "a", "b"),
                                    mapferry_writer_begin(nullptr, nullptr, 0, nullptr),
                                    mapferry_writer_write(nullptr, "x", 1),
                                    mapferry_writer_write_hole(nullptr, 1),
                                    mapferry_writer_loan(nullptr, &data, &size),
                                    mapferry_writer_publish(nullptr, 1),
                                    mapferry_writer_flush(nullptr),
                                    mapferry_writer_end_payload(nullptr, 0),
                                    mapferry_writer_send_file(nullptr, "x", nullptr),
                                    mapferry_writer_check(nullptr),
                                    mapferry_writer_end(nullptr),
                                    mapferry_writer_linger(nullptr, 0, nullptr),
                                    mapferry_writer_abort(nullptr, 1, nullptr)})
        EXPECT_EQ(code, MAPFERRY_USAGE);
    EXPECT_STREQ(mapferry_error_message(), "the handle is NULL");
}

TEST(CImages, AreMeasured) {
    size_t bytes = 0;
    EXPECT_EQ(mapferry_image_bytes(10, 4, "BGR24", nullptr, &bytes), MAPFERRY_OK);
    EXPECT_EQ(bytes, 120U);
    EXPECT_EQ(mapferry_image_bytes(10, 4, "BGR24", "row_stride_bytes=32", &bytes), MAPFERRY_OK);
    EXPECT_EQ(bytes, 128U);
    EXPECT_EQ(mapferry_image_bytes(10, 4, "yuv420p", "planes=0:16,64:8,80:8", &bytes), MAPFERRY_OK)
        << mapferry_error_message();
    EXPECT_EQ(bytes, 93U);
    for (const char* const options :
         {"row_stride_bytes=29", "planes=0", "planes=0:32,1:2,3:4,5:6,7:8", "planes=0:32,",
          "orientation=sideways", "matrix=256", "width=10"})
        EXPECT_EQ(mapferry_image_bytes(10, 4, "BGR24", options, &bytes), MAPFERRY_USAGE) << options;
    EXPECT_EQ(mapferry_image_bytes(10, 4, "PNG", nullptr, &bytes), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_image_bytes(0, 4, "BGR24", nullptr, &bytes), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_image_bytes(10, 4, "0x33524742", nullptr, &bytes), MAPFERRY_OK);
    EXPECT_EQ(bytes, 120U);
    EXPECT_EQ(mapferry_image_bytes(10, 4, "0x3352474", nullptr, &bytes), MAPFERRY_USAGE);
    EXPECT_EQ(bytes, 0U);
    EXPECT_STREQ(mapferry_format_name("BGR24", "ffmpeg"), "bgr24");
    EXPECT_STREQ(mapferry_format_name("bgr24", "mapferry"), "BGR24");
    EXPECT_STREQ(mapferry_format_name("BGR24", "latin"), "");
    EXPECT_STREQ(mapferry_format_name("nothing", "ffmpeg"), "");
    EXPECT_STREQ(mapferry_format_name("0x20303159", "mapferry"), "GRAY10");  // "Y10 "
    EXPECT_STREQ(mapferry_format_name("0x00000001", "mapferry"), "");
}

TEST(CImages, LevelsAreStretched) {
    const std::uint16_t grey[] = {100, 200};
    std::uint8_t low[2] = {};
    const auto convert = [&](const char* options) {
        return mapferry_image_convert(2, 1, "GRAY16", nullptr, grey, 4, "GRAY8", options, low, 2);
    };
    ASSERT_EQ(convert(nullptr), MAPFERRY_OK) << mapferry_error_message();
    EXPECT_EQ(low[1], 1);
    ASSERT_EQ(convert("levels=auto"), MAPFERRY_OK);
    EXPECT_EQ(low[0], 0);
    EXPECT_EQ(low[1], 255);
    ASSERT_EQ(convert("black=100.0 white=350"), MAPFERRY_OK);
    EXPECT_EQ(low[1], 102);
    for (const char* const options : {"black=1", "white=1", "black=1 white=1", "black=x white=2",
                                      "levels=auto black=1 white=2", "black=inf white=1"})
        EXPECT_EQ(convert(options), MAPFERRY_USAGE) << options;
}

}  // namespace
}  // namespace mapferry::testing

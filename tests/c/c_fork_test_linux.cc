// SPDX-License-Identifier: Apache-2.0
// A child made by fork() can do nothing with handles of its parent, and takes nothing from it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "c/c_handles.h"
#include "support/forked_child.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

void expect_usage(std::int32_t code, const char* call) {
    EXPECT_EQ(code, MAPFERRY_USAGE) << call;
}

TEST(CFork, FramesStayWithTheParent) {
    const UniqueSection section;
    const char* const name = section.name().c_str();
    FrameWriterHandle writer;
    FrameReaderHandle reader;
    FrameHandle frame;
    LoanHandle loan;
    ASSERT_EQ(mapferry_frame_writer_create(name, nullptr, nullptr, &writer.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_reader_open(name, nullptr, nullptr, &reader.get), MAPFERRY_OK);
    const auto publish = [&](const char* byte) {
        return mapferry_frame_writer_publish_copy(writer.get, byte, 1, 0, nullptr);
    };
    ASSERT_EQ(publish("a"), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_reader_next(reader.get, 60'000, &frame.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_writer_loan(writer.get, 1, 0, &loan.get, nullptr), MAPFERRY_OK);
    EXPECT_EQ(failure_in_child([&] {
                  FrameHandle another;
                  expect_usage(mapferry_frame_reader_next(reader.get, 0, &another.get), "next");
                  expect_usage(publish("b"), "publish_copy");
                  expect_usage(mapferry_frame_verify(frame.get), "verify");
                  expect_usage(mapferry_loan_publish(loan.get, nullptr), "publish");
                  expect_usage(mapferry_frame_writer_end(writer.get), "end");
                  (void)mapferry_frame_writer_abort(writer.get, MAPFERRY_IO, "child");
                  loan.close();
                  frame.close();
                  reader.close();
                  writer.close();
              }),
              "");
    // The lease is still there, and so is the name.
    for (int i = 0; i < 40; ++i)
        ASSERT_EQ(publish("c"), MAPFERRY_OK) << mapferry_error_message();
    EXPECT_EQ(std::memcmp(mapferry_frame_data(frame.get), "a", 1), 0);
    EXPECT_TRUE(section.exists());
    EXPECT_EQ(mapferry_loan_publish(loan.get, nullptr), MAPFERRY_OK);
    loan.get = nullptr;
}

TEST(CFork, LockStaysWithTheParent) {
    const UniqueSection section;
    BufferHandle buffer;
    ASSERT_EQ(mapferry_buffer_open(section.name().c_str(), "size_bytes=8", nullptr, &buffer.get),
              MAPFERRY_OK);
    ASSERT_EQ(mapferry_buffer_lock(buffer.get, 0), MAPFERRY_OK);
    EXPECT_EQ(failure_in_child([&] {
                  char byte = 0;
                  expect_usage(mapferry_buffer_read(buffer.get, 0, &byte, 1, nullptr), "read");
                  expect_usage(mapferry_buffer_write(buffer.get, 0, &byte, 1, nullptr), "write");
                  expect_usage(mapferry_buffer_unlock(buffer.get), "unlock");
                  EXPECT_EQ(mapferry_buffer_data(buffer.get), nullptr);
                  buffer.close();
              }),
              "");
    BufferHandle other;
    ASSERT_EQ(mapferry_buffer_open(section.name().c_str(), nullptr, nullptr, &other.get),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_buffer_lock(other.get, 0), MAPFERRY_TIMED_OUT);
    EXPECT_EQ(mapferry_buffer_unlock(buffer.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_buffer_lock(other.get, 0), MAPFERRY_OK);
    other.close();
    buffer.close();
    section.remove();
}

TEST(CFork, PayloadsStayWithTheParent) {
    const UniqueSection section;
    const char* const name = section.name().c_str();
    WriterHandle writer;
    ReaderHandle reader;
    ASSERT_EQ(mapferry_writer_create(name, nullptr, nullptr, &writer.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_reader_open(name, nullptr, nullptr, &reader.get), MAPFERRY_OK);
    EXPECT_EQ(failure_in_child([&] {
                  expect_usage(mapferry_writer_begin(writer.get, nullptr, 1, nullptr), "begin");
                  expect_usage(mapferry_writer_end(writer.get), "end of the writer");
                  expect_usage(mapferry_reader_next(reader.get, 0), "next");
                  expect_usage(mapferry_reader_end(reader.get), "end of the reader");
                  reader.close();
                  writer.close();
              }),
              "");
    ASSERT_EQ(mapferry_writer_begin(writer.get, nullptr, 1, nullptr), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_write(writer.get, "x", 1), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_end_payload(writer.get, 0), MAPFERRY_OK);
    ASSERT_EQ(mapferry_reader_next(reader.get, 60'000), MAPFERRY_OK);
    BytesHandle bytes;
    EXPECT_EQ(mapferry_reader_receive_bytes(reader.get, 1, &bytes.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_reader_acknowledge(reader.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_writer_end(writer.get), MAPFERRY_OK) << mapferry_error_message();
}

}  // namespace
}  // namespace mapferry::testing

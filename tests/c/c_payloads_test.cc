// SPDX-License-Identifier: Apache-2.0
// Payloads, buffers and sections through the C interface, both sides in one process.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include "c/c_handles.h"
#include "support/host.h"
#include "support/scratch_folder.h"
#include "support/unique_name.h"
#include "support/utf8_path.h"

namespace mapferry::testing {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path_of(path), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void make_file(const std::string& path, const std::string& content) {
    std::ofstream(path_of(path), std::ios::binary) << content;
}

std::string quoted_section(const ScratchFolder& folder) {
    return "file:" + folder.file("a section");
}

// A kept section with one payload, in a file, where it stays on every system.
class CKept : public ::testing::Test {
  protected:
    void keep(const std::string& content, const char* options = "delivery=keep") {
        ASSERT_EQ(mapferry_send_bytes(section_.c_str(), options, nullptr, "note.txt",
                                      content.data(), content.size()),
                  MAPFERRY_OK)
            << mapferry_error_message();
    }
    void open(const char* options = nullptr) {
        ASSERT_EQ(mapferry_reader_open(section_.c_str(), options, nullptr, &reader_.get),
                  MAPFERRY_OK)
            << mapferry_error_message();
    }

    ScratchFolder folder_;
    std::string section_ = quoted_section(folder_);
    ReaderHandle reader_;
};

TEST_F(CKept, BytesComeBack) {
    const std::string content("zero \0 inside", 13);
    keep(content, "delivery=keep label=notes text=yes digest=bytes");
    BytesHandle bytes;
    ASSERT_EQ(mapferry_receive_bytes(section_.c_str(), nullptr, nullptr, 13, &bytes.get),
              MAPFERRY_OK)
        << mapferry_error_message();
    EXPECT_EQ(text_in(bytes), content);
    bytes.close();
    EXPECT_EQ(mapferry_receive_bytes(section_.c_str(), nullptr, nullptr, 12, &bytes.get),
              MAPFERRY_IO);
    EXPECT_EQ(bytes.get, nullptr);
    EXPECT_STREQ(mapferry_error_hint(), "raise size_limit");
}

TEST_F(CKept, FileComesBackAndIsNotReplacedUnasked) {
    const std::string source = folder_.file("source");
    make_file(source, std::string(100'000, 'q'));
    ASSERT_EQ(mapferry_send_file(section_.c_str(), "delivery=keep", nullptr, source.c_str()),
              MAPFERRY_OK)
        << mapferry_error_message();
    const std::string target = folder_.file("target");
    ASSERT_EQ(mapferry_receive_file(section_.c_str(), "durability=on_disk preserve=yes", nullptr,
                                    target.c_str()),
              MAPFERRY_OK)
        << mapferry_error_message();
    EXPECT_EQ(content_of(target), std::string(100'000, 'q'));
    EXPECT_EQ(mapferry_receive_file(section_.c_str(), nullptr, nullptr, target.c_str()),
              MAPFERRY_CANNOT_CREATE);
    EXPECT_EQ(mapferry_receive_file(section_.c_str(), "overwrite=replace", nullptr, target.c_str()),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_send_file("never", nullptr, nullptr, folder_.file("missing").c_str()),
              MAPFERRY_NOT_FOUND);
}

TEST_F(CKept, ConsumerRemovesTheSection) {
    keep("once");
    BytesHandle bytes;
    ASSERT_EQ(mapferry_receive_bytes(section_.c_str(), "consume=yes", nullptr, 100, &bytes.get),
              MAPFERRY_OK)
        << mapferry_error_message();
    bytes.close();
    EXPECT_EQ(mapferry_receive_bytes(section_.c_str(), "timeout_ms=0", nullptr, 100, &bytes.get),
              MAPFERRY_NOT_FOUND);
}

TEST_F(CKept, PayloadIsSeenInPlace) {
    keep("in place");
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_EQ(mapferry_reader_next(reader_.get, 60'000), MAPFERRY_OK);
    const void* data = nullptr;
    size_t size = 0;
    ASSERT_EQ(mapferry_reader_view(reader_.get, &data, &size), MAPFERRY_OK);
    EXPECT_EQ(std::string(static_cast<const char*>(data), size), "in place");
}

TEST_F(CKept, PayloadIsReadInSmallPieces) {
    keep("0123456789", "delivery=keep text=yes permission_bits=0o600 mtime_unix_ns=-5");
    ASSERT_NO_FATAL_FAILURE(open());
    EXPECT_STREQ(mapferry_reader_name(reader_.get), "");
    ASSERT_EQ(mapferry_reader_next(reader_.get, 0), MAPFERRY_OK);
    EXPECT_STREQ(mapferry_reader_name(reader_.get), "note.txt");
    const auto value = [&](std::int32_t key) { return mapferry_reader_value(reader_.get, key); };
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_BYTES), 10);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_IS_TEXT), 1);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_HAS_MTIME), 1);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_MTIME_UNIX_NS), -5);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_PERMISSION_BITS), 0600);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_CHUNK_COUNT), -1);
    EXPECT_EQ(value(MAPFERRY_SECTION_DELIVERY), MAPFERRY_DELIVERY_KEEP);
    EXPECT_EQ(mapferry_reader_acknowledge(reader_.get), MAPFERRY_USAGE);
    std::string all;
    char piece[3] = {};
    size_t done = 0;
    std::int32_t code = MAPFERRY_OK;
    while ((code = mapferry_reader_read(reader_.get, piece, sizeof piece, &done)) == MAPFERRY_OK)
        all.append(piece, done);
    EXPECT_EQ(code, MAPFERRY_END);
    EXPECT_EQ(done, 0U);
    EXPECT_EQ(all, "0123456789");
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_CHUNK_COUNT), 1);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_DIGEST_OVER_BYTES), 0);
    EXPECT_EQ(value(MAPFERRY_PAYLOAD_SOURCE_CHANGED), 0);
    EXPECT_EQ(std::strlen(mapferry_reader_digest(reader_.get)), 32U);
    ASSERT_EQ(mapferry_reader_acknowledge(reader_.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_reader_next(reader_.get, 0), MAPFERRY_END);
    EXPECT_EQ(value(MAPFERRY_READER_HAS_ENDED), 1);
    EXPECT_EQ(mapferry_reader_end(reader_.get), MAPFERRY_OK);
}

TEST_F(CKept, SectionIsSeenFromOutside) {
    keep("abc");
    BytesHandle json;
    ASSERT_EQ(mapferry_section_info(section_.c_str(), nullptr, &json.get), MAPFERRY_OK);
    EXPECT_NE(text_in(json).find("\"condition\":\"kept\""), std::string::npos) << text_in(json);
    json.close();
    ASSERT_EQ(mapferry_section_verify(section_.c_str(), nullptr, &json.get), MAPFERRY_OK);
    EXPECT_NE(text_in(json).find("\"name\":\"note.txt\""), std::string::npos) << text_in(json);
    json.close();
    ASSERT_EQ(mapferry_section_collect_garbage(section_.c_str(), nullptr, &json.get), MAPFERRY_OK);
    EXPECT_EQ(text_in(json), "");
    json.close();
    ASSERT_EQ(mapferry_section_remove(section_.c_str(), nullptr), MAPFERRY_OK);
    EXPECT_EQ(mapferry_section_remove(section_.c_str(), nullptr), MAPFERRY_NOT_FOUND);
    EXPECT_EQ(mapferry_section_info(section_.c_str(), nullptr, &json.get), MAPFERRY_NOT_FOUND);
}

TEST(CSections, AreListed) {
    const UniqueSection section;
    FrameWriterHandle writer;
    ASSERT_EQ(mapferry_frame_writer_create(section.name().c_str(), nullptr, nullptr, &writer.get),
              MAPFERRY_OK);
    BytesHandle names;
    ASSERT_EQ(mapferry_section_list(nullptr, &names.get), MAPFERRY_OK);
    EXPECT_NE(("\n" + text_in(names)).find("\n" + section.name() + "\n"), std::string::npos);
    names.close();
    EXPECT_EQ(mapferry_section_list("users=others", &names.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_section_remove(section.name().c_str(), nullptr), MAPFERRY_BUSY);
    EXPECT_STREQ(
        mapferry_error_hint(),
        "stop the writer instead, or remove it all the same: mapferry_section_remove() with "
        "force=yes");
}

TEST(CSections, NamesAreChecked) {
    EXPECT_EQ(mapferry_section_check("camera"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_section_check("global:camera"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_section_check("file:/tmp/a b"), MAPFERRY_OK);
    for (const char* const bad : {"", "-x", "a/b", "a b", "file:", "global:", "global:file:x"})
        EXPECT_EQ(mapferry_section_check(bad), MAPFERRY_USAGE) << bad;
    EXPECT_EQ(mapferry_check_file_name("photo.bmp"), MAPFERRY_OK);
    EXPECT_EQ(mapferry_check_file_name("../x"), MAPFERRY_CANNOT_CREATE);
    BytesHandle name;
    ASSERT_EQ(mapferry_harmless_file_name("../x", &name.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_check_file_name(mapferry_bytes_data(name.get)), MAPFERRY_OK);
}

TEST(CBuffers, BytesAreSharedUnderALock) {
    const UniqueSection section;
    const char* const name = section.name().c_str();
    BufferHandle one;
    BufferHandle other;
    EXPECT_EQ(mapferry_buffer_open(name, nullptr, nullptr, &one.get), MAPFERRY_NOT_FOUND);
    ASSERT_EQ(mapferry_buffer_open(name, "mode=create size_bytes=10", nullptr, &one.get),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_buffer_open(name, "mode=create size_bytes=10", nullptr, &other.get),
              MAPFERRY_CANNOT_CREATE);
    ASSERT_EQ(mapferry_buffer_open(name, "access=read_only", nullptr, &other.get), MAPFERRY_OK);
    EXPECT_EQ(mapferry_buffer_value(one.get, MAPFERRY_BUFFER_ALREADY_EXISTED), 0);
    EXPECT_EQ(mapferry_buffer_value(other.get, MAPFERRY_BUFFER_ALREADY_EXISTED), 1);
    EXPECT_EQ(mapferry_buffer_value(other.get, MAPFERRY_BUFFER_SIZE), 10);
    EXPECT_EQ(mapferry_buffer_value(other.get, MAPFERRY_BUFFER_READ_ONLY), 1);
    EXPECT_EQ(mapferry_buffer_data(one.get), nullptr);
    EXPECT_EQ(mapferry_buffer_unlock(one.get), MAPFERRY_USAGE);
    ASSERT_EQ(mapferry_buffer_lock(one.get, 0), MAPFERRY_OK);
    EXPECT_EQ(mapferry_buffer_lock(one.get, 0), MAPFERRY_USAGE);
    EXPECT_EQ(mapferry_buffer_value(one.get, MAPFERRY_BUFFER_IS_LOCKED), 1);
    EXPECT_EQ(mapferry_buffer_lock(other.get, 1), MAPFERRY_TIMED_OUT);
    std::memcpy(mapferry_buffer_data(one.get), "0123456789", 10);
    ASSERT_EQ(mapferry_buffer_unlock(one.get), MAPFERRY_OK);
    char text[20] = {};
    size_t done = 0;
    ASSERT_EQ(mapferry_buffer_read(other.get, 4, text, sizeof text, &done), MAPFERRY_OK);
    EXPECT_EQ(std::string(text, done), "456789");
    EXPECT_EQ(mapferry_buffer_write(other.get, 0, "x", 1, &done), MAPFERRY_PERMISSION);
    EXPECT_EQ(mapferry_buffer_write(one.get, 9, "xy", 2, &done), MAPFERRY_OK);
    EXPECT_EQ(done, 1U);
    EXPECT_EQ(mapferry_buffer_check(one.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_buffer_lock(other.get, 0), MAPFERRY_OK);
    EXPECT_EQ(static_cast<const char*>(mapferry_buffer_data(other.get))[9], 'x');
    other.close();
    one.close();
    section.remove();
}

TEST(CWriters, LendAndCount) {
    const ScratchFolder folder;
    const std::string section = quoted_section(folder);
    WriterHandle writer;
    ASSERT_EQ(mapferry_writer_create(section.c_str(), "delivery=keep known_bytes=6,3", nullptr,
                                     &writer.get),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_writer_value(writer.get, MAPFERRY_WRITER_PAYLOAD_BYTES), -1);
    EXPECT_STREQ(mapferry_writer_digest(writer.get), "");
    const std::int64_t shape[] = {6};
    ASSERT_EQ(mapferry_writer_set_image(writer.get, 2, 1, "BGR24", nullptr), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_set_tensor(writer.get, "uint8", shape, 1), MAPFERRY_OK);
    EXPECT_EQ(mapferry_writer_add_pair(writer.get, "", "x"), MAPFERRY_USAGE);
    ASSERT_EQ(mapferry_writer_begin(writer.get, nullptr, 6, nullptr), MAPFERRY_OK);
    EXPECT_EQ(mapferry_writer_begin(writer.get, nullptr, 6, nullptr), MAPFERRY_USAGE);
    void* data = nullptr;
    size_t size = 0;
    ASSERT_EQ(mapferry_writer_loan(writer.get, &data, &size), MAPFERRY_OK);
    ASSERT_GE(size, 6U);
    std::memcpy(data, "abcdef", 6);
    ASSERT_EQ(mapferry_writer_publish(writer.get, 6), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_end_payload(writer.get, 1), MAPFERRY_OK);
    EXPECT_EQ(mapferry_writer_value(writer.get, MAPFERRY_WRITER_PAYLOAD_BYTES), 6);
    EXPECT_EQ(mapferry_writer_value(writer.get, MAPFERRY_WRITER_SOURCE_CHANGED), 1);
    ASSERT_EQ(mapferry_writer_begin(writer.get, nullptr, -1, nullptr), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_write_hole(writer.get, 3), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_flush(writer.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_end_payload(writer.get, 0), MAPFERRY_OK);
    EXPECT_EQ(mapferry_writer_check(writer.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_end(writer.get), MAPFERRY_OK) << mapferry_error_message();
    EXPECT_EQ(mapferry_writer_value(writer.get, MAPFERRY_WRITER_PERSISTS), 1);
    std::int32_t ended = 7;
    EXPECT_EQ(mapferry_writer_linger(writer.get, 0, &ended), MAPFERRY_OK);
    EXPECT_EQ(ended, MAPFERRY_LINGER_NOT_NEEDED);
    writer.close();

    ReaderHandle reader;
    ASSERT_EQ(mapferry_reader_open(section.c_str(), nullptr, nullptr, &reader.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_reader_next(reader.get, MAPFERRY_FOREVER), MAPFERRY_OK);
    EXPECT_STREQ(mapferry_reader_format(reader.get), "BGR24");
    EXPECT_STREQ(mapferry_reader_tensor_type(reader.get), "uint8");
    EXPECT_EQ(mapferry_reader_value(reader.get, MAPFERRY_IMAGE_WIDTH), 2);
    BytesHandle bytes;
    ASSERT_EQ(mapferry_reader_receive_bytes(reader.get, 6, &bytes.get), MAPFERRY_OK);
    EXPECT_EQ(text_in(bytes), "abcdef");
    EXPECT_EQ(mapferry_reader_value(reader.get, MAPFERRY_PAYLOAD_SOURCE_CHANGED), 1);
    ASSERT_EQ(mapferry_reader_acknowledge(reader.get), MAPFERRY_OK);
    ASSERT_EQ(mapferry_reader_next(reader.get, 60'000), MAPFERRY_OK);
    EXPECT_STREQ(mapferry_reader_format(reader.get), "");
    const std::string target = folder.file("zeros");
    ASSERT_EQ(mapferry_reader_receive_file(reader.get, target.c_str(), "sparse=never"),
              MAPFERRY_OK);
    EXPECT_EQ(content_of(target), std::string(3, '\0'));
    EXPECT_EQ(mapferry_reader_leave_out(reader.get, MAPFERRY_IO), MAPFERRY_OK);
    EXPECT_EQ(mapferry_reader_abort(reader.get, MAPFERRY_IO), MAPFERRY_OK);
}

TEST(CReaders, WaitForAPayloadWithALimit) {
    const UniqueSection section;
    WriterHandle writer;
    ASSERT_EQ(mapferry_writer_create(section.name().c_str(), nullptr, nullptr, &writer.get),
              MAPFERRY_OK);
    ReaderHandle reader;
    ASSERT_EQ(mapferry_reader_open(section.name().c_str(), nullptr, nullptr, &reader.get),
              MAPFERRY_OK);
    EXPECT_EQ(mapferry_reader_next(reader.get, 0), MAPFERRY_NOTHING);
    EXPECT_EQ(mapferry_reader_next(reader.get, 20), MAPFERRY_TIMED_OUT);
    EXPECT_STREQ(mapferry_error_message(), "no payload came within 20 ms");
    ASSERT_EQ(mapferry_writer_begin(writer.get, "x", 1, nullptr), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_write(writer.get, "x", 1), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_end_payload(writer.get, 0), MAPFERRY_OK);
    EXPECT_EQ(mapferry_reader_next(reader.get, 60'000), MAPFERRY_OK);
    ASSERT_EQ(mapferry_writer_abort(writer.get, MAPFERRY_IO, nullptr), MAPFERRY_OK);
    char byte = 0;
    size_t done = 0;
    std::int32_t code = MAPFERRY_OK;
    while (code == MAPFERRY_OK)
        code = mapferry_reader_read(reader.get, &byte, 1, &done);
    EXPECT_NE(code, MAPFERRY_OK);
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The codes that need a damaged, unfinished or crowded section. The tests of frames, payloads and
// memory reach the others.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "c/c_handles.h"
#include "support/scratch_folder.h"
#include "support/unique_name.h"
#include "support/utf8_path.h"

namespace mapferry::testing {
namespace {

// Replaces the byte at `offset`, counted from the end if it is negative.
void change_byte(const std::string& path, std::streamoff offset, char value) {
    std::fstream file(path_of(path), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(offset, offset < 0 ? std::ios::end : std::ios::beg);
    file.put(value);
    ASSERT_TRUE(file.good());
}

std::string kept_content_of(const std::string& path) {
    std::ifstream file(path_of(path), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A kept section in a file.
class CCodes : public ::testing::Test {
  protected:
    void keep(const std::string& content) {
        ASSERT_EQ(mapferry_send_bytes(section_.c_str(), "delivery=keep", nullptr, nullptr,
                                      content.data(), content.size()),
                  MAPFERRY_OK)
            << mapferry_error_message();
    }
    [[nodiscard]] std::int32_t receive() const {
        BytesHandle bytes;
        return mapferry_receive_bytes(section_.c_str(), "timeout_ms=0", nullptr, 100'000,
                                      &bytes.get);
    }

    ScratchFolder folder_;
    std::string path_ = folder_.file("section");
    std::string section_ = "file:" + path_;
};

TEST_F(CCodes, DamagedPayloadIsCorrupt) {
    const std::string content(5000, 'q');
    keep(content);
    const std::size_t at = kept_content_of(path_).find(content);
    ASSERT_NE(at, std::string::npos);
    change_byte(path_, static_cast<std::streamoff>(at) + 77, 'p');
    EXPECT_EQ(receive(), MAPFERRY_CORRUPT);
    BytesHandle json;
    EXPECT_EQ(mapferry_section_verify(section_.c_str(), nullptr, &json.get), MAPFERRY_CORRUPT);
}

TEST_F(CCodes, EmptyFileIsNotReady) {
    std::ofstream(path_of(path_)) << "";
    BytesHandle json;
    EXPECT_EQ(mapferry_section_info(section_.c_str(), nullptr, &json.get), MAPFERRY_NOT_READY)
        << mapferry_error_message();
}

TEST_F(CCodes, UnfinishedSectionIsStillFilling) {
    WriterHandle writer;
    ASSERT_EQ(mapferry_writer_create(section_.c_str(), "delivery=keep known_bytes=3", nullptr,
                                     &writer.get),
              MAPFERRY_OK);
    BytesHandle json;
    EXPECT_EQ(mapferry_section_verify(section_.c_str(), nullptr, &json.get),
              MAPFERRY_STILL_FILLING);
    writer.close();
}

TEST_F(CCodes, OtherFormatIsAnotherVersion) {
    keep("x");
    constexpr std::streamoff kFormatVersion = 8;  // docs/section_format.md
    change_byte(path_, kFormatVersion, 2);
    EXPECT_EQ(receive(), MAPFERRY_FORMAT_VERSION) << mapferry_error_message();
}

TEST(CCrowd, ReaderWithoutProgressIsEvicted) {
    const UniqueSection section;
    FrameWriterHandle writer;
    FrameReaderHandle reader;
    ASSERT_EQ(mapferry_frame_writer_create(section.name().c_str(),
                                           "delivery=each slot_count=2 stall_timeout_ms=10",
                                           nullptr, &writer.get),
              MAPFERRY_OK);
    ASSERT_EQ(mapferry_frame_reader_open(section.name().c_str(), nullptr, nullptr, &reader.get),
              MAPFERRY_OK);
    for (int i = 0; i < 4; ++i)
        ASSERT_EQ(mapferry_frame_writer_publish_copy(writer.get, "x", 1, 60'000, nullptr),
                  MAPFERRY_OK)
            << mapferry_error_message();
    EXPECT_EQ(mapferry_frame_writer_value(writer.get, MAPFERRY_FRAME_WRITER_READERS_LOST), 1);
    // What is still there may be taken first.
    std::int32_t code = MAPFERRY_OK;
    for (int i = 0; i < 5 && code == MAPFERRY_OK; ++i) {
        FrameHandle frame;
        code = mapferry_frame_reader_next(reader.get, 60'000, &frame.get);
    }
    EXPECT_EQ(code, MAPFERRY_EVICTED);
}

TEST(CCrowd, SlotsThatAreAllLentAreBusy) {
    const UniqueSection section;
    FrameWriterHandle writer;
    LoanHandle loans[4];
    ASSERT_EQ(
        mapferry_frame_writer_create(section.name().c_str(), "slot_count=2", nullptr, &writer.get),
        MAPFERRY_OK);
    std::int32_t code = MAPFERRY_OK;
    for (LoanHandle& loan : loans)
        if (code == MAPFERRY_OK)
            code = mapferry_frame_writer_loan(writer.get, 1, 0, &loan.get, nullptr);
    EXPECT_EQ(code, MAPFERRY_BUSY) << mapferry_error_message();
}

}  // namespace
}  // namespace mapferry::testing

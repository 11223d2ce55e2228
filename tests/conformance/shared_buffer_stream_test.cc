// SPDX-License-Identifier: Apache-2.0
// SharedBufferStream is a standard stream with one position. It never writes only a part.
#include "mapferry/shared_buffer_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iterator>
#include <optional>
#include <string>

#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kSizeBytes = 32;

class BufferStream : public ::testing::Test {
  protected:
    BufferStream() : stream_(open({.size_bytes = kSizeBytes})) {}
    void TearDown() override { section_.remove(); }

    [[nodiscard]] SharedBuffer open(SharedBufferOptions options) const {
        options.address = section_.address();
        auto buffer = options.size_bytes != 0 ? SharedBuffer::open_or_create(options)
                                              : SharedBuffer::open(options);
        if (!buffer) throw std::runtime_error(describe(buffer.error()));
        return std::move(*buffer);
    }
    // The buffer's bytes, with dots for zeros.
    [[nodiscard]] std::string content() {
        std::string text(kSizeBytes, '?');
        EXPECT_EQ(stream_.buffer().read_unlocked(0, std::as_writable_bytes(std::span(text))),
                  kSizeBytes);
        std::ranges::replace(text, '\0', '.');
        return text;
    }

    const UniqueSection section_;
    SharedBufferStream stream_;
};

TEST_F(BufferStream, WhatIsWrittenIsReadByAnother) {
    stream_ << "hello " << 42 << '\n' << std::flush;
    EXPECT_TRUE(stream_.good());
    SharedBufferStream other(open({}));
    std::string word;
    int number = 0;
    other >> word >> number;
    EXPECT_EQ(word, "hello");
    EXPECT_EQ(number, 42);
}

TEST_F(BufferStream, HasOnePositionForBoth) {
    stream_ << "abc";
    EXPECT_EQ(stream_.tellp(), 3);
    EXPECT_EQ(stream_.tellg(), 3);
    stream_.seekg(1);
    EXPECT_EQ(stream_.get(), 'b');
    stream_ << 'X';
    EXPECT_EQ(content().substr(0, 4), "abX.");
    EXPECT_EQ(stream_.tellg(), 3);
}

TEST_F(BufferStream, SeeksFromBeginningPositionAndEnd) {
    stream_.seekp(-3, std::ios::end) << "end";
    EXPECT_EQ(stream_.tellp(), 32);
    stream_.seekp(4) << "x";
    stream_.seekp(2, std::ios::cur) << "y";
    stream_.seekg(0, std::ios::end);
    EXPECT_EQ(stream_.tellg(), 32);
    EXPECT_EQ(content(), "....x..y.....................end");
    EXPECT_TRUE(stream_.good());
}

TEST_F(BufferStream, SeeksNotOutOfTheBuffer) {
    stream_.seekp(7);
    for (const auto& [offset, from] :
         {std::pair<std::streamoff, std::ios::seekdir>{33, std::ios::beg},
          {-1, std::ios::beg},
          {-8, std::ios::cur},
          {26, std::ios::cur},
          {1, std::ios::end},
          {-33, std::ios::end},
          {std::numeric_limits<std::streamoff>::max(), std::ios::cur},
          {std::numeric_limits<std::streamoff>::min(), std::ios::end}}) {
        stream_.seekp(offset, from);
        EXPECT_TRUE(stream_.fail()) << offset;
        stream_.clear();
        EXPECT_EQ(stream_.tellp(), 7);
    }
}

TEST_F(BufferStream, WriteThatDoesNotFitWritesNothingAndFails) {
    stream_.seekp(28);
    stream_.write("12345", 5);
    EXPECT_TRUE((stream_.rdstate() & std::ios::failbit) != 0);
    stream_.clear();
    EXPECT_EQ(stream_.tellp(), 28);
    stream_ << "12345";
    EXPECT_TRUE((stream_.rdstate() & std::ios::failbit) != 0);
    stream_.clear();
    stream_ << 12345;
    EXPECT_TRUE((stream_.rdstate() & std::ios::failbit) != 0);
    EXPECT_EQ(content(), std::string(32, '.'));
    stream_.clear();
    stream_ << "1234";
    EXPECT_TRUE(stream_.good()) << "it fits to the last byte";
    stream_.put('5');
    EXPECT_TRUE(stream_.fail());
    EXPECT_EQ(content().substr(27), ".1234");
}

TEST_F(BufferStream, ReadingEndsWithTheBuffer) {
    stream_.seekp(-2, std::ios::end) << "yz";
    stream_.seekg(-2, std::ios::end);
    std::string rest(10, '?');
    stream_.read(rest.data(), 10);
    EXPECT_EQ(stream_.gcount(), 2);
    EXPECT_TRUE(stream_.eof());
    EXPECT_EQ(rest.substr(0, 3), "yz?");
    stream_.clear();
    EXPECT_EQ(stream_.get(), std::char_traits<char>::eof());
}

TEST_F(BufferStream, PeeksAndPutsBackWithoutWriting) {
    stream_ << "ab";
    stream_.seekg(0);
    EXPECT_EQ(stream_.peek(), 'a');
    EXPECT_EQ(stream_.get(), 'a');
    stream_.unget();
    EXPECT_EQ(stream_.get(), 'a');
    stream_.putback('z');
    EXPECT_TRUE(stream_.fail()) << "another byte than the one that is there";
    stream_.clear();
    EXPECT_EQ(stream_.get(), 'b');
    EXPECT_EQ(content().substr(0, 2), "ab");
    stream_.seekg(0);
    stream_.unget();
    EXPECT_TRUE(stream_.fail()) << "nothing before the beginning";
}

TEST_F(BufferStream, OpenedReadOnlyFailsToWrite) {
    SharedBufferStream reader(open({.access = BufferAccess::kReadOnly}));
    reader << "x";
    EXPECT_TRUE(reader.fail());
    reader.clear();
    EXPECT_EQ(reader.get(), 0);
}

TEST_F(BufferStream, TellsSizeLockAndWhetherItExisted) {
    EXPECT_EQ(stream_.size_bytes(), kSizeBytes);
    EXPECT_FALSE(stream_.buffer().already_existed());
    const auto lock = stream_.buffer().lock(0ms);
    ASSERT_TRUE(lock);
    SharedBufferStream other(open({}));
    EXPECT_TRUE(other.buffer().already_existed());
    EXPECT_FALSE(other.buffer().lock(0ms));
}

TEST_F(BufferStream, ThrowsNothingUnlessAskedTo) {
    EXPECT_NO_THROW(stream_ << std::string(100, 'x'));
    EXPECT_TRUE(stream_.fail());
    stream_.clear();
    stream_.exceptions(std::ios::failbit | std::ios::badbit);
    EXPECT_THROW(stream_ << std::string(100, 'x'), std::ios::failure);
}

}  // namespace
}  // namespace mapferry::testing

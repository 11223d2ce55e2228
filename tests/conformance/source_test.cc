// SPDX-License-Identifier: Apache-2.0
// Sources: what is known about them before they are read.
#include "mapferry/source.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "mapferry/image_probe.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

Bytes small_picture() {
    const std::string text = "P6 2 1 255\nabcdef";
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(SourcePeek, LeavesAFileUnread) {
    const ScratchFolder folder;
    write_file(folder.file("a"), small_picture());
    auto source = Source::open_file(folder.file("a"));
    ASSERT_TRUE(source);
    Bytes bytes(4);
    ASSERT_EQ(source->peek(bytes), 4u);
    EXPECT_EQ(text_of(bytes), "P6 2");
    ASSERT_EQ(source->read(bytes), 4u);
    EXPECT_EQ(text_of(bytes), "P6 2");
    ASSERT_EQ(source->peek(bytes), 4u);
    EXPECT_EQ(text_of(bytes), " 1 2");
}

TEST(SourcePeek, LeavesATextUnread) {
    Source source = Source::from_text("abc");
    Bytes bytes(2);
    ASSERT_EQ(source.peek(bytes), 2u);
    EXPECT_EQ(text_of(bytes), "ab");
    ASSERT_EQ(source.read(bytes), 2u);
    EXPECT_EQ(text_of(bytes), "ab");
    EXPECT_EQ(source.peek(bytes), 1u);
    EXPECT_EQ(source.read(bytes), 1u);
    EXPECT_EQ(source.read(bytes), 0u);
}

TEST(SourceImage, IsWhatProbingFindsAndNothingBefore) {
    const ScratchFolder folder;
    write_file(folder.file("a.ppm"), small_picture());
    auto source = Source::open_file(folder.file("a.ppm"));
    ASSERT_TRUE(source);
    EXPECT_FALSE(source->info().image);
    const auto image = probe_image(*source);
    ASSERT_TRUE(image && *image);
    source->set_image(**image);
    ASSERT_TRUE(source->info().image);
    EXPECT_EQ(source->info().image->width, 2u);
    EXPECT_EQ(source->info().image->fourcc, kFourccPnm);
    Bytes bytes(100);
    EXPECT_EQ(source->read(bytes), small_picture().size());
}

TEST(SourceImage, OfAFileThatIsNoneIsEmpty) {
    const ScratchFolder folder;
    write_file(folder.file("a"), Bytes(10));
    write_file(folder.file("empty"), Bytes());
    for (const char* const name : {"a", "empty"}) {
        auto source = Source::open_file(folder.file(name));
        ASSERT_TRUE(source);
        const auto image = probe_image(*source);
        ASSERT_TRUE(image) << name;
        EXPECT_FALSE(*image) << name;
    }
}

}  // namespace
}  // namespace mapferry::testing

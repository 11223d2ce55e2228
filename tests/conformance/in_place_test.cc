// SPDX-License-Identifier: Apache-2.0
// An output that overwrites an existing file in place: which parts of the file and of its length
// stay, which users may write to it, and what a failure destroys.
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/output_file.h"
#include "support/host.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

using platform::OutputFile;

class InPlace : public ::testing::Test {
  protected:
    void write_over(const Bytes& bytes) {
        auto file = OutputFile::create(path, Overwrite::kInPlace, {});
        ASSERT_TRUE(file) << describe(file.error());
        ASSERT_TRUE((*file)->write(bytes));
        ASSERT_TRUE((*file)->commit({}, Durability::kBuffered));
    }

    ScratchFolder folder;
    std::string path = folder.file("target.bin");
};

TEST_F(InPlace, ShorterPayloadCutsTheFile) {
    write_file(path, random_bytes(300'000));
    const Bytes bytes = random_bytes(123'457);
    write_over(bytes);
    EXPECT_EQ(read_file(path), bytes);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"target.bin"});
}

TEST_F(InPlace, LongerPayloadGrowsTheFile) {
    write_file(path, std::string("old"));
    const Bytes bytes = random_bytes(123'457);
    write_over(bytes);
    EXPECT_EQ(read_file(path), bytes);
}

TEST_F(InPlace, EmptyPayloadEmptiesTheFile) {
    write_file(path, std::string("old"));
    write_over({});
    EXPECT_EQ(read_text(path), "");
}

TEST_F(InPlace, OtherNamesOfTheFileSeeTheNewBytes) {
    write_file(path, std::string("old bytes"));
    std::filesystem::create_hard_link(path, folder.file("other"));
    write_over(bytes_of("new"));
    EXPECT_EQ(read_text(folder.file("other")), "new");
}

TEST_F(InPlace, MissingFileAppearsOnlyWhenItIsWhole) {
    auto file = OutputFile::create(path, Overwrite::kInPlace, {});
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE((*file)->write(bytes_of("new")));
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ((*file)->loss(), "");
    ASSERT_TRUE((*file)->commit({}, Durability::kBuffered));
    EXPECT_EQ(read_text(path), "new");
}

TEST_F(InPlace, SecondWriterOfOneFileIsRefused) {
    write_file(path, std::string("old"));
    const auto first = OutputFile::create(path, Overwrite::kInPlace, {});
    ASSERT_TRUE(first) << describe(first.error());
    const auto second = OutputFile::create(path, Overwrite::kInPlace, {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::kCannotCreate);
}

TEST_F(InPlace, LossIsToldOnceBytesAreOverwritten) {
    write_file(path, std::string("old bytes"));
    auto file = OutputFile::create(path, Overwrite::kInPlace, {});
    ASSERT_TRUE(file) << describe(file.error());
    EXPECT_EQ((*file)->loss(), "");
    ASSERT_TRUE((*file)->write(bytes_of("new")));
    EXPECT_NE((*file)->loss().find("target.bin"), std::string::npos);
    file->reset();
    EXPECT_EQ(read_text(path), "new bytes");
}

TEST_F(InPlace, CommittedFileHasLostNothing) {
    write_file(path, std::string("old"));
    auto file = OutputFile::create(path, Overwrite::kInPlace, {});
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE((*file)->write(bytes_of("new")));
    ASSERT_TRUE((*file)->commit({}, Durability::kBuffered));
    EXPECT_EQ((*file)->loss(), "");
}

TEST_F(InPlace, FolderIsRefused) {
    const auto file = OutputFile::create(folder.path(), Overwrite::kInPlace, {});
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kCannotCreate);
}

}  // namespace
}  // namespace mapferry::testing

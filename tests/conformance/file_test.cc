// SPDX-License-Identifier: Apache-2.0
// The platform's promises about input and output files.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/input_file.h"
#include "platform/output_file.h"
#include "support/host.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

using platform::InputFile;
using platform::OutputFile;

constexpr std::int64_t kSecond = 1'000'000'000;

Bytes read_input(InputFile& file) {
    Bytes all;
    Bytes piece(10'000);
    while (true) {
        const auto ready = file.wait_ready(60'000);
        EXPECT_EQ(ready, true);
        const auto got = file.read(piece);
        if (!got) ADD_FAILURE() << describe(got.error());
        if (!got || *got == 0) return all;
        all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got));
    }
}

// ---- input -------------------------------------------------------------------------------------

TEST(InputFile, OrdinaryFileIsDescribedAndRead) {
    const ScratchFolder folder;
    const std::string path = folder.file("source.bin");
    const Bytes bytes = random_bytes(123'457);
    write_file(path, bytes);
    constexpr std::int64_t kTime = 1'234'567'890 * kSecond + 123'456'789;
    set_mtime_unix_ns(path, kTime);
    set_permission_bits(path, 0640);
    PayloadInfo info;
    auto file = InputFile::open(path, info);
    ASSERT_TRUE(file) << describe(file.error());
    EXPECT_EQ(info.name, "source.bin");
    EXPECT_EQ(info.payload_bytes, bytes.size());
    EXPECT_EQ(info.mtime_unix_ns, kept_unix_ns(kTime));
    EXPECT_EQ(info.permission_bits.has_value(), has_permission_bits());
    EXPECT_EQ(info.permission_bits.value_or(0640), 0640u);
    EXPECT_TRUE(info.source);
    EXPECT_FALSE((*file)->may_block());
    EXPECT_EQ(read_input(**file), bytes);
}

TEST(InputFile, PeekLeavesThePosition) {
    const ScratchFolder folder;
    const std::string path = folder.file("source.bin");
    const Bytes bytes = random_bytes(5000);
    write_file(path, bytes);
    PayloadInfo info;
    auto file = InputFile::open(path, info);
    ASSERT_TRUE(file);
    Bytes beginning(10'000);
    const auto peeked = (*file)->peek(beginning);
    ASSERT_EQ(peeked, 5000u);
    beginning.resize(5000);
    EXPECT_EQ(beginning, bytes);
    EXPECT_EQ(read_input(**file), bytes);
}

TEST(InputFile, BytesAtAnOffsetCountFromWhereTheFileWasOpened) {
    const ScratchFolder folder;
    const std::string path = folder.file("source.bin");
    const Bytes bytes = random_bytes(10'000);
    write_file(path, bytes);
    PayloadInfo info;
    auto file = InputFile::open(path, info);
    ASSERT_TRUE(file);
    constexpr std::size_t kOffset = 7000;
    Bytes piece(5000);
    EXPECT_EQ((*file)->read_at(piece, kOffset), bytes.size() - kOffset);
    EXPECT_TRUE(std::ranges::equal(std::span(piece).first(bytes.size() - kOffset),
                                   std::span(bytes).subspan(kOffset)));
    EXPECT_EQ((*file)->read_at(piece, bytes.size()), 0u);
    ASSERT_TRUE((*file)->skip(kOffset));
    EXPECT_EQ(read_input(**file), Bytes(bytes.begin() + kOffset, bytes.end()));
}

TEST(InputFile, EmptyFileIsKnownToBeEmpty) {
    const ScratchFolder folder;
    const std::string path = folder.file("empty");
    write_file(path, std::string());
    PayloadInfo info;
    auto file = InputFile::open(path, info);
    ASSERT_TRUE(file);
    EXPECT_EQ(info.payload_bytes, 0u);
    EXPECT_TRUE(read_input(**file).empty());
}

TEST(InputFile, KernelFileOfSizeZeroHasAnUnknownSize) {
    const std::string path = "/proc/self/status";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path << " on this system";
    PayloadInfo info;
    auto file = InputFile::open(path, info);
    ASSERT_TRUE(file) << describe(file.error());
    EXPECT_FALSE(info.payload_bytes);
    EXPECT_FALSE(read_input(**file).empty());
}

TEST(InputFile, PipeHasAnUnknownSizeAndMayBlock) {
    if (!has_fifos()) GTEST_SKIP() << "pipes have no names among the files here";
    const ScratchFolder folder;
    const std::string path = folder.file("pipe");
    make_fifo(path);
    const Bytes bytes = random_bytes(300'000);
    std::thread feeder([&] { write_file(path, bytes); });
    PayloadInfo info;
    auto file = InputFile::open(path, info);
    EXPECT_TRUE(file);
    if (file) {
        EXPECT_FALSE(info.payload_bytes);
        EXPECT_TRUE((*file)->may_block());
        EXPECT_EQ(read_input(**file), bytes);
    }
    feeder.join();
}

TEST(InputFile, FolderIsRefused) {
    const ScratchFolder folder;
    PayloadInfo info;
    const auto file = InputFile::open(folder.path(), info);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kNotFound);
    EXPECT_EQ(file.error().remedy, Remedy::kSendArchive);
}

TEST(InputFile, MissingFileIsNotFound) {
    const ScratchFolder folder;
    PayloadInfo info;
    EXPECT_EQ(InputFile::open(folder.file("missing"), info).error().code, Code::kNotFound);
    EXPECT_EQ(InputFile::open(folder.file("no/such/folder"), info).error().code, Code::kNotFound);
}

TEST(InputFile, UnreadableFileIsAPermissionError) {
    const ScratchFolder folder;
    const std::string path = folder.file("secret");
    write_file(path, std::string("x"));
    const LockedAway away(path);
    if (!away.holds()) GTEST_SKIP() << "permissions do not bind the superuser";
    PayloadInfo info;
    EXPECT_EQ(InputFile::open(path, info).error().code, Code::kPermission);
}

// ---- output ------------------------------------------------------------------------------------

TEST(OutputFile, CommittedAppearsWhole) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    const Bytes bytes = random_bytes(1'000'003);
    auto file = OutputFile::create(path, Overwrite::kRefuse, {});
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE((*file)->write(std::span(bytes).first(500'000)));
    EXPECT_FALSE(std::filesystem::exists(path));
    ASSERT_TRUE((*file)->write(std::span(bytes).subspan(500'000)));
    ASSERT_TRUE((*file)->commit({}, Durability::kBuffered));
    EXPECT_EQ(read_file(path), bytes);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"target.bin"});
}

TEST(OutputFile, NeverCommittedLeavesNothing) {
    const ScratchFolder folder;
    {
        auto file = OutputFile::create(folder.file("target.bin"), Overwrite::kRefuse, {});
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->write(random_bytes(10'000)));
    }
    EXPECT_TRUE(folder.names().empty());
}

TEST(OutputFile, NeverCommittedKeepsTheOldFile) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    write_file(path, std::string("old"));
    {
        auto file = OutputFile::create(path, Overwrite::kReplace, {});
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->write(random_bytes(10'000)));
    }
    EXPECT_EQ(read_text(path), "old");
    EXPECT_EQ(folder.names().size(), 1u);
}

TEST(OutputFile, ExistingIsRefused) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    write_file(path, std::string("old"));
    const auto file = OutputFile::create(path, Overwrite::kRefuse, {});
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kCannotCreate);
    EXPECT_EQ(read_text(path), "old");
}

TEST(OutputFile, CreatedMeanwhileIsRefusedAtCommit) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    auto file = OutputFile::create(path, Overwrite::kRefuse, {});
    ASSERT_TRUE(file);
    write_file(path, std::string("somebody else's"));
    const auto committed = (*file)->commit({}, Durability::kBuffered);
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, Code::kCannotCreate);
    file->reset();
    EXPECT_EQ(read_text(path), "somebody else's");
    EXPECT_EQ(folder.names().size(), 1u);
}

TEST(OutputFile, ReplacedKeepsItsPermissionBits) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    write_file(path, std::string("old"));
    set_permission_bits(path, 0604);
    auto file = OutputFile::create(path, Overwrite::kReplace, {});
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write(bytes_of("new")));
    EXPECT_EQ(read_text(path), "old");
    ASSERT_TRUE((*file)->commit({}, Durability::kBuffered));
    EXPECT_EQ(read_text(path), "new");
    EXPECT_EQ(permission_bits(path), has_permission_bits() ? 0604u : 0u);
    EXPECT_EQ(folder.names().size(), 1u);
}

TEST(OutputFile, NewFollowsTheUmask) {
    if (!has_permission_bits()) GTEST_SKIP() << "files have no permission bits here";
    const ScratchFolder folder;
    const UmaskGuard guard(027);
    auto file = OutputFile::create(folder.file("target.bin"), Overwrite::kRefuse, {});
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->commit({}, Durability::kBuffered));
    EXPECT_EQ(permission_bits(folder.file("target.bin")), 0640u);
}

TEST(OutputFile, OfTheSourceItselfIsRefused) {
    const ScratchFolder folder;
    const std::string path = folder.file("source.bin");
    write_file(path, std::string("precious"));
    PayloadInfo info;
    ASSERT_TRUE(InputFile::open(path, info));
    const std::string linked = folder.file("hard-link.bin");
    std::filesystem::create_hard_link(path, linked);
    for (const std::string& target : {path, linked}) {
        const auto file = OutputFile::create(target, Overwrite::kReplace, info.source);
        ASSERT_FALSE(file) << target;
        EXPECT_EQ(file.error().code, Code::kCannotCreate);
    }
    EXPECT_EQ(read_text(path), "precious");
}

TEST(OutputFile, InMissingFolderCannotBeCreated) {
    const ScratchFolder folder;
    const auto file = OutputFile::create(folder.file("no/target"), Overwrite::kRefuse, {});
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kCannotCreate);
}

TEST(OutputFile, InReadOnlyFolderIsAPermissionError) {
    if (is_superuser()) GTEST_SKIP() << "permissions do not bind the superuser";
    if (!has_permission_bits()) GTEST_SKIP() << "folders have no permission bits here";
    const ScratchFolder folder;
    const std::string locked = folder.make_folder("locked");
    set_permission_bits(locked, 0555);
    const auto file = OutputFile::create(locked + "/target", Overwrite::kRefuse, {});
    set_permission_bits(locked, 0755);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kPermission);
}

TEST(OutputFile, OtherThanARegularFileIsRefused) {
    const ScratchFolder folder;
    write_file(folder.file("file"), std::string("old"));
    (void)folder.make_folder("folder");
    std::vector<std::string> names = {"folder", "."};
    if (has_fifos()) {
        make_fifo(folder.file("pipe"));
        names.emplace_back("pipe");
    }
    if (has_symlinks()) {
        make_symlink(folder.file("file"), folder.file("link"));
        make_symlink(folder.file("nothing"), folder.file("dangling"));
        names.insert(names.end(), {"link", "dangling"});
    }
    for (const std::string& name : names) {
        const auto file = OutputFile::create(folder.file(name), Overwrite::kReplace, {});
        ASSERT_FALSE(file) << name;
        EXPECT_EQ(file.error().code, Code::kCannotCreate) << name;
    }
    EXPECT_EQ(read_text(folder.file("file")), "old");
}

TEST(OutputFile, AttributesAreApplied) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    struct Row {
        std::int64_t mtime_unix_ns;
        std::uint32_t bits;
    };
    // The second and the third are before 1970.
    for (const Row row : {Row{1'700'000'000 * kSecond + 999'999'999, 0600},
                          Row{-kSecond - kSecond / 2, 0444}, Row{-1, 0777}, Row{0, 0640}}) {
        auto file = OutputFile::create(path, Overwrite::kReplace, {});
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->write(bytes_of("x")));
        ASSERT_TRUE(
            (*file)->commit({.mtime_unix_ns = row.mtime_unix_ns, .permission_bits = row.bits},
                            Durability::kBuffered));
        EXPECT_EQ(mtime_unix_ns(path), kept_unix_ns(row.mtime_unix_ns));
        EXPECT_EQ(permission_bits(path), has_permission_bits() ? row.bits : 0u);
    }
}

TEST(OutputFile, DurableAppearsWholeAndReplaces) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    for (const Overwrite overwrite : {Overwrite::kRefuse, Overwrite::kReplace}) {
        const Bytes bytes = random_bytes(300'000);
        auto file = OutputFile::create(path, overwrite, {});
        ASSERT_TRUE(file) << describe(file.error());
        ASSERT_TRUE((*file)->write(bytes));
        const auto committed = (*file)->commit({}, Durability::kOnDisk);
        ASSERT_TRUE(committed) << describe(committed.error());
        EXPECT_EQ(read_file(path), bytes);
        EXPECT_EQ(folder.names(), std::vector<std::string>{"target.bin"});
    }
}

TEST(OutputFile, DurableThatWasCreatedMeanwhileIsRefused) {
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    auto file = OutputFile::create(path, Overwrite::kRefuse, {});
    ASSERT_TRUE(file);
    write_file(path, std::string("somebody else's"));
    const auto committed = (*file)->commit({}, Durability::kOnDisk);
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, Code::kCannotCreate);
    file->reset();
    EXPECT_EQ(read_text(path), "somebody else's");
    EXPECT_EQ(folder.names().size(), 1u);
}

TEST(OutputFile, SpecialPermissionBitsAreNotTaken) {
    if (!has_permission_bits()) GTEST_SKIP() << "files have no permission bits here";
    const ScratchFolder folder;
    const std::string path = folder.file("target.bin");
    auto file = OutputFile::create(path, Overwrite::kRefuse, {});
    ASSERT_TRUE(file);
    ASSERT_TRUE(
        (*file)->commit({.mtime_unix_ns = {}, .permission_bits = 06755}, Durability::kBuffered));
    EXPECT_EQ(permission_bits(path), 0755u);
}

TEST(Folder, IsToldFromEverythingElse) {
    const ScratchFolder folder;
    write_file(folder.file("file"), std::string());
    EXPECT_TRUE(platform::is_folder(folder.path()));
    EXPECT_FALSE(platform::is_folder(folder.file("file")));
    EXPECT_FALSE(platform::is_folder(folder.file("missing")));
}

TEST(Folder, BehindALinkIsOne) {
    if (!has_symlinks()) GTEST_SKIP() << "no symbolic links can be made here";
    const ScratchFolder folder;
    make_symlink(folder.path(), folder.file("link"));
    EXPECT_TRUE(platform::is_folder(folder.file("link")));
}

}  // namespace
}  // namespace mapferry::testing

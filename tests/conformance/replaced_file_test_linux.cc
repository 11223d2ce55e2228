// SPDX-License-Identifier: Apache-2.0
// What a new file inherits from the file that it replaces, and how other programs notice the new
// file.
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "mapferry/output.h"
#include "platform/handle.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

// A file "a" to replace; replace() returns the report about what was lost.
class ReplacedFile : public ::testing::Test {
  protected:
    ReplacedFile() { write_file(path_, std::string("old")); }

    [[nodiscard]] std::string replace() const {
        auto output = Output::to_file(path_, Overwrite::kReplace, {});
        EXPECT_TRUE(output && output->write(bytes_of("new")) && output->commit({}));
        EXPECT_EQ(read_text(path_), "new");
        return output ? output->left_out() : "no output";
    }
    [[nodiscard]] struct stat facts() const {
        struct stat found{};
        EXPECT_EQ(::stat(path_.c_str(), &found), 0);
        return found;
    }

    const ScratchFolder folder_;
    const std::string path_ = folder_.file("a");
};

TEST_F(ReplacedFile, WithNothingOfItsOwnLosesNothing) {
    EXPECT_EQ(replace(), "");
}

TEST_F(ReplacedFile, KeepsItsOwnerAndGroup) {
    constexpr uid_t kSomebody = 12'345;
    if (::chown(path_.c_str(), kSomebody, kSomebody + 1) != 0)
        GTEST_SKIP() << "files are given away by the superuser alone";
    ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
    EXPECT_EQ(replace(), "");
    EXPECT_EQ(facts().st_uid, kSomebody);
    EXPECT_EQ(facts().st_gid, kSomebody + 1);
    EXPECT_EQ(facts().st_mode & 0777u, 0640u);
}

TEST_F(ReplacedFile, KeepsItsExtendedAttributes) {
    const std::string value = "blue";
    if (::setxattr(path_.c_str(), "user.colour", value.data(), value.size(), 0) != 0)
        GTEST_SKIP() << "the file system has no extended attributes";
    EXPECT_EQ(replace(), "");
    std::array<char, 10> found{};
    EXPECT_EQ(::getxattr(path_.c_str(), "user.colour", found.data(), found.size()), 4);
    EXPECT_EQ(std::string(found.data()), value);
}

TEST_F(ReplacedFile, KeepsItsAccessControlList) {
    // Version 2; owner rw-, user 1 r--, group ---, mask r--, others ---: linux/posix_acl_xattr.h.
    constexpr std::array<std::uint32_t, 11> kList = {2,   0x6'0001, ~0u, 0x4'0002, 1,  0x0'0004,
                                                     ~0u, 0x4'0010, ~0u, 0x0'0020, ~0u};
    constexpr const char* kName = "system.posix_acl_access";
    if (::setxattr(path_.c_str(), kName, kList.data(), sizeof kList, 0) != 0)
        GTEST_SKIP() << "the file system has no access control lists";
    EXPECT_EQ(replace(), "");
    std::array<std::uint32_t, 11> found{};
    EXPECT_EQ(::getxattr(path_.c_str(), kName, found.data(), sizeof found),
              static_cast<ssize_t>(sizeof found));
    EXPECT_EQ(found, kList);
}

TEST_F(ReplacedFile, WithOtherNamesSaysThatTheyKeepTheOldBytes) {
    std::filesystem::create_hard_link(path_, folder_.file("b"));
    const std::string lost = replace();
    EXPECT_NE(lost.find("hard links"), std::string::npos) << lost;
    EXPECT_NE(lost.find("overwriting the file in place"), std::string::npos) << lost;
    EXPECT_EQ(read_text(folder_.file("b")), "old");
}

TEST_F(ReplacedFile, ThatIsASymbolicLinkSaysWhereItLeads) {
    std::filesystem::create_symlink("a", folder_.file("link"));
    const auto output = Output::to_file(folder_.file("link"), Overwrite::kReplace, {});
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, Code::kCannotCreate);
    EXPECT_NE(output.error().message.find("symbolic link"), std::string::npos);
    EXPECT_NE(output.error().hint.find("\"a\""), std::string::npos) << output.error().hint;
}

// Watches the folder as `inotifywait -e close_write,moved_to` does.
TEST(NewFile, IsSeenWholeUnderItsNameByWhoWatchesTheFolder) {
    const ScratchFolder folder;
    write_file(folder.file("old"), std::string("old"));
    const platform::Handle watch(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    ASSERT_TRUE(watch.valid());
    const int descriptor = static_cast<int>(watch.get());
    ASSERT_GE(::inotify_add_watch(descriptor, folder.path().c_str(), IN_CLOSE_WRITE | IN_MOVED_TO),
              0);
    for (const char* const name : {"new", "old"}) {
        auto output = Output::to_file(folder.file(name), Overwrite::kReplace, {});
        ASSERT_TRUE(output && output->write(bytes_of("whole")) && output->commit({}));
        std::vector<std::string> seen;
        alignas(inotify_event) std::array<char, 4096> events{};
        const ssize_t got = ::read(descriptor, events.data(), events.size());
        for (ssize_t at = 0; at < got;) {
            const auto* const event = reinterpret_cast<const inotify_event*>(events.data() + at);
            seen.emplace_back(event->name);
            at += static_cast<ssize_t>(sizeof *event + event->len);
        }
        EXPECT_NE(std::ranges::find(seen, name), seen.end()) << name;
    }
}

}  // namespace
}  // namespace mapferry::testing

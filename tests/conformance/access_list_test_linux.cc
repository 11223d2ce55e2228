// SPDX-License-Identifier: Apache-2.0
// Access lists of files (acl(5)), which let in users whom the mode does not show.
#include <sys/xattr.h>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/sharing.h"
#include "support/host.h"
#include "support/scratch_folder.h"

namespace mapferry::testing {
namespace {

constexpr std::uint32_t kNobody = 65534;
constexpr std::uint32_t kNoAccount = 0xFFFF'FFFF;
constexpr std::uint16_t kAll = 7;

struct Entry {
    std::uint16_t tag;
    std::uint16_t rights;
    std::uint32_t account;
};

// As in the kernel's posix_acl_xattr.h: owner, user nobody, group, mask, others.
struct List {
    std::uint32_t version = 2;
    std::array<Entry, 5> entries = {{{0x01, kAll, kNoAccount},
                                     {0x02, kAll, kNobody},
                                     {0x04, kAll, kNoAccount},
                                     {0x10, kAll, kNoAccount},
                                     {0x20, 0, kNoAccount}}};
};

class AccessListTest : public ::testing::Test {
  protected:
    void SetUp() override {
        const List list;
        if (::setxattr(folder_.file("").c_str(), "system.posix_acl_default", &list, sizeof list,
                       0) != 0)
            GTEST_SKIP() << "this file system has no access lists";
    }

    [[nodiscard]] Result<SharedBuffer> make(Sharing sharing = {}) const {
        SectionAddress address = address_;
        address.sharing = std::move(sharing);
        return SharedBuffer::create({.address = address, .size_bytes = 1});
    }

    [[nodiscard]] bool has_list() const {
        return ::getxattr(address_.backing_path.c_str(), kAccess, nullptr, 0) > 0;
    }

    static constexpr const char* kAccess = "system.posix_acl_access";
    const ScratchFolder folder_;
    const SectionAddress address_{.name = "", .backing_path = folder_.file("section")};
};

TEST_F(AccessListTest, OfTheFolderLetsNobodyIntoASharedSection) {
    ASSERT_TRUE(make(parse_sharing(group_of_this_user()).value()));
    EXPECT_FALSE(has_list());
    EXPECT_TRUE(SharedBuffer::open({.address = address_}));
}

// The mode 0600 makes all entries of its list void.
TEST_F(AccessListTest, OfTheFolderLetsNobodyIntoASectionOfOneUser) {
    ASSERT_TRUE(make());
    EXPECT_EQ(permission_bits(address_.backing_path), 0600u);
    EXPECT_TRUE(SharedBuffer::open({.address = address_}));
}

TEST_F(AccessListTest, OfASharedSectionIsRefused) {
    ASSERT_TRUE(make(parse_sharing(group_of_this_user()).value()));
    List list;
    list.entries[0].rights = list.entries[1].rights = list.entries[2].rights =
        list.entries[3].rights = 6;
    ASSERT_EQ(::setxattr(address_.backing_path.c_str(), kAccess, &list, sizeof list, 0), 0);
    ASSERT_EQ(permission_bits(address_.backing_path), 0660u);
    const auto opened = SharedBuffer::open({.address = address_});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kPermission);
    EXPECT_NE(opened.error().hint.find("setfacl -b"), std::string::npos) << opened.error().hint;
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// Sections that are shared, as far as one user can see it. tests/worlds has several.
#include "mapferry/sharing.h"

#include <gtest/gtest.h>

#include <string>

#include "conformance/either_backing.h"
#include "format/layout.h"
#include "mapferry/inspect.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "platform/role_lock.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kSharedBytes = 4096;

class SharedWithGroup : public EitherBacking {
  protected:
    void SetUp() override {
        if (GetParam() == Backing::kFile && !can_tell_who_opens_files())
            GTEST_SKIP() << "access lists of files can't be read back here";
    }
    void TearDown() override { (void)remove_section(address(), RemovePolicy::kAnyway); }

    [[nodiscard]] SectionAddress shared_address() const {
        SectionAddress shared = address();
        shared.sharing = parse_sharing(group_of_this_user()).value();
        return shared;
    }
};

INSTANTIATE_TEST_SUITE_P(Each, SharedWithGroup, ::testing::Values(Backing::kMemory, Backing::kFile),
                         backing_name);

TEST_P(SharedWithGroup, UnderAnyUmaskIsForTheOwnerAndTheGroup) {
    const SectionAddress shared = shared_address();
    for (std::uint32_t mask = 0; mask <= 0777; mask += 7) {
        const UmaskGuard guard(mask);
        auto object = platform::create_object(shared, kSharedBytes);
        ASSERT_TRUE(object) << describe(object.error());
        ASSERT_TRUE(is_shared_with(*object, shared.sharing)) << mask;
        ASSERT_TRUE(platform::publish_object(*object));
        ASSERT_TRUE(is_shared_with(open_object(), shared.sharing)) << mask;
        ASSERT_TRUE(platform::unlink_object(*object));
    }
}

// Its owner says nothing, or something else.
TEST_P(SharedWithGroup, IsUsedByItsOwnerInAnyCase) {
    const auto made = SharedBuffer::create({.address = shared_address(), .size_bytes = 1});
    ASSERT_TRUE(made) << describe(made.error());
    SectionAddress other = address();
    other.sharing = {.with = ShareWith::kUser, .account = "nobody", .id = "4711"};
    for (const SectionAddress& place : {address(), other}) {
        EXPECT_TRUE(SharedBuffer::open({.address = place}));
        const auto report = inspect_section(place);
        ASSERT_TRUE(report) << describe(report.error());
        EXPECT_EQ(report->owner, "");
        EXPECT_TRUE(report->shared_with.starts_with("group ")) << report->shared_with;
    }
}

TEST_P(SharedWithGroup, OfAnotherUserIsOpenedOnlyIfThatOneIsNamed) {
    auto object = platform::create_object(shared_address(), kSharedBytes);
    ASSERT_TRUE(object) << describe(object.error());
    ASSERT_TRUE(platform::publish_object(*object));
    SectionAddress named = address();
    named.sharing = parse_sharing(another_user()).value();
    if (!give_away(*object, named.sharing)) {
        (void)platform::unlink_object(*object);
        GTEST_SKIP() << "this user may give nothing away";
    }
    EXPECT_TRUE(platform::open_object(named));
    SectionAddress other = named;
    other.sharing.id += "1";
    for (const SectionAddress& place : {address(), other}) {
        const auto opened = platform::open_object(place);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Code::kPermission);
    }
    EXPECT_TRUE(platform::unlink_object(*platform::open_object(named)));
}

TEST_P(SharedWithGroup, CantBeMadeWithoutTheGroupsNumber) {
    SectionAddress shared = address();
    shared.sharing = {.with = ShareWith::kGroup, .account = "video", .id = ""};
    const auto made = SharedBuffer::create({.address = shared, .size_bytes = 1});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::kUsage);
    EXPECT_FALSE(inspect_section(address()));
}

// A process that may use the section can hold any role as long as it likes.
TEST_P(SharedWithGroup, IsRemovedByForceWhoeverHoldsItsRoles) {
    if (GetParam() == Backing::kFile || !has_object_files())
        GTEST_SKIP() << "only names in /dev/shm are removed without a role";
    ASSERT_TRUE(SharedBuffer::create({.address = shared_address(), .size_bytes = 1}));
    const auto object = open_object();
    const auto role = platform::try_lock_role(object, layout::kRoleRemover);
    ASSERT_TRUE(role);
    EXPECT_TRUE(remove_section(address(), RemovePolicy::kAnyway));
    EXPECT_EQ(inspect_section(address()).error().code, Code::kNotFound);
}

TEST(ParseSharing, KnowsWhatWasMeant) {
    const auto group = parse_sharing(group_of_this_user());
    ASSERT_TRUE(group) << describe(group.error());
    EXPECT_EQ(group->with, ShareWith::kGroup);
    EXPECT_EQ(group->id, group->account);
    EXPECT_EQ(to_string(*group), "group " + group->account);
    EXPECT_EQ(to_string(Sharing{}), "");
    const auto user = parse_sharing("user:" + group->account);
    ASSERT_TRUE(user) << describe(user.error());
    EXPECT_EQ(user->with, ShareWith::kUser);
    EXPECT_EQ(to_string(*user), "user " + group->account);
}

TEST(ParseSharing, OfAnythingElseIsWrongUsage) {
    for (const char* text : {"", "video", "group", "group:", "user:", ":44", "Group:44",
                             "groups:44", "group 44", "group:-1", "group:4294967295",
                             "group:4294967296", "group:44 ", "user:0x1", "group:no such group"}) {
        const auto sharing = parse_sharing(text);
        ASSERT_FALSE(sharing) << text;
        EXPECT_EQ(sharing.error().code, Code::kUsage) << text;
        EXPECT_FALSE(sharing.error().hint.empty()) << text;
    }
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// The platform's promises about roles: they alone show which processes live.
#include <gtest/gtest.h>

#include <optional>

#include "conformance/either_backing.h"
#include "format/layout.h"
#include "mapferry/section_info.h"
#include "platform/role_lock.h"

namespace mapferry::testing {
namespace {

using layout::kReaderLimit;
using layout::kRoleReaderBase;
using layout::kRoleWriter;

class RoleLock : public EitherBacking {
  protected:
    void SetUp() override { object_ = make_object(4096); }
    void TearDown() override { (void)platform::unlink_object(object_); }

    // Starts a process that has the role. The end of its standard input makes it leave.
    [[nodiscard]] ChildProcess start_holder(std::uint32_t role) const {
        ChildProcess holder = start_peer("hold-role", std::to_string(role));
        std::array<std::byte, 5> said{};
        EXPECT_NE(holder.read_output(said), 0u) << holder.errors();
        return holder;
    }

    platform::SharedObject object_;
};

INSTANTIATE_TEST_SUITE_P(Each, RoleLock, ::testing::Values(Backing::kMemory, Backing::kFile),
                         backing_name);

TEST_P(RoleLock, FreeIsNotHeld) {
    EXPECT_EQ(platform::role_is_held(object_, kRoleWriter), false);
    EXPECT_FALSE(platform::RoleLock().held());
}

TEST_P(RoleLock, HeldIsBusyForEveryOtherOpening) {
    const platform::SharedObject other = open_object();
    const auto mine = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_TRUE(mine) << describe(mine.error());
    EXPECT_TRUE(mine->held());
    EXPECT_EQ(platform::role_is_held(other, kRoleWriter), true);
    EXPECT_EQ(platform::role_is_held(object_, kRoleWriter), false)
        << "one's own lock is no other's";
    const auto theirs = platform::try_lock_role(other, kRoleWriter);
    ASSERT_FALSE(theirs);
    EXPECT_EQ(theirs.error().code, Code::kBusy);
}

// A reader of a buffer does this where it may not write: it waits for writers, and writers wait for
// it.
TEST_P(RoleLock, OfOneThatMayOnlyReadExcludesWriters) {
    platform::SharedObject reader = open_object();
    reader.access = platform::Access::kRead;
    auto part = platform::try_lock_role(reader, kRoleWriter);
    ASSERT_TRUE(part) << describe(part.error());
    const auto refused = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kBusy);
    part->release();
    const auto mine = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_TRUE(mine) << describe(mine.error());
    const auto waits = platform::try_lock_role(reader, kRoleWriter);
    ASSERT_FALSE(waits);
    EXPECT_EQ(waits.error().code, Code::kBusy);
}

TEST_P(RoleLock, RolesAreIndependent) {
    const platform::SharedObject other = open_object();
    const auto writer = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_TRUE(writer);
    for (const std::uint32_t role : {layout::kRoleRemover, layout::kRoleConsumer, kRoleReaderBase,
                                     kRoleReaderBase + kReaderLimit - 1}) {
        EXPECT_EQ(platform::role_is_held(other, role), false) << role;
        EXPECT_TRUE(platform::try_lock_role(other, role)) << role;
    }
}

TEST_P(RoleLock, DestroyedIsFreeAgain) {
    const platform::SharedObject other = open_object();
    {
        const auto mine = platform::try_lock_role(object_, kRoleWriter);
        ASSERT_TRUE(mine);
    }
    EXPECT_EQ(platform::role_is_held(other, kRoleWriter), false);
    EXPECT_TRUE(platform::try_lock_role(other, kRoleWriter));
}

TEST_P(RoleLock, ReleasedIsFreeAgain) {
    const platform::SharedObject other = open_object();
    auto mine = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_TRUE(mine);
    mine->release();
    EXPECT_FALSE(mine->held());
    EXPECT_EQ(platform::role_is_held(other, kRoleWriter), false);
}

TEST_P(RoleLock, MovedIsHeldByItsNewOwner) {
    const platform::SharedObject other = open_object();
    auto mine = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_TRUE(mine);
    {
        const platform::RoleLock moved = std::move(*mine);
        EXPECT_TRUE(moved.held());
        EXPECT_EQ(platform::role_is_held(other, kRoleWriter), true);
    }
    EXPECT_EQ(platform::role_is_held(other, kRoleWriter), false);
}

TEST_P(RoleLock, ClosingAnotherOpeningDoesNotFreeIt) {
    const platform::SharedObject other = open_object();
    const auto mine = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_TRUE(mine);
    {
        const platform::SharedObject third = open_object();
    }  // the point where POSIX record locks would be lost
    EXPECT_EQ(platform::role_is_held(other, kRoleWriter), true);
}

TEST_P(RoleLock, OfAnotherProcessIsSeen) {
    ChildProcess holder = start_holder(kRoleWriter);
    EXPECT_EQ(platform::role_is_held(object_, kRoleWriter), true);
    const auto lock = platform::try_lock_role(object_, kRoleWriter);
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code, Code::kBusy);
    holder.close_input();
    EXPECT_EQ(holder.wait(), exited(0));
    EXPECT_EQ(platform::role_is_held(object_, kRoleWriter), false);
}

TEST_P(RoleLock, EndsWithItsProcess) {
    ChildProcess holder = start_holder(kRoleReaderBase + 5);
    EXPECT_EQ(platform::role_is_held(object_, kRoleReaderBase + 5), true);
    holder.send(Signal::kKill);
    EXPECT_EQ(holder.wait(), ended_by(Signal::kKill));
    EXPECT_EQ(platform::role_is_held(object_, kRoleReaderBase + 5), false);
    EXPECT_TRUE(platform::try_lock_role(object_, kRoleReaderBase + 5));
}

TEST_P(RoleLock, StaysWithAStoppedProcess) {
    ChildProcess holder = start_holder(kRoleWriter);
    holder.send(Signal::kStop);
    EXPECT_EQ(platform::role_is_held(object_, kRoleWriter), true);
    holder.send(Signal::kKill);
    EXPECT_EQ(holder.wait(), ended_by(Signal::kKill));
}

TEST_P(RoleLock, HoldsBeforePublication) {
    ASSERT_TRUE(platform::unlink_object(object_));
    auto object = platform::create_object(address(), 4096);
    ASSERT_TRUE(object);
    const auto mine = platform::try_lock_role(*object, kRoleWriter);
    ASSERT_TRUE(mine);
    ASSERT_TRUE(platform::publish_object(*object));
    EXPECT_EQ(platform::role_is_held(open_object(), kRoleWriter), true);
}

}  // namespace
}  // namespace mapferry::testing

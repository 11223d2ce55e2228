// SPDX-License-Identifier: Apache-2.0
// Two processes want to remove the same name, and a new section comes between them. Other tests
// fork a process that has a section's roles.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "format/geometry_plan.h"
#include "mapferry/detail/failure.h"
#include "support/named_section.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

Geometry small_geometry() {
    return plan({.delivery = Delivery::kStream, .slot_count = 2, .slot_capacity_bytes = 4096})
        .value();
}

TEST(Cleaners, SecondOneLeavesTheSectionThatCameAfterTheFirst) {
    const UniqueSection name;
    {
        const auto dead = create_section(name.address(), small_geometry(), ReserveNow::kAll);
        ASSERT_TRUE(dead) << describe(dead.error());
    }
    auto first = platform::open_object(name.address());
    auto second = platform::open_object(name.address());
    ASSERT_TRUE(first && second);
    auto role = platform::try_lock_role(*first, layout::kRoleRemover);
    ASSERT_TRUE(role);
    ASSERT_EQ(platform::is_current(*first), true);
    // The second cleaner has found the same dead section. It acts between this check and the
    // removal.
    Result<bool> removed = detail::fail(Code::kUsage, "not yet");
    std::jthread other([&] { removed = remove_if_current(*second); });
    ASSERT_TRUE(platform::unlink_object(*first));
    auto fresh = create_section(name.address(), small_geometry(), ReserveNow::kAll);
    ASSERT_TRUE(fresh) << describe(fresh.error());
    role->release();
    other.join();
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_FALSE(*removed);
    EXPECT_EQ(platform::is_current(fresh->object), true);
    EXPECT_EQ(remove_if_current(fresh->object), true);
}

// ---- fork ---------------------------------------------------------------------------------------

// A writer's process forks, and is killed while its child lives.
class Fork : public ::testing::Test {
  protected:
    enum class Child : std::uint8_t { kStays, kExecs, kEnds };

    void SetUp() override {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // this process collects the orphan
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
        out_ = platform::Handle(ends[0]);
        in_ = platform::Handle(ends[1]);
    }
    void TearDown() override {
        if (parent_ > 0) end(parent_);
        if (child_ > 0) end(child_);
        if (name_.exists()) name_.remove();
    }

    // Returns when the section exists and the child is in the wanted state.
    void start_family(Child kind) {
        parent_ = ::fork();
        ASSERT_GE(parent_, 0);
        if (parent_ == 0) be_parent(kind);
        // The exec closes the child's end of the pipe; the parent closes its own.
        in_.close();
        ASSERT_EQ(::read(static_cast<int>(out_.get()), &child_, sizeof child_),
                  static_cast<ssize_t>(sizeof child_));
        if (kind == Child::kStays) return;
        char byte = 0;
        ASSERT_EQ(::read(static_cast<int>(out_.get()), &byte, 1), 0);
    }
    // Neither process outlives a test that was killed: an alarm survives an exec.
    static constexpr unsigned kLifeSeconds = 100;

    [[noreturn]] void be_parent(Child kind) {
        ::alarm(kLifeSeconds);
        const auto section = create_section(name_.address(), small_geometry(), ReserveNow::kAll);
        const pid_t child = ::fork();
        if (child == 0) be_child(kind);
        in_.close();
        while (section && child > 0)
            ::pause();
        ::_exit(1);
    }
    // Its number shows that it runs, and that it has dealt with its parent's handles.
    [[noreturn]] void be_child(Child kind) const {
        ::alarm(kLifeSeconds);
        const pid_t self = ::getpid();
        if (::write(static_cast<int>(in_.get()), &self, sizeof self) < 0) ::_exit(1);
        if (kind == Child::kExecs) ::execl("/bin/sleep", "sleep", "1000", nullptr);
        while (kind == Child::kStays)
            ::pause();
        ::_exit(0);
    }
    static void end(pid_t& process) {
        ::kill(process, SIGKILL);
        ::waitpid(process, nullptr, 0);
        process = 0;
    }
    [[nodiscard]] bool writer_seems_alive() const {
        const auto object = platform::open_object(name_.address());
        return object && writer_lives(*object);
    }

    const UniqueSection name_;
    platform::Handle out_;
    platform::Handle in_;
    pid_t parent_ = 0;
    pid_t child_ = 0;
};

TEST_F(Fork, ChildThatEndsTakesNothingFromItsParent) {
    start_family(Child::kEnds);
    EXPECT_TRUE(writer_seems_alive());
    end(parent_);
    EXPECT_FALSE(writer_seems_alive());
}

// The lock belongs to the open file, which parent and child would share.
TEST_F(Fork, ChildThatStaysHoldsNoRoleOfItsDeadParent) {
    start_family(Child::kStays);
    EXPECT_TRUE(writer_seems_alive());
    end(parent_);
    EXPECT_FALSE(writer_seems_alive());
}

TEST_F(Fork, ChildThatBecomesAnotherProgramHoldsNothing) {
    start_family(Child::kExecs);
    end(parent_);
    EXPECT_FALSE(writer_seems_alive());
}

}  // namespace
}  // namespace mapferry::testing

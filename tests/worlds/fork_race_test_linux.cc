// SPDX-License-Identifier: Apache-2.0
// A fork() of one thread while another one opens and closes sections: the child gets no copy of a
// section's file. It could hold a role, and so make a process that has gone seem alive.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>

#include "mapferry/inspect.h"
#include "mapferry/shared_buffer.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr int kChildren = 200;

// Children that do nothing until they are killed, with the files that they got.
class Children {
  public:
    ~Children() {
        for (const pid_t child : all_) {
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
    }
    void fork_one() {
        const pid_t child = ::fork();
        if (child == 0) wait_to_be_killed();
        ASSERT_GT(child, 0);
        all_.push_back(child);
    }
    // How many files whose path contains `part` they have open together.
    [[nodiscard]] std::uint64_t count_files(const std::string& part) const {
        std::uint64_t count = 0;
        for (const pid_t child : all_)
            for (const auto& entry :
                 std::filesystem::directory_iterator("/proc/" + std::to_string(child) + "/fd"))
                count += read_link(entry.path()).find(part) != std::string::npos ? 1 : 0;
        return count;
    }

  private:
    [[noreturn]] static void wait_to_be_killed() {
        while (true)
            ::pause();
    }
    static std::string read_link(const std::filesystem::path& path) {
        std::error_code gone;
        return std::filesystem::read_symlink(path, gone).string();
    }
    std::vector<pid_t> all_;
};

class ForkRace : public ::testing::Test {
  protected:
    void TearDown() override { section_.remove(); }
    const UniqueSection section_;
};

TEST_F(ForkRace, OfAnotherThreadCopiesNoFileOfASection) {
    const auto buffer = SharedBuffer::create({.address = section_.address(), .size_bytes = 100});
    ASSERT_TRUE(buffer) << describe(buffer.error());
    std::atomic<bool> stop = false;
    Children children;
    {
        const std::jthread user([&] {
            while (!stop)
                EXPECT_TRUE(inspect_section(section_.address()));
        });
        for (int i = 0; i < kChildren; ++i)
            children.fork_one();
        stop = true;
    }
    EXPECT_EQ(children.count_files(section_.address().name), 0U);
}

}  // namespace
}  // namespace mapferry::testing

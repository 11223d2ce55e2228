// SPDX-License-Identifier: Apache-2.0
// The memory that the cgroups leave, read from a folder that looks like /proc and /sys.
#include <gtest/gtest.h>

#include "platform/linux/memory_limit_linux.h"
#include "support/cgroup_files.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kLimitMiB = std::uint64_t{1} << 20;

class MemoryLimit : public ::testing::Test {
  protected:
    void put(const std::string& path, const std::string& text) const { files_.put(path, text); }
    void put(const std::string& path, std::uint64_t number) const {
        put(path, std::to_string(number) + "\n");
    }
    void version_2(const std::string& root, const std::string& cgroup) const {
        put("/proc/self/mountinfo",
            "22 1 0:20 / /proc rw - proc proc rw\n"
            "30 22 0:26 " +
                root + " /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
        put("/proc/self/cgroup", "0::" + cgroup + "\n");
    }
    void version_1(const std::string& root, const std::string& cgroup) const {
        put("/proc/self/mountinfo",
            "31 25 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
            "34 25 0:30 " +
                root + " /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
        put("/proc/self/cgroup", "5:cpu,cpuacct:/elsewhere\n4:memory:" + cgroup + "\n0::/\n");
    }
    void level_2(const std::string& place, const std::string& most, std::uint64_t used) const {
        put("/sys/fs/cgroup" + place + "/memory.max", most + "\n");
        put("/sys/fs/cgroup" + place + "/memory.current", used);
    }
    void level_1(const std::string& place, std::uint64_t most, std::uint64_t used) const {
        put("/sys/fs/cgroup/memory" + place + "/memory.limit_in_bytes", most);
        put("/sys/fs/cgroup/memory" + place + "/memory.usage_in_bytes", used);
    }
    [[nodiscard]] std::optional<std::uint64_t> room(std::uint64_t swap_bytes = 0) const {
        return platform::cgroup_room_bytes(files_.root(), swap_bytes);
    }

    const CgroupFiles files_;
};

TEST_F(MemoryLimit, WithoutCgroupsThereIsNone) {
    EXPECT_EQ(room(), std::nullopt);
    put("/proc/self/mountinfo", "not a line of it\n\n");
    put("/proc/self/cgroup", "nor this\n::\n");
    EXPECT_EQ(room(), std::nullopt);
}

TEST_F(MemoryLimit, OfVersion2IsTheNearestOfAllLevels) {
    version_2("/", "/a/b");
    EXPECT_EQ(room(), std::nullopt);
    level_2("/a/b", "max", 10 * kLimitMiB);
    EXPECT_EQ(room(), std::nullopt);
    level_2("/a", std::to_string(100 * kLimitMiB), 40 * kLimitMiB);
    EXPECT_EQ(room(), 60 * kLimitMiB);
    level_2("/a/b", std::to_string(30 * kLimitMiB), 10 * kLimitMiB);
    EXPECT_EQ(room(), 20 * kLimitMiB);
    level_2("", std::to_string(50 * kLimitMiB), 45 * kLimitMiB);
    EXPECT_EQ(room(), 5 * kLimitMiB);
    level_2("/a", std::to_string(100 * kLimitMiB), 140 * kLimitMiB);
    EXPECT_EQ(room(), 0u);
}

TEST_F(MemoryLimit, OfVersion1IsTheNearestOfAllLevels) {
    version_1("/", "/a/b");
    constexpr std::uint64_t kNone = 9'223'372'036'854'771'712;
    level_1("", kNone, 70 * kLimitMiB);
    level_1("/a/b", kNone, 10 * kLimitMiB);
    EXPECT_EQ(room(), std::nullopt);
    level_1("/a", 64 * kLimitMiB, 40 * kLimitMiB);
    EXPECT_EQ(room(), 24 * kLimitMiB);
    level_1("/a/b", 16 * kLimitMiB, 10 * kLimitMiB);
    EXPECT_EQ(room(), 6 * kLimitMiB);
}

TEST_F(MemoryLimit, CountsIdlePagesOfFilesAsFree) {
    version_2("/", "/a");
    level_2("/a", std::to_string(64 * kLimitMiB), 60 * kLimitMiB);
    put("/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file " + std::to_string(20 * kLimitMiB) +
                                            "\nactive_file " + std::to_string(8 * kLimitMiB) +
                                            "\n");
    EXPECT_EQ(room(), 28 * kLimitMiB);
}

TEST_F(MemoryLimit, LetsSwapIn) {
    version_2("/", "/a");
    level_2("/a", std::to_string(64 * kLimitMiB), 60 * kLimitMiB);
    EXPECT_EQ(room(16 * kLimitMiB), 20 * kLimitMiB);
    put("/sys/fs/cgroup/a/memory.swap.max", 8 * kLimitMiB);
    put("/sys/fs/cgroup/a/memory.swap.current", 3 * kLimitMiB);
    EXPECT_EQ(room(16 * kLimitMiB), 9 * kLimitMiB);
    version_1("/", "/a");
    level_1("/a", 64 * kLimitMiB, 60 * kLimitMiB);
    put("/sys/fs/cgroup/memory/a/memory.memsw.limit_in_bytes", 64 * kLimitMiB);
    put("/sys/fs/cgroup/memory/a/memory.memsw.usage_in_bytes", 60 * kLimitMiB);
    EXPECT_EQ(room(16 * kLimitMiB), 4 * kLimitMiB);
}

// A container often sees its own cgroup as the root of the mounted hierarchy, by either of two
// paths.
TEST_F(MemoryLimit, IsFoundFromWithinAContainer) {
    version_1("/docker/abc", "/docker/abc");
    level_1("", 64 * kLimitMiB, kLimitMiB);
    EXPECT_EQ(room(), 63 * kLimitMiB);
    version_1("/docker/abc", "/docker/abc/inner");
    level_1("/inner", 8 * kLimitMiB, kLimitMiB);
    EXPECT_EQ(room(), 7 * kLimitMiB);
    version_1("/docker/abc", "/docker/abcdef");
    EXPECT_EQ(room(), 63 * kLimitMiB);
}

}  // namespace
}  // namespace mapferry::testing

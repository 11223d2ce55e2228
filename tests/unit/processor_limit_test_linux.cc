// SPDX-License-Identifier: Apache-2.0
// The processors that cgroups and affinity leave, the former read from a folder that looks like
// /proc and /sys.
#include <gtest/gtest.h>
#include <sched.h>

#include "platform/linux/processor_limit_linux.h"
#include "platform/processors.h"
#include "support/cgroup_files.h"

namespace mapferry::testing {
namespace {

class ProcessorLimit : public ::testing::Test {
  protected:
    void put(const std::string& path, const std::string& text) const { files_.put(path, text); }
    [[nodiscard]] std::optional<std::size_t> limit() const {
        return platform::cgroup_processors(files_.root());
    }

    const CgroupFiles files_;
};

TEST_F(ProcessorLimit, WithoutCgroupsThereIsNone) {
    EXPECT_EQ(limit(), std::nullopt);
}

TEST_F(ProcessorLimit, OfVersion2IsTheNearestOfAllLevelsRoundedUp) {
    put("/proc/self/mountinfo",
        "30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
    put("/proc/self/cgroup", "0::/a/b\n");
    put("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    EXPECT_EQ(limit(), std::nullopt);
    put("/sys/fs/cgroup/a/cpu.max", "350000 100000\n");
    EXPECT_EQ(limit(), 4U);
    put("/sys/fs/cgroup/a/b/cpu.max", "10000 100000\n");
    EXPECT_EQ(limit(), 1U);
}

TEST_F(ProcessorLimit, OfVersion1IsAQuotaOfAPeriod) {
    put("/proc/self/mountinfo",
        "31 25 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n");
    put("/proc/self/cgroup", "4:cpu,cpuacct:/a\n");
    put("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1\n");
    put("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(limit(), std::nullopt);
    put("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "200000\n");
    EXPECT_EQ(limit(), 2U);
}

TEST(UsableProcessors, OfAProcessThatIsBoundToOneAreOne) {
    cpu_set_t before;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    int first = 0;
    while (!CPU_ISSET(first, &before))
        ++first;
    CPU_SET(first, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(platform::usable_processors(), 1U);
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// Memory runs out in the writer or the reader at every call of malloc, once or for ever.
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "sweep/sweep_test.h"

namespace mapferry::testing {
namespace {

constexpr Share kMallocShare = {.in_short = 2, .in_long = 100};
constexpr int kExitSystem = 71;

class MallocSweep : public SweepTest, public ::testing::WithParamInterface<SceneChoice> {
  protected:
    using Environment = std::vector<std::pair<std::string, std::string>>;

    // The number of malloc calls in a run without failure; none where they can't be counted.
    std::optional<std::uint64_t> count_calls() {
        const std::string file = folder_.file("count");
        const Traced whole = play(*this, GetParam(), {},
                                  Environment{{"LD_PRELOAD", MAPFERRY_TEST_FAILING_MALLOC_PATH},
                                              {"MAPFERRY_TEST_MALLOC_COUNT", file}});
        EXPECT_EQ(whole.exit, exited(0)) << whole.errors;
        if (!std::filesystem::exists(file)) return std::nullopt;
        return std::strtoull(read_text(file).c_str(), nullptr, 10);
    }

    void fail(const std::string& what) {
        const Traced victim = play(*this, GetParam(), {},
                                   Environment{{"LD_PRELOAD", MAPFERRY_TEST_FAILING_MALLOC_PATH},
                                               {"MAPFERRY_TEST_FAIL_MALLOC", what}});
        EXPECT_TRUE(victim.exit.code) << victim.command << " died " << victim.exit;
        if (!victim.exit.code || *victim.exit.code == 0) return;
        EXPECT_TRUE(*victim.exit.code == kExitSystem || *victim.exit.code == kExitIo)
            << victim.command << "\n"
            << victim.exit << victim.errors;
        EXPECT_TRUE(contains(victim.errors, ": error: ")) << victim.command << victim.errors;
    }
};

TEST_P(MallocSweep, IsToldAtAnyCall) {
    if (!can_trace()) GTEST_SKIP() << "processes can't be traced here";
    const auto counted = count_calls();
    if (!counted) GTEST_SKIP() << "the programs are linked without shared libraries";
    const std::uint64_t calls = *counted;
    ASSERT_GT(calls, 10u);
    for (const std::uint64_t call : chosen_indices(calls, kMallocShare)) {
        for (const char* const how : {"", "+"}) {
            SCOPED_TRACE("malloc " + std::to_string(call) + how + " of " + std::to_string(calls));
            fail(std::to_string(call) + how);
            if (HasFatalFailure()) return;
        }
    }
    print_figures(std::string("malloc failing, ") + GetParam().name, figures);
}

INSTANTIATE_TEST_SUITE_P(, MallocSweep, ::testing::ValuesIn(scenes()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace mapferry::testing

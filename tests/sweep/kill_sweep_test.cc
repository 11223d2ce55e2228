// SPDX-License-Identifier: Apache-2.0
// Kills the writer or the reader before and after every system call.
#include "sweep/sweep_test.h"

namespace mapferry::testing {
namespace {

constexpr Share kShare = {.in_short = 3};

class KillSweep : public SweepTest, public ::testing::WithParamInterface<SceneChoice> {
  protected:
    void kill_at(std::uint64_t call, std::uint64_t calls) {
        for (const auto kind : {Intervention::Kind::kKillBefore, Intervention::Kind::kKillAfter}) {
            const char* const when = kind == Intervention::Kind::kKillBefore ? "before" : "after";
            SCOPED_TRACE(std::string("killed ") + when + " call " + std::to_string(call) + " of " +
                         std::to_string(calls));
            (void)play(*this, GetParam(), {.kind = kind, .call = call});
        }
    }
};

TEST_P(KillSweep, HarmsNobodyAtAnySystemCall) {
    if (!can_trace()) GTEST_SKIP() << "processes can't be traced here";
    const Traced whole = play(*this, GetParam(), {});
    ASSERT_EQ(whole.exit, exited(0)) << whole.errors;
    ASSERT_GT(whole.calls.size(), 10u);
    for (const std::uint64_t call : chosen_indices(whole.calls.size(), kShare)) {
        kill_at(call, whole.calls.size());
        if (HasFatalFailure()) return;
    }
    print_figures(std::string("killed at system calls, ") + GetParam().name, figures);
}

INSTANTIATE_TEST_SUITE_P(, KillSweep, ::testing::ValuesIn(scenes()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// Every system call of the writer or the reader fails once, with each error that the system may
// return, or moves fewer bytes than the program asked for.
#include <algorithm>
#include <array>
#include <cerrno>

#include "support/soak_time.h"
#include "sweep/sweep_test.h"

namespace mapferry::testing {
namespace {

constexpr Share kErrorShare = {.in_short = 3};

struct Trouble {
    const char* name;
    Intervention::Kind kind;
    int error;
    std::uint64_t most_bytes;
};
constexpr std::array<Trouble, 9> kTroubles = {{
    {"ENOSPC", Intervention::Kind::kFail, ENOSPC, 0},
    {"ENOMEM", Intervention::Kind::kFail, ENOMEM, 0},
    {"EIO", Intervention::Kind::kFail, EIO, 0},
    {"EINTR", Intervention::Kind::kFail, EINTR, 0},
    {"EMFILE", Intervention::Kind::kFail, EMFILE, 0},
    {"EACCES", Intervention::Kind::kFail, EACCES, 0},
    {"EAGAIN", Intervention::Kind::kFail, EAGAIN, 0},
    {"EFBIG", Intervention::Kind::kFail, EFBIG, 0},
    {"one byte", Intervention::Kind::kShorten, 0, 1},
}};
constexpr Trouble kHalf = {"half", Intervention::Kind::kShorten, 0, 5000};

class ErrorSweep : public SweepTest, public ::testing::WithParamInterface<SceneChoice> {
  protected:
    void make(const Trouble& trouble, std::uint64_t call) {
        const Traced victim = play(*this, GetParam(),
                                   {.kind = trouble.kind,
                                    .call = call,
                                    .error = trouble.error,
                                    .most_bytes = trouble.most_bytes});
        if (!victim.intervened) return;
        const SystemCall& met = victim.calls[call];
        SCOPED_TRACE("system call number " + std::to_string(met.number));
        judge(trouble, met, victim);
    }

  private:
    static void judge(const Trouble& trouble, const SystemCall& met, const Traced& victim) {
        constexpr std::array<int, 11> kDocumented = {0, 64, 65, 66, 69, 71, 73, 74, 75, 76, 77};
        // Any signal may interrupt the wait for a source that is a pipe.
        if (trouble.error == EINTR && victim.exit == exited(130)) return;
        const bool documented =
            victim.exit.code && std::ranges::count(kDocumented, *victim.exit.code) != 0;
        EXPECT_TRUE(documented) << victim.command << "\n" << victim.exit << victim.errors;
        // Only a signal that ends the program interrupts the printing of a message.
        const bool survives = trouble.kind == Intervention::Kind::kShorten ||
                              (trouble.error == EINTR && may_be_interrupted(met) && !speaks(met));
        if (survives) {
            EXPECT_EQ(victim.exit, exited(0)) << victim.command << "\n" << victim.errors;
        }
        if (victim.exit == exited(0) || speaks(met)) return;
        EXPECT_TRUE(contains(victim.errors, ": error: ")) << victim.command << victim.errors;
        EXPECT_TRUE(victim.errors.ends_with('\n')) << victim.errors;
    }
};

TEST_P(ErrorSweep, IsToldAtAnySystemCall) {
    if (!can_trace()) GTEST_SKIP() << "processes can't be traced here";
    const Traced whole = play(*this, GetParam(), {});
    ASSERT_EQ(whole.exit, exited(0)) << whole.errors;
    ASSERT_GT(whole.calls.size(), 10u);
    const bool all = soak_seconds() > 0 || std::getenv("MAPFERRY_SWEEP_CALL") != nullptr;
    std::uint64_t turn = 0;
    for (const std::uint64_t call : chosen_indices(whole.calls.size(), kErrorShare)) {
        for (const Trouble& trouble : kTroubles) {
            // The short form has one error at each call, and a different one at the next call.
            if (!all && turn++ % kTroubles.size() != call % kTroubles.size()) continue;
            SCOPED_TRACE(std::string(trouble.name) + " at call " + std::to_string(call) + " of " +
                         std::to_string(whole.calls.size()));
            make(trouble, call);
            if (HasFatalFailure()) return;
        }
        if (all && may_be_short(whole.calls[call])) {
            SCOPED_TRACE("half at call " + std::to_string(call));
            make(kHalf, call);
        }
    }
    print_figures(std::string("errors at system calls, ") + GetParam().name, figures);
}

INSTANTIATE_TEST_SUITE_P(, ErrorSweep, ::testing::ValuesIn(scenes()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// Signals that ask a program to end: the first one is only noted, and those that belong to it too.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "cli/terminal.h"
#include "support/forked_child.h"

namespace mapferry::testing {
namespace {

using namespace std::chrono_literals;

// Time passes in this process's own hands: nothing depends on how busy the machine is.
void let_pass(std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
    }
}

TEST(CaughtSignals, ThatComeTogetherAreOneRequest) {
    EXPECT_EQ(failure_in_child([] {
                  const std::atomic<int>& flag = cli::catch_signals();
                  EXPECT_EQ(flag, 0);
                  for (const int signal : {SIGTERM, SIGTERM, SIGINT, SIGHUP})
                      std::raise(signal);
                  EXPECT_EQ(flag, SIGTERM);
              }),
              "");
}

TEST(CaughtSignals, ALaterOneEndsTheProgramAtOnce) {
    for (const int later : {SIGTERM, SIGINT})
        EXPECT_EQ(failure_in_child([later] {
                      (void)cli::catch_signals();
                      std::raise(SIGTERM);
                      let_pass(310ms);
                      std::raise(later);
                      ADD_FAILURE() << "it goes on";
                  }),
                  "the child was ended by signal " + std::to_string(later));
}

TEST(CaughtSignals, ThatWereIgnoredBeforeStayIgnored) {
    EXPECT_EQ(failure_in_child([] {
                  std::signal(SIGHUP, SIG_IGN);
                  const std::atomic<int>& flag = cli::catch_signals();
                  std::raise(SIGHUP);
                  EXPECT_EQ(flag, 0);
              }),
              "");
}

}  // namespace
}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
#include "support/forked_child.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "support/child_process.h"

namespace mapferry::testing {

std::string failure_in_child(const std::function<void()>& act) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::alarm(kWatchdogMs / 1000);
        act();
        ::_exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    int how = 0;
    while (child > 0 && ::waitpid(child, &how, 0) < 0 && errno == EINTR) {
    }
    if (child < 0) return "there is no child";
    if (WIFSIGNALED(how)) return "the child was ended by signal " + std::to_string(WTERMSIG(how));
    if (WEXITSTATUS(how) != 0) return "the child's expectations failed";
    return {};
}

}  // namespace mapferry::testing

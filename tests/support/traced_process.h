// SPDX-License-Identifier: Apache-2.0
// A child process whose every system call is seen, and at one of which something happens to it: it
// is killed, the call fails, or it moves fewer bytes than it was asked to. Linux on x86-64.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/child_process.h"

namespace mapferry::testing {

// What happens at one system call. Calls are counted from the first one of main(): before it, the
// loader and the C library are at work.
struct Intervention {
    enum class Kind : std::uint8_t {
        kNone,
        kKillBefore,  // SIGKILL when the call is about to be made
        kKillAfter,   // SIGKILL when it has been made and its result is not yet seen
        kFail,        // the call is not made and gives `error`
        kShorten,     // a read or write moves at most `most_bytes`
    };
    Kind kind = Kind::kNone;
    std::uint64_t call = 0;
    int error = 0;
    std::uint64_t most_bytes = 1;
    // Files without names can't be had: their opening fails throughout.
    bool no_nameless_files = false;
};

struct SystemCall {
    std::uint64_t number = 0;
    std::uint64_t first_argument = 0;
    std::uint64_t third_argument = 0;
};

// A process that ran to its end.
struct Traced {
    Exit exit;
    std::string output;
    std::string errors;
    std::string command;
    std::vector<SystemCall> calls;
    bool intervened = false;  // it came so far
    bool hung = false;        // the watchdog ended it
};

// Whether this machine and this build let a process be traced.
[[nodiscard]] bool can_trace();

// Program, arguments, folder and environment of `launch` count; standard input is empty.
[[nodiscard]] Traced run_traced(const Launch& launch, const Intervention& what);

// Calls that only a regular file, a pipe or a futex can answer so: what POSIX lets happen any time.
[[nodiscard]] bool may_be_interrupted(const SystemCall& call);
[[nodiscard]] bool may_be_short(const SystemCall& call);
// Where an error could not be told: the call would have told it.
[[nodiscard]] bool speaks(const SystemCall& call);
// Its end is no call that could fail.
[[nodiscard]] bool is_end(const SystemCall& call);

}  // namespace mapferry::testing

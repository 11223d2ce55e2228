// SPDX-License-Identifier: Apache-2.0
// Runs a child process, sees each of its system calls, and intervenes at one of them: kills the
// process, fails the call, or makes it move fewer bytes than the caller asked for. Linux on x86-64.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/child_process.h"

namespace mapferry::testing {

// The intervention at one system call. Calls are counted from the first one of main(): the calls
// before it are those of the loader and the C library.
struct Intervention {
    enum class Kind : std::uint8_t {
        kNone,
        kKillBefore,  // SIGKILL just before the call is made
        kKillAfter,   // SIGKILL after the call, before the process sees its result
        kFail,        // the call is not made and returns `error`
        kShorten,     // a read or write moves at most `most_bytes`
    };
    Kind kind = Kind::kNone;
    std::uint64_t call = 0;
    int error = 0;
    std::uint64_t most_bytes = 1;
    // Files without names are not available: opening one fails throughout.
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
    bool intervened = false;  // the process reached the call
    bool hung = false;        // the watchdog ended it
};

// Whether this machine and this build allow tracing.
[[nodiscard]] bool can_trace();

// Uses program, arguments, folder and environment of `launch`; standard input is empty.
[[nodiscard]] Traced run_traced(const Launch& launch, const Intervention& what);

// The calls that POSIX allows to be interrupted, or to move fewer bytes, at any time.
[[nodiscard]] bool may_be_interrupted(const SystemCall& call);
[[nodiscard]] bool may_be_short(const SystemCall& call);
// A write to a standard stream. Its error cannot be reported: the report would need this call.
[[nodiscard]] bool speaks(const SystemCall& call);
// The call that ends a thread or the process. It cannot fail.
[[nodiscard]] bool is_end(const SystemCall& call);

}  // namespace mapferry::testing

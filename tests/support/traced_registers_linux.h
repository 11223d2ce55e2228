// SPDX-License-Identifier: Apache-2.0
// What a tracer changes of a thread that stands at a system call.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace mapferry::testing {

// At its entry: makes it a call that does not exist.
void cancel_call(pid_t thread);
// At its entry.
void set_third_argument(pid_t thread, std::uint64_t value);
// At its exit.
void set_result(pid_t thread, std::int64_t value);

// Whether a thread that goes one instruction at a time gets past its atomic accesses. On Arm before
// LSE such an access is a loop that every stop makes begin anew.
[[nodiscard]] bool can_step_over_atomics();

}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
// What a tracer and a traced thread do by instructions and registers of the processor.
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

// Stops the calling thread, whose tracer learns of it.
void stop_for_tracer();

// Whether a thread that goes one instruction at a time gets past its atomic accesses. On Arm before
// LSE such an access is a loop that every stop makes begin anew.
[[nodiscard]] bool can_step_over_atomics();

}  // namespace mapferry::testing

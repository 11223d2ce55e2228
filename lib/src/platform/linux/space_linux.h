// SPDX-License-Identifier: Apache-2.0
// What all calls that take memory for an object have in common.
#pragma once

#include <cstdint>

#include "mapferry/status.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

// A cgroup kills where a file system refuses, so it is asked first. That costs tens of
// microseconds, so small amounts are added up and asked for together.
[[nodiscard]] Result<void> check_limits(const SharedObject& object, std::uint64_t bytes);

// What such a call has come to: zero or errno.
[[nodiscard]] Result<void> taken_or_error(const SharedObject& object, std::uint64_t bytes,
                                          int error);

}  // namespace mapferry::inline v1::platform

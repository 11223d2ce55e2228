// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): the system's errors.
#pragma once

#include <string>

#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// Turns errno (Windows: GetLastError()) into a Status. `message` names what was tried. Call it
// directly after the failed call. Never returns a code below 64.
[[nodiscard]] Status native_status(std::string message);
[[nodiscard]] Status native_status(std::string message, int native_error);

}  // namespace mapferry::inline v1::platform

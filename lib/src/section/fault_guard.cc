// SPDX-License-Identifier: Apache-2.0
#include "mapferry/fault_guard.h"

#include "base/exception_boundary.h"
#include "platform/mapping.h"

namespace mapferry::inline v1 {

Result<void> install_fault_guard() {
    return guarded([&]() -> Result<void> { return platform::guard_faults(); });
}

}  // namespace mapferry::inline v1

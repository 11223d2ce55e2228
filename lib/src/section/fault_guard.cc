// SPDX-License-Identifier: Apache-2.0
#include "mapferry/fault_guard.h"

#include "base/exception_boundary.h"
#include "platform/mapping.h"

namespace mapferry {

Result<void> install_fault_guard() try {
    return platform::guard_faults();
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry

#include "mapferry/fault_guard.h"

#include "platform/platform.h"

namespace mapferry {

Result<void> install_fault_guard() {
    return platform::guard_faults();
}

}  // namespace mapferry

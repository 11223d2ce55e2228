// SPDX-License-Identifier: Apache-2.0
#include "platform/quiet_thread.h"

#include <system_error>
#include <utility>

#include "base/fail.h"

namespace mapferry::inline v1::platform {

// Windows calls a program's handlers in threads of their own, so nothing has to be blocked here.
Result<std::thread> quiet_thread(std::function<void()> run) {
    try {
        return std::thread(std::move(run));
    } catch (const std::system_error& error) {
        // The error number is the C library's, not one of Windows.
        return fail(Code::kSystem, std::string("cannot start a thread: ") + error.what());
    }
}

}  // namespace mapferry::inline v1::platform

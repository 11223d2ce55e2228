// SPDX-License-Identifier: Apache-2.0
#include "platform/quiet_thread.h"

#include <system_error>
#include <utility>

namespace mapferry::inline v1::platform {

// Windows calls its handlers in threads of their own.
Result<std::thread> quiet_thread(std::function<void()> run) {
    try {
        return std::thread(std::move(run));
    } catch (const std::system_error& error) {
        // The number is one of the C library's.
        return fail(Code::kSystem, std::string("cannot start a thread: ") + error.what());
    }
}

}  // namespace mapferry::inline v1::platform

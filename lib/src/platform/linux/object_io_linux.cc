// SPDX-License-Identifier: Apache-2.0
#include "platform/object_io.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "base/fail.h"
#include "base/try.h"
#include "platform/linux/held_signal_linux.h"
#include "platform/linux/space_linux.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

bool has_object_io() {
    return true;
}

Result<void> read_object(const SharedObject& object, std::uint64_t offset,
                         std::span<std::byte> target) {
    const int descriptor = static_cast<int>(object.handle.get());
    while (!target.empty()) {
        const ssize_t got =
            ::pread(descriptor, target.data(), target.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            Status status = native_status("cannot read " + to_string(object.address));
            status.code = Code::kIo;
            return std::unexpected(std::move(status));
        }
        if (got == 0)
            return fail(Code::kIo,
                        to_string(object.address) + " ends at " + std::to_string(offset));
        target = target.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Result<void> write_object(const SharedObject& object, std::uint64_t offset,
                          std::span<const std::byte> bytes) {
    TRY(check_limits(object, bytes.size()));
    const int descriptor = static_cast<int>(object.handle.get());
    const HeldSignal held(SIGXFSZ);
    while (!bytes.empty()) {
        const ssize_t put =
            ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return taken_or_error(object, bytes.size(), put < 0 ? errno : ENOSPC);
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        offset += static_cast<std::uint64_t>(put);
    }
    return {};
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// Roles are open-file-description locks on single bytes far behind the section. The kernel releases
// them with the last descriptor of the open file, however the process ends. They know no process
// numbers, so neither the reuse of numbers nor their namespaces matter. See fcntl(2), "Open file
// description locks".
#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "base/fail.h"
#include "base/try.h"
#include "format/layout.h"
#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/linux/role_lock_linux.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

namespace {

// A peer on Windows can test a lock only by taking a shared one for a moment; roles themselves are
// exclusive. A lock that fails because of such a test succeeds soon.
constexpr int kQuestionRounds = 50;
constexpr std::int64_t kQuestionUs = 200;

// A narrower offset would lock the bytes of other roles, or of none.
static_assert(sizeof(off_t) == 8, "build with _FILE_OFFSET_BITS=64");

struct flock byte_of(std::uint32_t role, short type) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(layout::kRoleLockBase + role);
    lock.l_len = 1;
    return lock;
}

}  // namespace

void RoleLock::release() {
    if (native_ == Handle::kNone) return;
    struct flock lock = byte_of(role_, F_UNLCK);
    // The lock belongs to the open file, which a child shares with its parent.
    if (!mark_.inherited()) ::fcntl(static_cast<int>(native_), F_OFD_SETLK, &lock);
    native_ = Handle::kNone;
}

Result<RoleLock> try_lock_role(const SharedObject& object, std::uint32_t role) {
    const int descriptor = static_cast<int>(object.handle.get());
    // The system gives exclusive locks only to processes that may write.
    const short type = object.access == Access::kRead ? F_RDLCK : F_WRLCK;
    for (int round = 0; round < kQuestionRounds; ++round) {
        struct flock lock = byte_of(role, type);
        if (::fcntl(descriptor, F_OFD_SETLK, &lock) == 0)
            return RoleLock(object.handle.get(), role);
        if (errno != EAGAIN && errno != EACCES)
            return std::unexpected(native_status("cannot lock " + to_string(object.address)));
        // An exclusive lock is a held role. Anything else was a Windows peer's test, which is over
        // soon.
        TRY_ASSIGN(auto held, role_is_held(object, role));
        if (held) break;
        sleep_us(kQuestionUs);
    }
    return fail(Code::kBusy, "another process holds role " + std::to_string(role) + " of " +
                                 to_string(object.address));
}

// A Windows peer's test is a shared lock as well, so it is not in the way.
Result<RoleLock> share_role(const SharedObject& object, std::uint32_t role) {
    struct flock lock = byte_of(role, F_RDLCK);
    if (::fcntl(static_cast<int>(object.handle.get()), F_OFD_SETLK, &lock) == 0)
        return RoleLock(object.handle.get(), role);
    return std::unexpected(native_status("cannot lock " + to_string(object.address)));
}

bool is_used_section(int descriptor) {
    struct flock lock = byte_of(layout::kRoleUser, F_WRLCK);
    return ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool hold_role(int descriptor, std::uint32_t role) {
    struct flock lock = byte_of(role, F_WRLCK);
    return ::fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
}

Result<bool> role_is_held(const SharedObject& object, std::uint32_t role) {
    struct flock lock = byte_of(role, F_WRLCK);
    if (::fcntl(static_cast<int>(object.handle.get()), F_OFD_GETLK, &lock) != 0)
        return std::unexpected(
            native_status("cannot examine the locks of " + to_string(object.address)));
    return lock.l_type == F_WRLCK;
}

}  // namespace mapferry::inline v1::platform

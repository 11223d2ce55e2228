// SPDX-License-Identifier: Apache-2.0
// The role of a section in memory is the existence of a named mutex, which ends with its holder's
// process. The ownership of a mutex would not do. It belongs to a thread, so a library object that
// outlives the thread that made it would look dead; and a process can ask who owns a mutex only by
// taking it. Every question and every taking happens under the section's guard, a mutex in its
// ordinary use, so that no process mistakes the moment of another one's question for a holder.
// (docs/decisions/0007)
//
// The role of a file is LockFileEx on the role's byte, which conflicts with Linux's locks. A
// question is a shared lock for a moment; roles themselves are exclusive.
#include <windows.h>

#include <atomic>
#include <mutex>
#include <set>
#include <utility>

#include "base/fail.h"
#include "format/layout.h"
#include "platform/clock.h"
#include "platform/native_error.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/security_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

// If a process was stopped inside the guard, the others go on without it, and may meet the moment
// of a question. Taking a role would then fail; asking for one would for a moment see a holder that
// has gone. A camera asks for each frame, so a question waits only shortly.
enum class GuardWait : DWORD { kToTakeMs = 2000, kToAskMs = 20 };
// A lock that fails because of another process's question succeeds soon.
constexpr int kQuestionRounds = 50;
constexpr std::int64_t kQuestionUs = 200;

// The roles that this process holds, by the object's handle. Neither kind of lock shows whose it
// is, and a process must not take its own lock for another's.
class OwnRoles {
  public:
    void add(std::intptr_t object, std::uint32_t role) {
        const std::lock_guard lock(mutex_);
        held_.emplace(object, role);
    }
    void remove(std::intptr_t object, std::uint32_t role) {
        const std::lock_guard lock(mutex_);
        held_.erase({object, role});
    }
    [[nodiscard]] bool has(std::intptr_t object, std::uint32_t role) {
        const std::lock_guard lock(mutex_);
        return held_.contains({object, role});
    }

  private:
    std::mutex mutex_;
    std::set<std::pair<std::intptr_t, std::uint32_t>> held_;
};

// Never destroyed: locks may be released by destructors of other static objects.
OwnRoles& own_roles() {
    static OwnRoles& roles = *new OwnRoles;
    return roles;
}

// Opens or makes the mutex; the last error tells which. CreateMutexW would ask for rights that
// those with whom a section is shared do not have.
Handle open_mutex(const SharedObject& object, const std::string& name) {
    SECURITY_ATTRIBUTES attributes = attributes_with(object.access_list);
    return own(
        ::CreateMutexExW(&attributes, to_wide(name).c_str(), 0, SYNCHRONIZE | MUTEX_MODIFY_STATE));
}

// The section's guard, held until destruction.
class Guard {
  public:
    Guard(const SharedObject& object, GuardWait wait) {
        if (owner_only() == nullptr) return;
        mutex_ = open_mutex(object, object.id + ".guard");
        if (!mutex_.valid()) return;
        // relaxed: a hint of this process to itself, not to wait for the same stopped process again
        const bool at_once =
            wait == GuardWait::kToAskMs && given_up.load(std::memory_order_relaxed);
        const DWORD waited =
            ::WaitForSingleObject(raw(mutex_), at_once ? 0 : static_cast<DWORD>(wait));
        // Abandoned: its holder died inside. The guard protects no data that could be half changed,
        // so this process simply has it.
        held_ = waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED;
        // relaxed: partner is the load above
        given_up.store(!held_, std::memory_order_relaxed);
    }
    ~Guard() {
        if (held_) ::ReleaseMutex(raw(mutex_));
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

  private:
    static inline std::atomic<bool> given_up = false;
    Handle mutex_;
    bool held_ = false;
};

bool is_in_memory(const SharedObject& object) {
    return object.address.backing_path.empty();
}

std::string mutex_name(const SharedObject& object, std::uint32_t role) {
    return object.id + ".role." + std::to_string(role);
}

OVERLAPPED byte_of(std::uint32_t role) {
    const std::uint64_t offset = layout::kRoleLockBase + role;
    OVERLAPPED where{};
    where.Offset = static_cast<DWORD>(offset);
    where.OffsetHigh = static_cast<DWORD>(offset >> 32);
    return where;
}

enum class LockKind : DWORD { kExclusive = LOCKFILE_EXCLUSIVE_LOCK, kShared = 0 };

// ERROR_SUCCESS, ERROR_LOCK_VIOLATION when another open file has the byte, or any other error.
DWORD lock_byte(HANDLE file, std::uint32_t role, LockKind kind) {
    OVERLAPPED where = byte_of(role);
    const DWORD flags = static_cast<DWORD>(kind) | LOCKFILE_FAIL_IMMEDIATELY;
    if (::LockFileEx(file, flags, 0, 1, 0, &where) != 0) return ERROR_SUCCESS;
    const DWORD error = ::GetLastError();
    return error == ERROR_IO_PENDING ? ERROR_LOCK_VIOLATION : error;
}

void unlock_byte(HANDLE file, std::uint32_t role) {
    OVERLAPPED where = byte_of(role);
    ::UnlockFileEx(file, 0, 1, 0, &where);
}

std::unexpected<Status> busy(const SharedObject& object, std::uint32_t role) {
    return fail(Code::kBusy, "another process holds role " + std::to_string(role) + " of " +
                                 to_string(object.address));
}

Result<RoleLock> try_lock_mutex(const SharedObject& object, std::uint32_t role) {
    if (owner_only() == nullptr)
        return std::unexpected(native_status("cannot tell whose process this is"));
    const Guard guard(object, GuardWait::kToTakeMs);
    Handle mutex = open_mutex(object, mutex_name(object, role));
    const DWORD error = ::GetLastError();  // at once: success says ALREADY_EXISTS here
    if (!mutex.valid())
        return std::unexpected(
            native_status("cannot lock " + to_string(object.address), static_cast<int>(error)));
    if (error == ERROR_ALREADY_EXISTS) return busy(object, role);
    RoleLock lock(object.handle.get(), role, std::move(mutex));
    own_roles().add(object.handle.get(), role);
    return lock;
}

Result<RoleLock> try_lock_file(const SharedObject& object, std::uint32_t role) {
    const HANDLE file = raw(object.handle);
    for (int round = 0; round < kQuestionRounds; ++round) {
        const DWORD error = lock_byte(file, role, LockKind::kExclusive);
        if (error == ERROR_SUCCESS) {
            // Made before the role is remembered: if there is no memory for that, its destructor
            // unlocks.
            RoleLock lock(object.handle.get(), role);
            own_roles().add(object.handle.get(), role);
            return lock;
        }
        if (error != ERROR_LOCK_VIOLATION)
            return std::unexpected(
                native_status("cannot lock " + to_string(object.address), static_cast<int>(error)));
        // A role excludes questions too; another process's question does not.
        if (lock_byte(file, role, LockKind::kShared) != ERROR_SUCCESS) return busy(object, role);
        unlock_byte(file, role);
        sleep_us(kQuestionUs);
    }
    return busy(object, role);
}

}  // namespace

void RoleLock::release() {
    if (native_ == Handle::kNone) return;
    if (guard_.valid())
        guard_.close();
    else
        unlock_byte(reinterpret_cast<HANDLE>(native_), role_);
    own_roles().remove(native_, role_);
    native_ = Handle::kNone;
}

Result<RoleLock> try_lock_role(const SharedObject& object, std::uint32_t role) {
    if (own_roles().has(object.handle.get(), role)) return busy(object, role);
    return is_in_memory(object) ? try_lock_mutex(object, role) : try_lock_file(object, role);
}

Result<RoleLock> share_role(const SharedObject& object, std::uint32_t role) {
    if (is_in_memory(object)) return RoleLock();
    const HANDLE file = raw(object.handle);
    for (int round = 0; round < kQuestionRounds; ++round) {
        const DWORD error = lock_byte(file, role, LockKind::kShared);
        if (error == ERROR_SUCCESS) return RoleLock(object.handle.get(), role);
        if (error != ERROR_LOCK_VIOLATION)
            return std::unexpected(
                native_status("cannot lock " + to_string(object.address), static_cast<int>(error)));
        sleep_us(kQuestionUs);  // is_used_section() is being asked
    }
    return busy(object, role);
}

bool is_used_section(HANDLE file) {
    const DWORD error = lock_byte(file, layout::kRoleUser, LockKind::kExclusive);
    if (error == ERROR_SUCCESS) unlock_byte(file, layout::kRoleUser);
    return error == ERROR_LOCK_VIOLATION;
}

Result<bool> role_is_held(const SharedObject& object, std::uint32_t role) {
    if (own_roles().has(object.handle.get(), role)) return false;
    if (is_in_memory(object)) {
        const Guard guard(object, GuardWait::kToAskMs);
        return own(::OpenMutexW(SYNCHRONIZE, FALSE, to_wide(mutex_name(object, role)).c_str()))
            .valid();
    }
    const HANDLE file = raw(object.handle);
    const DWORD error = lock_byte(file, role, LockKind::kShared);
    if (error == ERROR_LOCK_VIOLATION) return true;
    if (error != ERROR_SUCCESS)
        return std::unexpected(native_status(
            "cannot examine the locks of " + to_string(object.address), static_cast<int>(error)));
    unlock_byte(file, role);
    return false;
}

}  // namespace mapferry::inline v1::platform

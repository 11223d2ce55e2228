// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): roles, the only truth about who is alive.
#pragma once

#include <cstdint>
#include <utility>

#include "mapferry/status.h"
#include "platform/fork_mark.h"
#include "platform/handle.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

// A role of a section. It is held until this object is destroyed or the process ends, whichever
// comes first. Must not outlive the SharedObject. Linux: an open-file-description lock on one byte,
// which a child of fork() shares: inherited, this releases nothing. Windows: the existence of a
// named mutex (files: LockFileEx on the same byte, which conflicts with Linux's lock).
class RoleLock {
  public:
    RoleLock() = default;
    // `guard`: Windows, sections in memory: the mutex whose existence is the lock.
    RoleLock(std::intptr_t native, std::uint32_t role, Handle guard = {})
        : native_(native), role_(role), guard_(std::move(guard)) {}
    RoleLock(RoleLock&& other) noexcept;
    RoleLock& operator=(RoleLock&& other) noexcept;
    ~RoleLock() { release(); }
    [[nodiscard]] bool held() const { return native_ != Handle::kNone; }
    void release();

  private:
    std::intptr_t native_ = Handle::kNone;  // of the object, borrowed
    std::uint32_t role_ = 0;
    Handle guard_;
    ForkMark mark_;
};

// Takes the role without waiting. kBusy: another open section (of any process) holds it. Where the
// object may only be read, the role is shared with other holders that may only read, and with
// nobody else.
[[nodiscard]] Result<RoleLock> try_lock_role(const SharedObject& object, std::uint32_t role);

// Takes a part in a role that any number of open sections share. Windows, sections in memory: does
// nothing, because nobody asks for such a role there.
[[nodiscard]] Result<RoleLock> share_role(const SharedObject& object, std::uint32_t role);

// Whether any open section except this SharedObject holds the role.
[[nodiscard]] Result<bool> role_is_held(const SharedObject& object, std::uint32_t role);

}  // namespace mapferry::inline v1::platform

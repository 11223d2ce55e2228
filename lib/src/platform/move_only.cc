// SPDX-License-Identifier: Apache-2.0
// Moving what is owned: handles, mappings, temporary names and roles. It is the same on every
// system; releasing them is not.
#include <utility>

#include "platform/handle.h"
#include "platform/mapping.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

Handle& Handle::operator=(Handle&& other) noexcept {
    if (this != &other) {
        close();
        native_ = other.release();
    }
    return *this;
}

std::intptr_t Handle::release() {
    return std::exchange(native_, kNone);
}

TemporaryPath::TemporaryPath(TemporaryPath&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      wide_(std::exchange(other.wide_, {})),
      mark_(other.mark_) {}

TemporaryPath& TemporaryPath::operator=(TemporaryPath&& other) noexcept {
    if (this != &other) {
        remove();
        path_ = std::exchange(other.path_, {});
        wide_ = std::exchange(other.wide_, {});
        mark_ = other.mark_;
    }
    return *this;
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      watched_as_(std::exchange(other.watched_as_, kUnwatched)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    if (this != &other) {
        unmap();
        data_ = std::exchange(other.data_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
        watched_as_ = std::exchange(other.watched_as_, kUnwatched);
    }
    return *this;
}

RoleLock::RoleLock(RoleLock&& other) noexcept
    : native_(std::exchange(other.native_, Handle::kNone)),
      role_(other.role_),
      guard_(std::move(other.guard_)),
      mark_(other.mark_) {}

RoleLock& RoleLock::operator=(RoleLock&& other) noexcept {
    if (this != &other) {
        release();
        native_ = std::exchange(other.native_, Handle::kNone);
        role_ = other.role_;
        guard_ = std::move(other.guard_);
        mark_ = other.mark_;
    }
    return *this;
}

}  // namespace mapferry::inline v1::platform

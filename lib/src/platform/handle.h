// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): open objects of the system.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// An owned file descriptor (Windows: HANDLE). Move-only, closes on destruction and assignment.
class Handle {
  public:
    static constexpr std::intptr_t kNone = -1;
    Handle() = default;
    explicit Handle(std::intptr_t native) : native_(native) {}
    Handle(Handle&& other) noexcept : native_(other.release()) {}
    Handle& operator=(Handle&& other) noexcept;
    ~Handle() { close(); }

    [[nodiscard]] std::intptr_t get() const { return native_; }
    [[nodiscard]] bool valid() const { return native_ != kNone; }
    [[nodiscard]] std::intptr_t release();
    void close();
    // Closes it and reports the errors that the system kept until now: bytes that it had accepted
    // could not be stored (Linux: NFS, FUSE, quota; Windows: a remote file's bytes are sent to its
    // server first). `message` names what was tried. kIo. The handle is closed in any case.
    [[nodiscard]] Result<void> close_checked(std::string message);

  private:
    std::intptr_t native_ = kNone;
};

}  // namespace mapferry::inline v1::platform

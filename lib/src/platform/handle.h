// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): what the system hands out.
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
    // Closes it and reports what the system kept for this moment: that bytes which it had taken
    // could not be stored (Linux: NFS, FUSE, quota; Windows: a remote file's are brought to its
    // server first). `message` says what was tried. kIo. The handle is gone either way.
    [[nodiscard]] Result<void> close_checked(std::string message);

  private:
    std::intptr_t native_ = kNone;
};

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// Which process an object was made in.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

// How many times a fork() led from the library's first object to this process. Windows: 0.
[[nodiscard]] std::uint32_t fork_count();

// The process that an object was made in. A child of fork() has a copy of the object, but what the
// object holds (a role, a lease, a name, a temporary file, threads) belongs to the parent alone:
// the copy must neither use it nor give it back.
class ForkMark {
  public:
    // Whether this process got the object by fork().
    [[nodiscard]] bool inherited() const { return made_after_ != fork_count(); }

  private:
    std::uint32_t made_after_ = fork_count();
};

// Deletes an object that has threads and locks of its own. A child of fork() leaves its copy as it
// is: the threads do not exist there, and the locks may be held for ever.
struct LeaveInChild {
    ForkMark mark = {};
    template <typename T>
    void operator()(T* object) const {
        if (!mark.inherited()) delete object;
    }
};

}  // namespace mapferry::inline v1::platform

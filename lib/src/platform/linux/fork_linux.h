// SPDX-License-Identifier: Apache-2.0
// The library's open files in a child of fork(): the child gets none that could hold a lock.
#pragma once

#include "platform/handle.h"

namespace mapferry::inline v1::platform {

// While one of these lives, a fork() of any thread waits. May be nested within a thread.
class ForksHeldOff {
  public:
    ForksHeldOff();
    ~ForksHeldOff();
    ForksHeldOff(const ForksHeldOff&) = delete;
    ForksHeldOff& operator=(const ForksHeldOff&) = delete;
};

// A role is a lock of an open file. The kernel releases it with the last descriptor of that file in
// any process, so a child's copy would make a dead parent seem alive. A child gets a path without a
// file under the number of a descriptor that is withheld from it. Its objects may close that, and
// no other file gets the number meanwhile.
//
// Room for one more descriptor to withhold, so that withhold() can't fail. REQUIRES: ForksHeldOff.
void make_room_to_withhold();
void withhold(int descriptor);

// What open() returns, if it is valid, withheld from all children: no fork() comes between.
template <typename Open>
[[nodiscard]] Handle open_withheld(const Open& open) {
    const ForksHeldOff held;
    make_room_to_withhold();
    Handle opened = open();
    if (opened.valid()) withhold(static_cast<int>(opened.get()));
    return opened;
}

// close(2) of a descriptor, whether it is withheld or not.
[[nodiscard]] int close_own(int descriptor);

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// The library's open files in a child of fork(): the child gets none that could hold a lock.
#pragma once

namespace mapferry::inline v1::platform {

// A role is a lock of an open file. The kernel releases it with the last descriptor of that file in
// any process, so a child's copy would make a dead parent seem alive. A child that is made from now
// on gets a path without a file under this number. Its objects may close it, and no other file gets
// the number meanwhile.
void withhold_from_children(int descriptor);

// Call it before the descriptor is closed. It does nothing for one that is not withheld.
void forget_withheld(int descriptor);

}  // namespace mapferry::inline v1::platform

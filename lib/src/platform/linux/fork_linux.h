// SPDX-License-Identifier: Apache-2.0
// What a child of fork() gets of the library's open files: nothing that could hold a lock.
#pragma once

namespace mapferry::inline v1::platform {

// A role is a lock of an open file. The kernel gives it back with the last descriptor of that file
// in any process, so a child's copy would make a dead parent seem alive. Under this number a child
// that is made from now on gets a path without a file: its objects may close it, and nothing else
// ever has the number meanwhile.
void withhold_from_children(int descriptor);

// To be called before the descriptor is closed; nothing happens for one that is not withheld.
void forget_withheld(int descriptor);

}  // namespace mapferry::inline v1::platform

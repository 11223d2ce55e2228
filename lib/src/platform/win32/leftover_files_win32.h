// SPDX-License-Identifier: Apache-2.0
// Section files that a crash left.
#pragma once

#include <string>

namespace mapferry::inline v1::platform {

// A killed process leaves its unpublished file, or a file that was removed while the process had it
// mapped. The next process that makes a file in `folder` deletes them. A file that is still in use
// can't be deleted.
void remove_leftovers(const std::string& folder);

}  // namespace mapferry::inline v1::platform

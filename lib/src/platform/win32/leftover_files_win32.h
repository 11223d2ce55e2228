// SPDX-License-Identifier: Apache-2.0
// What a crash left of section files.
#pragma once

#include <string>

namespace mapferry::inline v1::platform {

// A killed process leaves its unpublished file, or one that was removed while it had it mapped. The
// next process that makes a file in `folder` deletes them; what is still in use can't be deleted.
void remove_leftovers(const std::string& folder);

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// Another program in the place of this one. One file for each system.
#pragma once

#include <string>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::cli {

// Runs the program of this name in this process: the one beside this program, otherwise the one
// that the system finds (PATH). Returns only when it fails. kNotFound: it is not installed;
// kPermission, kSystem.
[[nodiscard]] Result<void> become_program(const std::string& name,
                                          const std::vector<std::string>& arguments);

}  // namespace mapferry::cli

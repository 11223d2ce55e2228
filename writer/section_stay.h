// SPDX-License-Identifier: Apache-2.0
// Keeps a process running until its section is gone, where the section would end with the process.
#pragma once

#include <functional>
#include <string>

#include "cli/common_options.h"
#include "mapferry/section.h"
#include "mapferry/timeout.h"
#include "writer/printed.h"

namespace mapferry::cli {

// Prints that this process stays and for how long, waits with `linger`, and prints the end of the
// wait. `who` names what ends the wait besides mapferry rm: "" or "a reader's --consume or ". Fails
// only with the error of `linger`.
[[nodiscard]] Result<void> stay_with_section(
    const CommonOptions& common, const std::string& who, Printed& printed,
    const std::function<Result<LingerEnd>(const Timeout& timeout)>& linger);

}  // namespace mapferry::cli

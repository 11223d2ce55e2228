// SPDX-License-Identifier: Apache-2.0
// A process whose section would end with it stays until the section is gone.
#pragma once

#include <functional>
#include <string>

#include "cli/common_options.h"
#include "mapferry/section.h"
#include "mapferry/timeout.h"
#include "writer/printed.h"

namespace mapferry::cli {

// Prints that this process stays and how long, waits by `linger`, and prints what ended the wait.
// `who` ends it besides mapferry rm: "" or "a reader's --consume or ". The error is linger's.
[[nodiscard]] Result<void> stay_with_section(
    const CommonOptions& common, const std::string& who, Printed& printed,
    const std::function<Result<LingerEnd>(const Timeout& timeout)>& linger);

}  // namespace mapferry::cli

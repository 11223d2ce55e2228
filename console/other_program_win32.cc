// SPDX-License-Identifier: Apache-2.0
// The programs beside this one that it could become do not exist for Windows.
#include "cli/short_names.h"
#include "console/other_program.h"

namespace mapferry::cli {

Result<void> become_program(const std::string& name, const std::vector<std::string>&) {
    return fail(Code::kNotFound, "there is no " + name + " for Windows");
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Runs programs where a folder has little space, a megabyte unless another size is given: a tmpfs
// of that size in a private mount namespace, so that no other process sees it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/child_process.h"

namespace mapferry::testing {

// The options that enter a mount namespace here; empty when that is not permitted.
[[nodiscard]] std::optional<std::vector<std::string>> small_space_entry();

// Runs `words`, a program with its arguments, with a small space at `folder`. `options` are those
// of the tmpfs. At the end, the last line on standard error is "left: 0", with the number of
// entries that remain in the folder. REQUIRES: small_space_entry().
[[nodiscard]] Launch in_small_space(const std::string& folder, std::vector<std::string> words,
                                    const std::string& options = "size=1m");

// A shell runs `script` in the same place; "$1", "$2" ... are `words`.
[[nodiscard]] Launch script_in_small_space(const std::string& folder, const std::string& script,
                                           std::vector<std::string> words,
                                           const std::string& options = "size=1m");

// Skips the test, with the reason, where namespaces are not permitted.
#define SKIP_WITHOUT_SMALL_SPACE() \
    if (!small_space_entry()) GTEST_SKIP() << "mount namespaces are not permitted here"

}  // namespace mapferry::testing

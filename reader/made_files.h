// SPDX-License-Identifier: Apache-2.0
// The files that this run has made. A run never overwrites its own files.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

class MadeFiles {
  public:
    // kCannotCreate: `path` leads to one of these files, perhaps under another name.
    [[nodiscard]] Result<void> check(const std::string& path) const;
    // Call it when the run has just made `path`.
    void add(const std::string& path);

  private:
    std::set<std::array<std::uint64_t, 3>> identities_;
};

}  // namespace mapferry::cli

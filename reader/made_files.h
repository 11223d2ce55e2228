// SPDX-License-Identifier: Apache-2.0
// The files that one run has made: it never overwrites them itself.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

class MadeFiles {
  public:
    // kCannotCreate: `path` is one of them, under whatever name.
    [[nodiscard]] Result<void> check(const std::string& path) const;
    // `path` has just been made.
    void add(const std::string& path);

  private:
    std::set<std::array<std::uint64_t, 3>> identities_;
};

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// A folder that looks like /proc and /sys to the code that reads cgroups.
#pragma once

#include <filesystem>
#include <string>

#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

class CgroupFiles {
  public:
    [[nodiscard]] std::string root() const { return folder_.path(); }
    void put(const std::string& path, const std::string& text) const {
        const std::filesystem::path whole = root() + path;
        std::filesystem::create_directories(whole.parent_path());
        write_file(whole.string(), text);
    }

  private:
    const ScratchFolder folder_;
};

}  // namespace mapferry::testing

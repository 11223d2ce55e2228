// SPDX-License-Identifier: Apache-2.0
// A folder of the test's own, gone when the test ends.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/utf8_path.h"

namespace mapferry::testing {

class ScratchFolder {
  public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] std::string path() const { return text_of(path_); }
    // A path in the folder.
    [[nodiscard]] std::string file(const std::string& name) const {
        return text_of(path_ / path_of(name));
    }
    // A new folder in the folder.
    [[nodiscard]] std::string make_folder(const std::string& name) const;
    // Names of all that is in the folder, hidden ones too, sorted.
    [[nodiscard]] std::vector<std::string> names() const { return names_in(path()); }
    [[nodiscard]] static std::vector<std::string> names_in(const std::string& folder);

  private:
    std::filesystem::path path_;
};

}  // namespace mapferry::testing

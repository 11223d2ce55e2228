// SPDX-License-Identifier: Apache-2.0
// A folder for one test, removed when the test ends.
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
    // The path of this name in the folder.
    [[nodiscard]] std::string file(const std::string& name) const {
        return text_of(path_ / path_of(name));
    }
    // Makes a folder in the folder.
    [[nodiscard]] std::string make_folder(const std::string& name) const;
    // The names of all entries in the folder, hidden ones too, sorted.
    [[nodiscard]] std::vector<std::string> names() const { return names_in(path()); }
    [[nodiscard]] static std::vector<std::string> names_in(const std::string& folder);

  private:
    std::filesystem::path path_;
};

}  // namespace mapferry::testing

// SPDX-License-Identifier: Apache-2.0
#include "support/scratch_folder.h"

#include <algorithm>
#include <stdexcept>

#include "platform/clock.h"

namespace mapferry::testing {

ScratchFolder::ScratchFolder() {
    for (int attempt = 0; attempt < 100; ++attempt) {
        path_ = std::filesystem::temp_directory_path() /
                ("mapferry-test-" + std::to_string(platform::random_u64()));
        if (std::filesystem::create_directory(path_)) return;
    }
    throw std::runtime_error("cannot make a folder for the test");
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string ScratchFolder::make_folder(const std::string& name) const {
    std::filesystem::create_directory(path_ / path_of(name));
    return file(name);
}

std::vector<std::string> ScratchFolder::names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_of(folder)))
        names.push_back(text_of(entry.path().filename()));
    std::ranges::sort(names);
    return names;
}

}  // namespace mapferry::testing

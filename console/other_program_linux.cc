// SPDX-License-Identifier: Apache-2.0
#include "console/other_program.h"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

// The folder of this program, with a slash; empty: the system does not say.
std::string own_folder() {
    std::array<char, 4096> path;
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    if (size <= 0 || static_cast<std::size_t>(size) == path.size()) return {};
    const std::string whole(path.data(), static_cast<std::size_t>(size));
    return whole.substr(0, whole.rfind('/') + 1);
}

}  // namespace

Result<void> become_program(const std::string& name, const std::vector<std::string>& arguments) {
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), name);
    std::vector<char*> raw;
    for (std::string& word : words)
        raw.push_back(word.data());
    raw.push_back(nullptr);
    if (const std::string folder = own_folder(); !folder.empty())
        ::execv((folder + name).c_str(), raw.data());
    ::execvp(name.c_str(), raw.data());
    const int error = errno;
    const Code code = error == ENOENT   ? Code::kNotFound
                      : error == EACCES ? Code::kPermission
                                        : Code::kSystem;
    return std::unexpected(
        Status{.code = code, .message = "cannot run " + name, .os_error = error});
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>

#include "gstreamer/waiting_thread.h"

namespace mapferry::testing {

namespace {

constexpr int kSleepsOfAWait = 3;

std::string first_line(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// The value of a field of /proc/.../status: `NAME:\tVALUE`.
std::string field(const std::filesystem::path& status, const std::string& name) {
    std::ifstream file(status);
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":"))
            return line.substr(line.find_first_not_of(" \t", name.size() + 1));
    }
    return "";
}

}  // namespace

bool thread_waits(const std::string& thread_name) {
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        if (first_line(thread.path() / "comm") != thread_name) continue;
        const auto status = thread.path() / "status";
        const std::string sleeps = field(status, "voluntary_ctxt_switches");
        return field(status, "State").starts_with("S") && !sleeps.empty() &&
               std::stoi(sleeps) >= kSleepsOfAWait;
    }
    return false;
}

}  // namespace mapferry::testing

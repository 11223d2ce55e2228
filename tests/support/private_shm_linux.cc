// SPDX-License-Identifier: Apache-2.0
#include "support/private_shm.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace mapferry::testing {

namespace {

constexpr const char* kShm = "/dev/shm";
constexpr const char* kTemporary = "/dev/shm/temporary";

bool write_line(const char* path, const std::string& line) {
    std::ofstream file(path);
    file << line;
    file.flush();
    return file.good();
}

// The superuser may mount. Other users may do it in a user namespace, where they keep their number.
bool enter_namespaces() {
    if (::geteuid() == 0) return ::unshare(CLONE_NEWNS) == 0;
    const std::string user = std::to_string(::geteuid());
    const std::string group = std::to_string(::getegid());
    return ::unshare(CLONE_NEWNS | CLONE_NEWUSER) == 0 &&
           write_line("/proc/self/setgroups", "deny") &&
           write_line("/proc/self/uid_map", user + " " + user + " 1") &&
           write_line("/proc/self/gid_map", group + " " + group + " 1");
}

}  // namespace

bool enter_private_shm() {
    if (!enter_namespaces()) return false;
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    if (::mount("none", kShm, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") != 0) return false;
    return ::mkdir(kTemporary, 0700) == 0 && ::setenv("TMPDIR", kTemporary, 1) == 0;
}

}  // namespace mapferry::testing

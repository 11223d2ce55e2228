// SPDX-License-Identifier: Apache-2.0
// Facts about this machine for people with a problem.
#include <linux/futex.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/try.h"
#include "format/layout.h"
#include "mapferry/detail/units.h"
#include "platform/facts.h"
#include "platform/linux/logout_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"
#include "platform/space.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kRingBytes = std::uint64_t{17} << 20;  // what one default stream takes
constexpr std::uint64_t kLeastBytes = std::uint64_t{1} << 20;  // streams can shrink to this

MachineFact fault(std::string name, std::string value, std::string hint,
                  Remedy remedy = Remedy::kNone) {
    return {std::move(name), std::move(value), Severity::kFault, std::move(hint), remedy};
}

// `good`, or a fault with its hint.
MachineFact judged(std::string name, std::string value, bool good, const char* hint) {
    if (!good) return fault(std::move(name), std::move(value), hint);
    return {std::move(name), std::move(value)};
}

// The reason why no section can be made, and the way out.
MachineFact unusable(const Status& status) {
    std::string way = status.hint;
    switch (status.os_error) {
        case EROFS:
            way = "mount it for writing: mount -o remount,rw /dev/shm";
            break;
        case EACCES:
        case EPERM:
            way = "let every user make files there: chmod 1777 /dev/shm";
            break;
        case ENOENT:
        case ENOTDIR:
            way = "mount a tmpfs at /dev/shm";
            break;
        default:
            break;
    }
    return fault("shared memory", describe(status), std::move(way), Remedy::kUseBackingFile);
}

// How much shared memory there is, and whether a section can be made of it. `object` is a section's
// object without a name.
MachineFact shared_memory_fact(const Result<SharedObject>& object) {
    const auto space = space_at({});
    if (!space) return unusable(space.error());
    if (!object) return unusable(object.error());
    MachineFact fact{"shared memory", format_bytes(space->free_bytes) + " free of " +
                                          format_bytes(space->total_bytes) + " in " + kShmFolder};
    if (space->free_bytes >= kRingBytes) return fact;
    fact.severity = space->free_bytes < kLeastBytes ? Severity::kFault : Severity::kWarning;
    fact.hint = "enlarge it (docker run --shm-size=1g)";
    fact.remedy = Remedy::kUseBackingFile;
    return fact;
}

std::string limit_text(rlim_t value, bool bytes) {
    if (value == RLIM_INFINITY) return "unlimited";
    return bytes ? format_bytes(value) : std::to_string(value);
}

// An enumeration in glibc, an int in musl.
using Resource = decltype(RLIMIT_AS);

MachineFact limit_fact(const char* name, Resource resource, bool bytes, rlim_t enough,
                       const char* hint) {
    rlimit limit{};
    ::getrlimit(resource, &limit);
    const bool good = limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= enough;
    return judged(name, limit_text(limit.rlim_cur, bytes), good, hint);
}

MachineFact kernel_fact() {
    utsname names{};
    ::uname(&names);
    return {"kernel", std::string(names.sysname) + " " + names.release + " " + names.machine};
}

MachineFact futex_fact() {
    std::uint32_t word = 0;
    const long woken = ::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    return judged("futex", woken == 0 ? "works" : "refused", woken == 0,
                  "a system-call filter is in the way; mapferry can't wake its peers");
}

// An object with one page of memory, as a section takes it, without a name, so that nobody finds
// it.
Result<SharedObject> make_object() {
    auto object = create_object({.name = "doctor"}, layout::kPageBytes);
    if (!object) return object;
    TRY(reserve(*object, 0, layout::kPageBytes));
    return object;
}

// What sections need besides memory, tried in the place where they will live.
void object_facts(const SharedObject& object, std::vector<MachineFact>& facts) {
    facts.push_back({"nameless files",
                     object.temporary.empty() ? "work" : "missing; temporary names stand in"});
    const bool locks = try_lock_role(object, layout::kRoleWriter).has_value();
    facts.push_back(judged("file locks", locks ? "work" : "refused", locks,
                           "open-file-description locks (Linux 3.15) are needed"));
}

}  // namespace

std::vector<MachineFact> machine_facts() {
    std::vector<MachineFact> facts;
    facts.push_back(kernel_fact());
    const auto object = make_object();
    facts.push_back(shared_memory_fact(object));
    facts.push_back(limit_fact("open files", RLIMIT_NOFILE, false, 64, "raise it: ulimit -n 1024"));
    facts.push_back(limit_fact("address space", RLIMIT_AS, true, 4 * kRingBytes,
                               "raise it: ulimit -v unlimited"));
    facts.push_back(limit_fact("file size", RLIMIT_FSIZE, true, kRingBytes,
                               "sections count as files; raise it: ulimit -f unlimited"));
    facts.push_back(futex_fact());
    if (object) object_facts(*object, facts);
    if (auto fact = logout_fact()) facts.push_back(std::move(*fact));
    return facts;
}

}  // namespace mapferry::inline v1::platform

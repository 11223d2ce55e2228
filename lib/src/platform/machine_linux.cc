// Facts about this machine for people with a problem.
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "mapferry/layout.h"
#include "mapferry/units.h"
#include "platform/descriptors_linux.h"
#include "platform/logout_linux.h"
#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

constexpr std::uint64_t kRingBytes = std::uint64_t{17} << 20;  // what one default stream takes

MachineFact shared_memory_fact() {
    const auto space = space_at({});
    if (!space)
        return {"shared memory", describe(space.error()), false,
                "mount a tmpfs at /dev/shm, or put sections into files with --backing PATH"};
    MachineFact fact{"shared memory",
                     format_bytes(space->free_bytes) + " free of " +
                         format_bytes(space->total_bytes) + " in " + kShmFolder,
                     true,
                     {}};
    if (space->free_bytes < kRingBytes) {
        fact.good = false;
        fact.hint = "enlarge it (docker run --shm-size=1g), or use --backing PATH or --slots 8";
    }
    return fact;
}

std::string limit_text(rlim_t value, bool bytes) {
    if (value == RLIM_INFINITY) return "unlimited";
    return bytes ? format_bytes(value) : std::to_string(value);
}

MachineFact limit_fact(const char* name, int resource, bool bytes, rlim_t enough,
                       const char* hint) {
    rlimit limit{};
    ::getrlimit(static_cast<__rlimit_resource>(resource), &limit);
    const bool good = limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= enough;
    return {name, limit_text(limit.rlim_cur, bytes), good, good ? "" : hint};
}

MachineFact kernel_fact() {
    utsname names{};
    ::uname(&names);
    return {
        "kernel", std::string(names.sysname) + " " + names.release + " " + names.machine, true, {}};
}

MachineFact futex_fact() {
    std::uint32_t word = 0;
    const long woken = ::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    return {"futex", woken == 0 ? "works" : "refused", woken == 0,
            woken == 0 ? "" : "a system-call filter is in the way; mapferry can't wake its peers"};
}

// Tries nameless files and locks on one, where sections will live.
void object_facts(std::vector<MachineFact>& facts) {
    const Handle file = open_file(kShmFolder, O_TMPFILE | O_RDWR, 0600);
    const bool nameless = file.valid() && !descriptor_path(static_cast<int>(file.get())).empty();
    facts.push_back(
        {"nameless files", nameless ? "work" : "missing; temporary names stand in", true, {}});
    SharedObject object = {};
    if (!file.valid()) return;
    object.handle = duplicate(static_cast<int>(file.get()));
    const bool locks = try_lock_role(object, layout::kRoleWriter).has_value();
    facts.push_back({"file locks", locks ? "work" : "refused", locks,
                     locks ? "" : "open-file-description locks (Linux 3.15) are needed"});
}

}  // namespace

std::vector<MachineFact> machine_facts() {
    std::vector<MachineFact> facts;
    facts.push_back(kernel_fact());
    facts.push_back(shared_memory_fact());
    facts.push_back(limit_fact("open files", RLIMIT_NOFILE, false, 64, "raise it: ulimit -n 1024"));
    facts.push_back(limit_fact("address space", RLIMIT_AS, true, 8 * kRingBytes,
                               "raise it: ulimit -v unlimited"));
    facts.push_back(limit_fact("file size", RLIMIT_FSIZE, true, kRingBytes,
                               "sections count as files; raise it: ulimit -f unlimited"));
    facts.push_back(futex_fact());
    object_facts(facts);
    if (auto fact = logout_fact()) facts.push_back(std::move(*fact));
    return facts;
}

}  // namespace mapferry::platform

// SPDX-License-Identifier: Apache-2.0
// Facts about this machine for people with a problem.
#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include "format/layout.h"
#include "mapferry/detail/machine_fact.h"
#include "mapferry/detail/units.h"
#include "platform/clock.h"
#include "platform/facts.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"
#include "platform/space.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/security_win32.h"
#include "platform/win32/wide_win32.h"

extern "C" NTSTATUS NTAPI RtlGetVersion(OSVERSIONINFOW* version);

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kRingBytes = std::uint64_t{17} << 20;  // what one default stream takes

// This function exists only under Wine; null on Windows.
const char* wine_version() {
    using VersionFunction = const char*(__cdecl*)();
    const FARPROC function = ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version");
    if (function == nullptr) return nullptr;
    return reinterpret_cast<VersionFunction>(reinterpret_cast<void*>(function))();
}

MachineFact system_fact() {
    OSVERSIONINFOW version{};
    version.dwOSVersionInfoSize = sizeof version;
    ::RtlGetVersion(&version);
    std::string value = "Windows " + std::to_string(version.dwMajorVersion) + "." +
                        std::to_string(version.dwMinorVersion) + "." +
                        std::to_string(version.dwBuildNumber);
    value += sizeof(void*) == 4 ? ", 32-bit program" : ", 64-bit program";
    if (const char* const wine = wine_version()) value += std::string(", under Wine ") + wine;
    return {"system", value};
}

MachineFact shared_memory_fact() {
    const auto space = space_at({});
    if (!space)
        return {"shared memory",
                describe(space.error()),
                Severity::kFault,
                {},
                Remedy::kUseBackingFile};
    MachineFact fact{"shared memory", format_bytes(space->free_bytes) + " free of " +
                                          format_bytes(space->total_bytes) +
                                          " of memory and page file"};
    if (space->free_bytes < kRingBytes) {
        fact.severity = Severity::kFault;
        fact.hint = "enlarge the page file";
        fact.remedy = Remedy::kUseBackingFile;
    }
    return fact;
}

MachineFact owner_fact() {
    const bool good = owner_only() != nullptr;
    if (good) return {"owner's descriptor", "works"};
    return {"owner's descriptor", "missing", Severity::kFault,
            "this process can't read its own token, so it makes no sections"};
}

// Whether this user can make an object that all sessions see.
MachineFact global_fact() {
    const std::wstring name = to_wide("Global\\mapferry-doctor." + hex_id(random_u64()));
    const bool good = own(::CreateFileMappingW(INVALID_HANDLE_VALUE, owner_only(), PAGE_READWRITE,
                                               0, 4096, name.c_str()))
                          .valid();
    return {"global sections", good ? "allowed" : "not allowed to this user"};
}

// Tries the role's lock where sections live.
MachineFact lock_fact() {
    const SectionAddress address{.name = "doctor", .backing_path = {}};
    auto object = create_object(address, layout::kPageBytes);
    const bool good = object && try_lock_role(*object, layout::kRoleWriter).has_value();
    if (good) return {"named mutexes", "work"};
    return {"named mutexes", "refused", Severity::kFault,
            "this process may not make named kernel objects"};
}

}  // namespace

std::vector<MachineFact> machine_facts() {
    return {system_fact(), shared_memory_fact(), owner_fact(), global_fact(), lock_fact()};
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// Finding sections by their prefix in the kernel's folder of named objects.
#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/try.h"
#include "format/layout.h"
#include "mapferry/printable_text.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"
#include "platform/win32/name_cell_win32.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"

// From ntdll, and missing in winternl.h; Microsoft documents both.
struct DirectoryEntry {
    UNICODE_STRING name;
    UNICODE_STRING type;
};
extern "C" NTSTATUS NTAPI NtOpenDirectoryObject(HANDLE* directory, ACCESS_MASK access,
                                                OBJECT_ATTRIBUTES* attributes);
extern "C" NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE directory, void* buffer, ULONG buffer_bytes,
                                                 BOOLEAN one_entry, BOOLEAN restart, ULONG* context,
                                                 ULONG* returned);

namespace mapferry::inline v1::platform {

namespace {

constexpr ACCESS_MASK kQuery = 1;  // DIRECTORY_QUERY

// Where the objects of the namespace are in the kernel's tree.
std::wstring folder_of(Reach reach) {
    DWORD session = 0;
    const bool known = ::ProcessIdToSessionId(::GetCurrentProcessId(), &session) != 0;
    if (reach == Reach::kMachine || !known || session == 0) return L"\\BaseNamedObjects";
    return L"\\Sessions\\" + std::to_wstring(session) + L"\\BaseNamedObjects";
}

Result<Handle> open_folder(Reach reach) {
    std::wstring path = folder_of(reach);
    UNICODE_STRING name{};
    name.Buffer = path.data();
    name.Length = static_cast<USHORT>(path.size() * sizeof(wchar_t));
    name.MaximumLength = name.Length;
    OBJECT_ATTRIBUTES attributes{};
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, nullptr, nullptr);
    HANDLE folder = nullptr;
    const NTSTATUS status = ::NtOpenDirectoryObject(&folder, kQuery, &attributes);
    if (status < 0)
        return std::unexpected(native_status("cannot list " + in_quotes(to_utf8(path)),
                                             static_cast<int>(::RtlNtStatusToDosError(status))));
    return own(folder);
}

std::string text_of(const UNICODE_STRING& text) {
    return to_utf8({text.Buffer, text.Length / sizeof(wchar_t)});
}

using Names = std::vector<std::string>;

// One pass over the folder: the names and kinds of what is there.
Names look_through(const Handle& folder) {
    Names entries;
    alignas(DirectoryEntry) std::array<std::byte, 4096> buffer{};
    ULONG context = 0;
    while (::NtQueryDirectoryObject(raw(folder), buffer.data(), static_cast<ULONG>(buffer.size()),
                                    TRUE, FALSE, &context, nullptr) >= 0) {
        const auto* const entry = reinterpret_cast<const DirectoryEntry*>(buffer.data());
        entries.push_back(text_of(entry->name) + "/" + text_of(entry->type));
    }
    return entries;
}

// Entries are numbered, and get new numbers when one of them comes or goes, so a pass may meet one
// twice and miss another. When two passes are alike, nothing came or went between them. For a
// folder that never rests the result is everything that any pass has met; the user of a name finds
// out whether it is still there.
Names all_entries(const Handle& folder) {
    constexpr int kPassesMax = 20;
    Names all;
    Names before;
    for (int pass = 0; pass < kPassesMax; ++pass) {
        Names now = look_through(folder);
        if (pass > 0 && now == before) return now;
        all.insert(all.end(), now.begin(), now.end());
        before = std::move(now);
    }
    return all;
}

Names all_section_names(const Handle& folder) {
    constexpr std::string_view kSection = "/Section";
    Names names;
    for (std::string& entry : all_entries(folder)) {
        if (!entry.starts_with(kNamePrefix) || !entry.ends_with(kSection)) continue;
        entry.resize(entry.size() - kSection.size());
        names.push_back(std::move(entry));
    }
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    return names;
}

}  // namespace

Result<ObjectList> list_objects(Reach reach, Owners, const Sharing& sharing) {
    TRY_ASSIGN(auto folder, open_folder(reach));
    ObjectList list;
    for (const std::string& name : all_section_names(folder)) {
        const SectionAddress address{
            .name = name.substr(kNamePrefix.size()), .reach = reach, .sharing = sharing};
        // A cell that names nothing is no section, and a cell that can't be read is not ours.
        const auto number = look_up_name(address);
        if (number && *number) list.names.push_back(address.name);
    }
    return list;
}

Result<bool> remove_leftover(const std::string& path) {
    SharedObject object;
    object.address.backing_path = path;
    auto opened = open_object(object.address);
    if (!opened) {
        if (opened.error().code == Code::kNotFound) return false;
        return std::unexpected(opened.error());
    }
    // The maker holds the writer's role from before the first byte until the file is renamed.
    TRY_ASSIGN(auto held, role_is_held(*opened, layout::kRoleWriter));
    if (held) return false;
    TRY(unlink_object(*opened));
    return true;
}

}  // namespace mapferry::inline v1::platform

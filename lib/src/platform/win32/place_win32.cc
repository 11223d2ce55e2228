// SPDX-License-Identifier: Apache-2.0
// What has the name of a section, and whose it is. For a section in memory the cell of its name
// holds that; another user's cell cannot be read.
#include <windows.h>

#include "base/fail.h"
#include "base/try.h"
#include "platform/handle.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/shared_object.h"
#include "platform/win32/name_cell_win32.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/security_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

Result<Place> look_in_memory(const SectionAddress& address) {
    TRY_ASSIGN(const auto number, look_up_name(address));
    if (!number)
        return fail(Code::kNotFound, "cannot open " + to_string(address) + ": there is none");
    return Place{.what = "a section in memory"};
}

}  // namespace

Result<Place> look_at_place(const SectionAddress& address) {
    if (address.backing_path.empty()) return look_in_memory(address);
    const std::string what = to_string(address);
    const Handle file = own(::CreateFileW(
        wide_path(full_path(address.backing_path)).c_str(), FILE_READ_ATTRIBUTES | READ_CONTROL,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!file.valid()) return std::unexpected(native_status("cannot open " + what));
    BY_HANDLE_FILE_INFORMATION facts{};
    if (::GetFileInformationByHandle(raw(file), &facts) == 0)
        return std::unexpected(native_status("cannot examine " + what));
    TRY_ASSIGN(auto ownership, ownership_of(raw(file), ObjectKind::kFile, address));
    const std::uint64_t bytes =
        static_cast<std::uint64_t>(facts.nFileSizeHigh) << 32 | facts.nFileSizeLow;
    const bool is_link = (facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    const bool is_file = !is_link && (facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
    return Place{.what = is_link      ? "a symbolic link"
                         : !is_file   ? "a folder"
                         : bytes == 0 ? "an empty file"
                                      : "a file of " + std::to_string(bytes) + " bytes",
                 .owner = std::move(ownership.other),
                 .is_file = is_file,
                 .bytes = bytes,
                 .shared_with = std::move(ownership.shared_with),
                 .trusted = ownership.trusted};
}

Result<Place> look_at_object(const SharedObject& object) {
    const bool in_memory = object.address.backing_path.empty();
    TRY_ASSIGN(
        auto ownership,
        ownership_of(raw(object.handle), in_memory ? ObjectKind::kKernelObject : ObjectKind::kFile,
                     object.address));
    return Place{.what = "a section",
                 .owner = std::move(ownership.other),
                 .bytes = object.object_bytes,
                 .shared_with = std::move(ownership.shared_with),
                 .trusted = ownership.trusted};
}

Result<void> clear_place(const SectionAddress& address) {
    return fail(Code::kPermission, "cannot remove " + to_string(address) + ": it is in use");
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// Shared objects. In memory they are sections of the page file under random names, found through a
// name's cell (name_cell_win32.h); files are mapped and get their name by a rename. In both cases
// an object gets the name that others know only when it is complete and locked.
#include <windows.h>
// After windows.h, which they need.
#include <winioctl.h>
#include <winternl.h>

#include <charconv>
#include <limits>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"
#include "platform/clock.h"
#include "platform/mapping.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/shared_object.h"
#include "platform/space.h"
#include "platform/win32/bell_names_win32.h"
#include "platform/win32/leftover_files_win32.h"
#include "platform/win32/name_cell_win32.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/security_win32.h"
#include "platform/win32/wide_win32.h"

// From ntdll, and missing in winternl.h. The documentation of ZwQuerySection has both.
struct SectionBasicInformation {
    void* base;
    ULONG attributes;
    LARGE_INTEGER size;
};
extern "C" NTSTATUS NTAPI NtQuerySection(HANDLE section, int information_class, void* buffer,
                                         SIZE_T buffer_bytes, SIZE_T* needed);

namespace mapferry::inline v1::platform {

namespace {

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

bool in_memory(const SectionAddress& address) {
    return address.backing_path.empty();
}

std::string object_id(Reach reach, std::uint64_t number) {
    return name_space(reach) + std::string(kObjectPrefix) + hex_id(number);
}

// The reverse, for an object in memory.
std::uint64_t number_of(const SharedObject& object) {
    const std::string_view digits = std::string_view(object.id).substr(object.id.size() - 16);
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return number;
}

bool is_there(Reach reach, std::uint64_t number) {
    const std::wstring name = to_wide(object_id(reach, number));
    return own(::OpenFileMappingW(FILE_MAP_READ, FALSE, name.c_str())).valid();
}

// The path that a file of this id gets when it is removed.
std::string removed_path(const std::string& path, const std::string& id) {
    return split_path(path).folder + "/" + std::string(kRemovedPrefix) +
           id.substr(id.rfind('.') + 1);
}

// The id that names a file's kernel objects: the same for all processes that open it here.
Result<std::string> file_id(HANDLE file, const std::string& what) {
    BY_HANDLE_FILE_INFORMATION facts{};
    if (::GetFileInformationByHandle(file, &facts) == 0)
        return std::unexpected(native_status("cannot examine " + what));
    const std::uint64_t index =
        static_cast<std::uint64_t>(facts.nFileIndexHigh) << 32 | facts.nFileIndexLow;
    return name_space(Reach::kSession) + "mapferry-file." + hex_id(facts.dwVolumeSerialNumber) +
           "-" + hex_id(index);
}

Result<SharedObject> create_in_memory(const SectionAddress& address, std::uint64_t bytes) {
    SharedObject object{.handle = {}, .address = address, .object_bytes = bytes};
    object.id = object_id(address.reach, random_u64());
    TRY_ASSIGN(object.access_list,
               access_list_for(address.sharing, ObjectKind::kKernelObject, to_string(address)));
    SECURITY_ATTRIBUTES attributes = attributes_with(object.access_list);
    object.handle = own(::CreateFileMappingW(
        INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE | SEC_RESERVE,
        static_cast<DWORD>(bytes >> 32), static_cast<DWORD>(bytes), to_wide(object.id).c_str()));
    const DWORD error = ::GetLastError();  // at once: success may still say ALREADY_EXISTS
    if (!object.handle.valid()) {
        if (error == ERROR_COMMITMENT_LIMIT || error == ERROR_NOT_ENOUGH_MEMORY ||
            error == ERROR_DISK_FULL)
            return std::unexpected(out_of_space(address, bytes));
        return std::unexpected(
            native_status("cannot create " + to_string(address), static_cast<int>(error)));
    }
    if (error == ERROR_ALREADY_EXISTS)
        return fail(Code::kCannotCreate, to_string(address) + " has the number of another section");
    return object;
}

Result<SharedObject> create_in_file(const SectionAddress& address, std::uint64_t bytes) {
    SharedObject object{.handle = {},
                        .address = address,
                        .object_bytes = bytes,
                        .path = full_path(address.backing_path)};
    const std::string folder = split_path(object.path).folder;
    TRY_ASSIGN(const auto list,
               access_list_for(address.sharing, ObjectKind::kFile, to_string(address)));
    SECURITY_ATTRIBUTES attributes = attributes_with(list);
    remove_leftovers(folder);
    // Made before there is a file, so that the file goes when there is no memory for what follows.
    object.temporary = TemporaryPath(folder + "/" + temporary_name());
    object.handle = own(::CreateFileW(wide_path(object.temporary.path()).c_str(),
                                      GENERIC_READ | GENERIC_WRITE | DELETE, kShareAll, &attributes,
                                      CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!object.handle.valid()) {
        object.temporary.keep();  // somebody else has it
        Status status =
            native_status("cannot create " + to_string(address) + " in " + in_quotes(folder));
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        return std::unexpected(std::move(status));
    }
    const HANDLE file = raw(object.handle);
    DWORD ignored = 0;
    // A failure is ignored. Only a payload of unknown size, whose section is made as large as the
    // free disk space, can't do without.
    ::DeviceIoControl(file, FSCTL_SET_SPARSE, nullptr, 0, nullptr, 0, &ignored, nullptr);
    FILE_END_OF_FILE_INFO end{};
    end.EndOfFile.QuadPart = static_cast<LONGLONG>(bytes);
    Status failure;
    if (::SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof end) == 0) {
        failure = ::GetLastError() == ERROR_DISK_FULL
                      ? out_of_space(address, bytes)
                      : native_status("cannot make " + to_string(address) + " " +
                                      std::to_string(bytes) + " bytes long");
    } else if (auto id = file_id(file, to_string(address)); !id) {
        failure = id.error();
    } else {
        object.id = std::move(*id);
        object.remains = TemporaryPath(removed_path(object.path, object.id));
        return object;
    }
    return std::unexpected(std::move(failure));
}

Result<SharedObject> open_in_memory(const SectionAddress& address, Owners owners) {
    const std::string what = to_string(address);
    TRY_ASSIGN(const auto number, look_up_name(address));
    if (!number) return fail(Code::kNotFound, "cannot open " + what + ": there is none");
    SharedObject object{.handle = {}, .address = address};
    object.id = object_id(address.reach, *number);
    object.handle =
        own(::OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE | SECTION_QUERY | READ_CONTROL, FALSE,
                               to_wide(object.id).c_str()));
    if (!object.handle.valid()) return std::unexpected(native_status("cannot open " + what));
    auto ours = check_owner(raw(object.handle), ObjectKind::kKernelObject, address);
    if (!ours && owners == Owners::kThisUser) return std::unexpected(ours.error());
    object.access_list = access_list_like(raw(object.handle));
    SectionBasicInformation facts{};
    if (::NtQuerySection(raw(object.handle), 0, &facts, sizeof facts, nullptr) < 0)
        return fail(Code::kSystem, "cannot examine " + what);
    object.object_bytes = static_cast<std::uint64_t>(facts.size.QuadPart);
    return object;
}

Result<SharedObject> open_in_file(const SectionAddress& address, Owners owners) {
    const std::string what = to_string(address);
    SharedObject object{.handle = {}, .address = address, .path = full_path(address.backing_path)};
    // Opens a link itself, not what it leads to; and folders too, so that they are recognised.
    const auto open = [path = wide_path(object.path)](DWORD rights) {
        constexpr DWORD kFlags = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS;
        return own(::CreateFileW(path.c_str(), rights, kShareAll, nullptr, OPEN_EXISTING, kFlags,
                                 nullptr));
    };
    object.handle = open(GENERIC_READ | GENERIC_WRITE);
    const DWORD error = object.handle.valid() ? ERROR_SUCCESS : ::GetLastError();
    if (error == ERROR_ACCESS_DENIED || error == ERROR_WRITE_PROTECT) {
        object.handle = open(GENERIC_READ);
        object.access = Access::kRead;
    }
    if (!object.handle.valid()) return std::unexpected(native_status("cannot open " + what));
    const HANDLE file = raw(object.handle);
    FILE_ATTRIBUTE_TAG_INFO attributes{};
    const bool regular = ::GetFileType(file) == FILE_TYPE_DISK &&
                         ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &attributes,
                                                        sizeof attributes) != 0;
    constexpr DWORD kNoFile = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    if (!regular || (attributes.FileAttributes & kNoFile) != 0)
        return fail(Code::kPermission, what + " is not a regular file");
    auto ours = check_owner(file, ObjectKind::kFile, address);
    if (!ours && owners == Owners::kThisUser) return std::unexpected(ours.error());
    LARGE_INTEGER size{};
    if (::GetFileSizeEx(file, &size) == 0)
        return std::unexpected(native_status("cannot examine " + what));
    object.object_bytes = static_cast<std::uint64_t>(size.QuadPart);
    TRY_ASSIGN(object.id, file_id(file, what));
    object.remains = TemporaryPath(removed_path(object.path, object.id));
    return object;
}

// Takes the file's name away by renaming the file, if the name still leads to it. A deleted file
// would keep its name until the last handle is closed, and a mapped one can't be deleted at all.
// The process that unmaps it last deletes it (SharedObject::remains).
Result<void> remove_file(const SharedObject& object) {
    const std::string what = to_string(object.address);
    const Handle file =
        own(::CreateFileW(wide_path(object.path).c_str(), DELETE | FILE_READ_ATTRIBUTES, kShareAll,
                          nullptr, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!file.valid()) return std::unexpected(native_status("cannot remove " + what));
    TRY_ASSIGN(auto id, file_id(raw(file), what));
    if (id != object.id) return fail(Code::kNotFound, "cannot remove " + what + ": it is gone");
    const DWORD error = rename_file(raw(file), removed_path(object.path, id), Overwrite::kReplace);
    if (error != ERROR_SUCCESS)
        return std::unexpected(native_status("cannot remove " + what, static_cast<int>(error)));
    (void)delete_on_close(raw(file));  // if no process maps it any more
    return {};
}

// Maps a view of the object: by its own handle, or for a file by a mapping made for this view.
Result<void*> map_view(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes,
                       Access access) {
    const DWORD wanted = access == Access::kRead ? FILE_MAP_READ : FILE_MAP_READ | FILE_MAP_WRITE;
    Handle file_mapping;
    if (!in_memory(object.address)) {
        file_mapping = own(::CreateFileMappingW(
            raw(object.handle), nullptr, access == Access::kRead ? PAGE_READONLY : PAGE_READWRITE,
            0, 0, nullptr));
        if (!file_mapping.valid()) return std::unexpected(native_status("cannot map"));
    }
    void* const view = ::MapViewOfFile(
        file_mapping.valid() ? raw(file_mapping) : raw(object.handle), wanted,
        static_cast<DWORD>(offset >> 32), static_cast<DWORD>(offset), static_cast<SIZE_T>(bytes));
    if (view == nullptr) return std::unexpected(native_status("cannot map"));
    return view;
}

}  // namespace

Result<SharedObject> create_object(const SectionAddress& address, std::uint64_t bytes) {
    if (owner_only() == nullptr)
        return std::unexpected(native_status("cannot tell whose process this is"));
    return in_memory(address) ? create_in_memory(address, bytes) : create_in_file(address, bytes);
}

Result<void> publish_object(SharedObject& object) {
    if (in_memory(object.address)) {
        TRY_ASSIGN(object.name_cell, link_name(object.address, number_of(object), is_there));
        return {};
    }
    const DWORD error = rename_file(raw(object.handle), object.path, Overwrite::kRefuse);
    if (error != ERROR_SUCCESS)
        return std::unexpected(
            native_status("cannot create " + to_string(object.address), static_cast<int>(error)));
    object.temporary.keep();
    return {};
}

bool section_persists(const SharedObject& object) {
    return !in_memory(object.address);
}

Result<bool> share_name(SharedObject& object) {
    if (!in_memory(object.address)) return is_current(object);
    TRY_ASSIGN(object.name_cell, keep_name(object.address, number_of(object)));
    return object.name_cell.valid();
}

Result<SharedObject> open_object(const SectionAddress& address, Owners owners) {
    return in_memory(address) ? open_in_memory(address, owners) : open_in_file(address, owners);
}

bool may_remove(const SharedObject&) {
    return true;  // or the removal itself fails
}

Result<std::uint64_t> object_bytes_now(const SharedObject& object) {
    if (in_memory(object.address)) return object.object_bytes;
    LARGE_INTEGER size{};
    if (::GetFileSizeEx(raw(object.handle), &size) == 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    return static_cast<std::uint64_t>(size.QuadPart);
}

namespace {

Result<bool> leads_to(const std::string& path, const SharedObject& object) {
    const std::string what = to_string(object.address);
    const Handle file = own(::CreateFileW(
        wide_path(path).c_str(), FILE_READ_ATTRIBUTES, kShareAll, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!file.valid()) {
        if (::GetLastError() == ERROR_FILE_NOT_FOUND) return false;
        return std::unexpected(native_status("cannot examine " + what));
    }
    TRY_ASSIGN(const auto id, file_id(raw(file), what));
    return id == object.id;
}

}  // namespace

Result<bool> is_current(const SharedObject& object) {
    if (in_memory(object.address)) {
        TRY_ASSIGN(const auto number, look_up_name(object.address));
        return number == number_of(object);
    }
    return leads_to(object.path, object);
}

Result<bool> is_removed(const SharedObject& object) {
    if (in_memory(object.address)) return true;  // the name was all that led to it
    // A removed file has the name that remove_file() gave it, until its last user closes it.
    auto remains = leads_to(object.remains.path(), object);
    if (!remains || *remains) return remains;
    BY_HANDLE_FILE_INFORMATION facts{};
    if (::GetFileInformationByHandle(raw(object.handle), &facts) == 0)
        return ::GetLastError() == ERROR_ACCESS_DENIED;  // it is being deleted
    return facts.nNumberOfLinks == 0;
}

Result<void> check_stored(const SharedObject& object) {
    if (in_memory(object.address)) return {};
    const std::string failure = "cannot store all of " + to_string(object.address);
    auto second = duplicate(raw(object.handle));
    if (!second.valid()) return std::unexpected(native_status(failure));
    return second.close_checked(failure);
}

Result<void> unlink_object(const SharedObject& object) {
    if (in_memory(object.address)) return unlink_name(object.address, number_of(object));
    return remove_file(object);
}

void hold_map_source(SharedObject&) {}

Result<Mapping> map(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes,
                    Access access) {
    const std::string what = format_bytes(bytes) + " of " + to_string(object.address);
    if (bytes > std::numeric_limits<SIZE_T>::max() / 2)
        return fail(Code::kSystem, "cannot map " + what + " into a 32-bit program",
                    "use a 64-bit program", Remedy::kSendAsStream);
    auto view = map_view(object, offset, bytes, access);
    if (!view) {
        Status status = view.error();
        status.message = "cannot map " + what + status.message.substr(sizeof "cannot map" - 1);
        if (status.os_error == ERROR_NOT_ENOUGH_MEMORY && sizeof(void*) == 4) {
            status.hint = "use a 64-bit program";
            status.remedy = Remedy::kSendAsStream;
        }
        return std::unexpected(std::move(status));
    }
    // Owned at once, so that the view goes when there is no memory to remember it.
    Mapping mapping(static_cast<std::byte*>(*view), static_cast<std::size_t>(bytes));
    remember_view(mapping.data(), object, offset);
    return mapping;
}

}  // namespace mapferry::inline v1::platform

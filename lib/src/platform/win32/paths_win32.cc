// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/paths_win32.h"

#include <cstring>
#include <vector>

#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/place.h"
#include "platform/shared_object.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

bool has_windows_names() {
    return true;
}

namespace {

// A program may have closed a standard handle of its own. The next handle then gets its number, and
// the program's output lands there.
bool has_standard_number(HANDLE handle) {
    return handle == ::GetStdHandle(STD_INPUT_HANDLE) ||
           handle == ::GetStdHandle(STD_OUTPUT_HANDLE) ||
           handle == ::GetStdHandle(STD_ERROR_HANDLE);
}

}  // namespace

std::string name_space(Reach reach) {
    return reach == Reach::kMachine ? "Global\\" : "Local\\";
}

std::wstring cell_name(const SectionAddress& address) {
    return to_wide(name_space(address.reach) + std::string(kNamePrefix) + address.name);
}

std::string hex_id(std::uint64_t id) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += kDigits[id >> shift & 15];
    return text;
}

SplitPath split_path(const std::string& path) {
    const std::size_t end = path.find_last_of("/\\:");
    if (end == std::string::npos) return {".", path};
    // "C:name", "/name" and "C:/name" keep the character that makes the folder a folder.
    const bool keeps = path[end] == ':' || end == 0 || (end == 2 && path[1] == ':');
    return {path.substr(0, keeps ? end + 1 : end), path.substr(end + 1)};
}

std::string full_path(const std::string& path) {
    if (path.empty()) return path;
    const std::wstring wide = wide_path(path);
    std::wstring full(32'768, L'\0');
    const DWORD units =
        ::GetFullPathNameW(wide.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
    if (units == 0 || units >= full.size()) return path;
    full.resize(units);
    return to_utf8(full);
}

SectionAddress fixed_address(const SectionAddress& address) {
    SectionAddress fixed = address;
    if (!fixed.backing_path.empty()) fixed.backing_path = full_path(fixed.backing_path);
    return fixed;
}

std::string temporary_name() {
    return std::string(kTemporaryPrefix) + hex_id(random_u64());
}

Handle own(HANDLE handle) {
    if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return {};
    Handle owned(reinterpret_cast<std::intptr_t>(handle));
    if (!has_standard_number(handle)) return owned;
    const DWORD error = ::GetLastError();
    HANDLE copy = nullptr;
    const HANDLE process = ::GetCurrentProcess();
    if (::DuplicateHandle(process, handle, process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS) == 0)
        return {};
    Handle other = own(copy);  // while the first one keeps its number
    owned.close();
    ::SetLastError(error);
    return other;
}

Handle duplicate(HANDLE handle) {
    HANDLE second = nullptr;
    const HANDLE process = ::GetCurrentProcess();
    if (::DuplicateHandle(process, handle, process, &second, 0, FALSE, DUPLICATE_SAME_ACCESS) == 0)
        return {};
    return own(second);
}

DWORD rename_file(HANDLE file, const std::string& path, Overwrite overwrite) {
    // The system needs the whole path here. A bare name would rightly land in the current folder,
    // but a path relative to that folder would not be understood.
    const std::wstring full = wide_path(full_path(path));
    const std::size_t name_bytes = full.size() * sizeof(wchar_t);
    std::vector<std::byte> buffer(sizeof(FILE_RENAME_INFO) + name_bytes);
    auto* const info = reinterpret_cast<FILE_RENAME_INFO*>(buffer.data());
    info->ReplaceIfExists = overwrite == Overwrite::kReplace ? TRUE : FALSE;
    info->RootDirectory = nullptr;
    info->FileNameLength = static_cast<DWORD>(name_bytes);
    std::memcpy(info->FileName, full.data(), name_bytes);
    if (::SetFileInformationByHandle(file, FileRenameInfo, info,
                                     static_cast<DWORD>(buffer.size())) != 0)
        return ERROR_SUCCESS;
    const DWORD error = ::GetLastError();
    return error == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : error;
}

DWORD delete_on_close(HANDLE file) {
    FILE_DISPOSITION_INFO info{};
    info.DeleteFile = TRUE;
    if (::SetFileInformationByHandle(file, FileDispositionInfo, &info, sizeof info) != 0)
        return ERROR_SUCCESS;
    return ::GetLastError();
}

}  // namespace mapferry::inline v1::platform

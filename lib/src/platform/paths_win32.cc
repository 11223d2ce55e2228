#include "platform/paths_win32.h"

#include <cstring>
#include <vector>

#include "platform/wide_win32.h"

namespace mapferry::platform {

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
    // "C:name", "/name" and "C:/name" keep what makes the folder one.
    const bool keeps = path[end] == ':' || end == 0 || (end == 2 && path[1] == ':');
    return {path.substr(0, keeps ? end + 1 : end), path.substr(end + 1)};
}

std::string temporary_name() {
    return std::string(kTemporaryPrefix) + hex_id(random_u64());
}

Handle own(HANDLE handle) {
    if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return {};
    return Handle(reinterpret_cast<std::intptr_t>(handle));
}

DWORD rename_file(HANDLE file, const std::string& path, Overwrite overwrite) {
    // The system wants the whole path here: a bare name would land in the current folder, which is
    // right, but a folder relative to it would not be understood.
    const std::wstring wide = wide_path(path);
    std::wstring full(32'768, L'\0');
    const DWORD units =
        ::GetFullPathNameW(wide.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
    if (units == 0 || units >= full.size()) return ERROR_INVALID_NAME;
    full.resize(units);
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

}  // namespace mapferry::platform

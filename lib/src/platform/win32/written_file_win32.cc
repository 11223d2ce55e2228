// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/written_file_win32.h"

#include <windows.h>
#include <winioctl.h>

#include <algorithm>
#include <limits>

#include "base/fail.h"
#include "mapferry/printable_text.h"
#include "platform/clock.h"
#include "platform/native_error.h"
#include "platform/win32/file_times_win32.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::size_t kFileWriteMax = std::size_t{1} << 30;
constexpr std::uint32_t kOwnerWrites = 0200;

FILETIME file_time(std::int64_t unix_ns) {
    // Rounded down, also before 1970.
    const std::int64_t steps = unix_ns / 100 - (unix_ns % 100 < 0 ? 1 : 0);
    const auto ticks = static_cast<std::uint64_t>(steps + kUnixEpochTicks);
    return {.dwLowDateTime = static_cast<DWORD>(ticks),
            .dwHighDateTime = static_cast<DWORD>(ticks >> 32)};
}

}  // namespace

Result<void> write_all(const Handle& file, std::span<const std::byte> bytes,
                       const std::string& path) {
    while (!bytes.empty()) {
        const auto wanted = static_cast<DWORD>(std::min(bytes.size(), kFileWriteMax));
        DWORD put = 0;
        if (::WriteFile(raw(file), bytes.data(), wanted, &put, nullptr) == 0) {
            Status status = native_status("cannot write " + in_quotes(path));
            status.code = Code::kIo;
            return std::unexpected(std::move(status));
        }
        bytes = bytes.subspan(put);
    }
    return {};
}

Result<bool> leave_hole(const Handle& file, std::uint64_t bytes, const std::string& path) {
    LARGE_INTEGER begin{};
    LARGE_INTEGER size{};
    DWORD got = 0;
    // A file that is not sparse would get its zeros when something is written behind them.
    if (::DeviceIoControl(raw(file), FSCTL_SET_SPARSE, nullptr, 0, nullptr, 0, &got, nullptr) ==
            0 ||
        ::SetFilePointerEx(raw(file), {}, &begin, FILE_CURRENT) == 0 ||
        ::GetFileSizeEx(raw(file), &size) == 0)
        return false;
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (bytes > most - static_cast<std::uint64_t>(begin.QuadPart))
        return fail(Code::kIo, "cannot write " + in_quotes(path) + ": it would be too large");
    LARGE_INTEGER end{};
    end.QuadPart = begin.QuadPart + static_cast<std::int64_t>(bytes);
    FILE_ZERO_DATA_INFORMATION zeros{.FileOffset = begin, .BeyondFinalZero = end};
    zeros.BeyondFinalZero.QuadPart = std::min(end.QuadPart, size.QuadPart);
    if (zeros.BeyondFinalZero.QuadPart > begin.QuadPart &&
        ::DeviceIoControl(raw(file), FSCTL_SET_ZERO_DATA, &zeros, sizeof zeros, nullptr, 0, &got,
                          nullptr) == 0)
        return false;
    if (::SetFilePointerEx(raw(file), end, nullptr, FILE_BEGIN) != 0) return true;
    Status status = native_status("cannot write " + in_quotes(path));
    status.code = Code::kIo;
    return std::unexpected(std::move(status));
}

Result<void> end_at_position(const Handle& file, const std::string& path) {
    if (::SetEndOfFile(raw(file)) != 0) return {};
    return std::unexpected(native_status("cannot cut " + in_quotes(path) + " to its new length"));
}

Result<std::string> apply_attributes(const Handle& file, const FileAttributes& attributes,
                                     const std::string& path) {
    FILE_BASIC_INFO info{};  // zero: leave as it is
    const auto& bits =
        attributes.permission_bits ? attributes.permission_bits : attributes.permission_limit;
    const bool read_only = bits && (*bits & kOwnerWrites) == 0;
    info.FileAttributes = read_only ? FILE_ATTRIBUTE_READONLY : FILE_ATTRIBUTE_NORMAL;
    if (attributes.mtime_unix_ns) {
        const FILETIME time = file_time(*attributes.mtime_unix_ns);
        info.LastWriteTime.LowPart = time.dwLowDateTime;
        info.LastWriteTime.HighPart = static_cast<LONG>(time.dwHighDateTime);
    }
    if (::SetFileInformationByHandle(raw(file), FileBasicInfo, &info, sizeof info) != 0)
        return std::string();
    // FAT has no time before 1980 and reports that.
    const DWORD error = ::GetLastError();
    info.LastWriteTime = {};
    if (error == ERROR_INVALID_PARAMETER && attributes.mtime_unix_ns &&
        ::SetFileInformationByHandle(raw(file), FileBasicInfo, &info, sizeof info) != 0)
        return in_quotes(path) + " has the time of its arrival: its file system can't hold the " +
               "source's";
    return std::unexpected(
        native_status("cannot set the attributes of " + in_quotes(path), static_cast<int>(error)));
}

std::unexpected<Status> section_in_use(const std::string& what) {
    return fail(Code::kCannotCreate, what + " is a section that is in use",
                "name another file: writing here would destroy the section");
}

Result<Existing> examine_existing(const std::string& path,
                                  const std::optional<FileIdentity>& source) {
    const std::string what = in_quotes(path);
    const std::string name = split_path(path).name;
    if (name.empty() || name == "." || name == "..")
        return fail(Code::kCannotCreate, what + " is not a file name");
    const Handle existing = own(::CreateFileW(
        wide_path(path).c_str(), FILE_READ_ATTRIBUTES,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!existing.valid()) {
        const DWORD error = ::GetLastError();
        if (error == ERROR_FILE_NOT_FOUND) return Existing::kNothing;
        Status status = native_status("cannot create " + what, static_cast<int>(error));
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        return std::unexpected(std::move(status));
    }
    BY_HANDLE_FILE_INFORMATION facts{};
    constexpr DWORD kNoFile = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    if (::GetFileType(raw(existing)) != FILE_TYPE_DISK ||
        ::GetFileInformationByHandle(raw(existing), &facts) == 0 ||
        (facts.dwFileAttributes & kNoFile) != 0)
        return fail(Code::kCannotCreate, what + " exists and is not a regular file",
                    Remedy::kUseStandardOutput);
    const std::uint64_t index =
        static_cast<std::uint64_t>(facts.nFileIndexHigh) << 32 | facts.nFileIndexLow;
    if (source && *source == FileIdentity{.device = facts.dwVolumeSerialNumber, .file = {index, 0}})
        return fail(Code::kCannotCreate, what + " is the very file that is being sent");
    // A file that can't be opened for reading is no section of this user's.
    const Handle readable =
        own(::CreateFileW(wide_path(path).c_str(), GENERIC_READ,
                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                          OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (readable.valid() && is_used_section(raw(readable))) return section_in_use(what);
    return Existing::kFile;
}

}  // namespace mapferry::inline v1::platform

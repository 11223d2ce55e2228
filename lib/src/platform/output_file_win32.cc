// A file that appears whole or not at all. The bytes go to a hidden temporary file in the target's
// folder that goes with its last handle, and so with the process, from the moment it is made;
// commit() gives it a second name, the target's, which stays.
#include <windows.h>

#include <algorithm>

#include "mapferry/file_name.h"
#include "platform/paths_win32.h"
#include "platform/wide_win32.h"

namespace mapferry::platform {

namespace {

constexpr std::size_t kWriteMax = std::size_t{1} << 30;
constexpr std::int64_t kUnixEpochTicks = 116'444'736'000'000'000;
constexpr std::uint32_t kOwnerWrites = 0200;

FILETIME file_time(std::int64_t unix_ns) {
    // Rounded down, also before 1970.
    const std::int64_t steps = unix_ns / 100 - (unix_ns % 100 < 0 ? 1 : 0);
    const auto ticks = static_cast<std::uint64_t>(steps + kUnixEpochTicks);
    return {.dwLowDateTime = static_cast<DWORD>(ticks),
            .dwHighDateTime = static_cast<DWORD>(ticks >> 32)};
}

class WindowsOutputFile final : public OutputFile {
  public:
    WindowsOutputFile(std::string path, Overwrite overwrite)
        : path_(std::move(path)), overwrite_(overwrite) {}

    Result<void> open() {
        const std::string folder = split_path(path_).folder;
        temporary_ = folder + "/" + temporary_name();
        // A mark to vanish that is set later, and can be taken back, leaves a moment without.
        handle_ = own(::CreateFileW(wide_path(temporary_).c_str(), GENERIC_WRITE | DELETE,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                    CREATE_NEW, FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE,
                                    nullptr));
        if (!handle_.valid()) {
            Status status = native_status("cannot create a file in \"" + folder + "\"");
            if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
            return pass(std::move(status));
        }
        return {};
    }

    Result<void> write(std::span<const std::byte> bytes,
                       const std::function<Result<void>()>&) override {
        while (!bytes.empty()) {
            const auto wanted = static_cast<DWORD>(std::min(bytes.size(), kWriteMax));
            DWORD put = 0;
            if (::WriteFile(raw(handle_), bytes.data(), wanted, &put, nullptr) == 0) {
                Status status = native_status("cannot write \"" + path_ + "\"");
                status.code = Code::kIo;
                return pass(std::move(status));
            }
            bytes = bytes.subspan(put);
        }
        return {};
    }

    Result<void> commit(const FileAttributes& attributes, Durability durability) override {
        const bool on_disk = durability == Durability::kOnDisk;
        if (auto applied = apply(attributes); !applied) return applied;
        if (on_disk && ::FlushFileBuffers(raw(handle_)) == 0) {
            Status status = native_status("cannot bring \"" + path_ + "\" to the disk");
            status.code = Code::kIo;
            return pass(std::move(status));
        }
        const DWORD error = on_disk ? move_second_name(MOVEFILE_WRITE_THROUGH) : give_name();
        if (error != ERROR_SUCCESS) {
            Status status =
                native_status("cannot create \"" + path_ + "\"", static_cast<int>(error));
            if (error == ERROR_ALREADY_EXISTS) status.hint = "replace it with --force";
            return pass(std::move(status));
        }
        handle_.close();
        return {};
    }

  private:
    // A second name for the file; where the file system knows no links, a copy under that name.
    [[nodiscard]] DWORD link_as(const std::string& path) const {
        const std::wstring from = wide_path(temporary_);
        const std::wstring to = wide_path(path);
        if (::CreateHardLinkW(to.c_str(), from.c_str(), nullptr) != 0) return ERROR_SUCCESS;
        const DWORD error = ::GetLastError();
        if (error == ERROR_FILE_EXISTS) return ERROR_ALREADY_EXISTS;
        if (error != ERROR_INVALID_FUNCTION && error != ERROR_NOT_SUPPORTED) return error;
        if (::CopyFileW(from.c_str(), to.c_str(), TRUE) != 0) return ERROR_SUCCESS;
        return ::GetLastError() == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : ::GetLastError();
    }

    [[nodiscard]] DWORD give_name() const {
        const DWORD error = link_as(path_);
        if (error != ERROR_ALREADY_EXISTS || overwrite_ != Overwrite::kReplace) return error;
        return move_second_name(0);
    }

    // Gives the file another name and renames that one, which can replace and can write through.
    [[nodiscard]] DWORD move_second_name(DWORD flags) const {
        if (overwrite_ == Overwrite::kReplace) flags |= MOVEFILE_REPLACE_EXISTING;
        const std::string second = split_path(path_).folder + "/" + temporary_name();
        if (const DWORD linked = link_as(second); linked != ERROR_SUCCESS) return linked;
        if (::MoveFileExW(wide_path(second).c_str(), wide_path(path_).c_str(), flags) != 0)
            return ERROR_SUCCESS;
        const DWORD failed = ::GetLastError();
        ::DeleteFileW(wide_path(second).c_str());
        return failed == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : failed;
    }

    Result<void> apply(const FileAttributes& attributes) {
        FILE_BASIC_INFO info{};  // zero: leave as it is
        // Not hidden any more; of the permission bits, Windows knows whether one may write.
        const bool read_only =
            attributes.permission_bits && (*attributes.permission_bits & kOwnerWrites) == 0;
        info.FileAttributes = read_only ? FILE_ATTRIBUTE_READONLY : FILE_ATTRIBUTE_NORMAL;
        if (attributes.mtime_unix_ns) {
            const FILETIME time = file_time(*attributes.mtime_unix_ns);
            info.LastWriteTime.LowPart = time.dwLowDateTime;
            info.LastWriteTime.HighPart = static_cast<LONG>(time.dwHighDateTime);
        }
        if (::SetFileInformationByHandle(raw(handle_), FileBasicInfo, &info, sizeof info) == 0)
            return pass(native_status("cannot set the attributes of \"" + path_ + "\""));
        return {};
    }

    std::string path_;
    Overwrite overwrite_;
    std::string temporary_;
    Handle handle_;
};

// Looks at what has the name now; whether it may be replaced.
Result<void> check_existing(const std::string& path, Overwrite overwrite,
                            const std::optional<FileIdentity>& source) {
    const std::string what = "\"" + path + "\"";
    const Handle existing = own(::CreateFileW(
        wide_path(path).c_str(), FILE_READ_ATTRIBUTES,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!existing.valid()) {
        const DWORD error = ::GetLastError();
        if (error == ERROR_FILE_NOT_FOUND) return {};
        Status status = native_status("cannot create " + what, static_cast<int>(error));
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        return pass(std::move(status));
    }
    BY_HANDLE_FILE_INFORMATION facts{};
    constexpr DWORD kNoFile = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    if (::GetFileType(raw(existing)) != FILE_TYPE_DISK ||
        ::GetFileInformationByHandle(raw(existing), &facts) == 0 ||
        (facts.dwFileAttributes & kNoFile) != 0)
        return fail(Code::kCannotCreate, what + " exists and is not a regular file",
                    "to write to a device or a pipe, use -o - and redirect");
    const std::uint64_t index =
        static_cast<std::uint64_t>(facts.nFileIndexHigh) << 32 | facts.nFileIndexLow;
    if (source && *source == FileIdentity{.device = facts.dwVolumeSerialNumber, .file = {index, 0}})
        return fail(Code::kCannotCreate, what + " is the very file that is being sent");
    if (overwrite == Overwrite::kRefuse)
        return fail(Code::kCannotCreate, what + " exists", "replace it with --force");
    return {};
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Overwrite overwrite,
                                                       const std::optional<FileIdentity>& source) {
    const std::string what = "\"" + path + "\"";
    const std::string name = split_path(path).name;
    if (name.empty() || name == "." || name == "..")
        return fail(Code::kCannotCreate, what + " is not a file name");
    if (auto checked = check_existing(path, overwrite, source); !checked)
        return pass(checked.error());
    auto file = std::make_unique<WindowsOutputFile>(path, overwrite);
    if (auto opened = file->open(); !opened) return pass(opened.error());
    return file;
}

bool is_folder(const std::string& path) {
    const DWORD attributes = ::GetFileAttributesW(wide_path(path).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

}  // namespace mapferry::platform

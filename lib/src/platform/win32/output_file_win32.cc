// SPDX-License-Identifier: Apache-2.0
// A file that appears whole or not at all. The bytes go to a hidden temporary file in the target's
// folder. From the moment it is made, that file goes with its last handle, and so with the process.
// commit() gives it a second name, the target's, which stays.
#include <windows.h>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/printable_text.h"
#include "platform/native_error.h"
#include "platform/shared_object.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"
#include "platform/win32/written_file_win32.h"

namespace mapferry::inline v1::platform {

namespace {

class WindowsOutputFile final : public OutputFile {
  public:
    WindowsOutputFile(const std::string& path, Overwrite overwrite, Existing existing)
        : path_(full_path(path)), overwrite_(overwrite), replaces_(existing == Existing::kFile) {}

    Result<void> open() {
        const std::string folder = split_path(path_).folder;
        temporary_ = folder + "/" + temporary_name();
        // A mark for deletion that is set later, and can be taken back, would leave a moment
        // without it.
        handle_ = own(::CreateFileW(wide_path(temporary_).c_str(), GENERIC_WRITE | DELETE,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                    CREATE_NEW, FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE,
                                    nullptr));
        if (!handle_.valid()) {
            Status status = native_status("cannot create a file in " + in_quotes(folder));
            if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
            return std::unexpected(std::move(status));
        }
        return {};
    }

    Result<void> write(std::span<const std::byte> bytes) override {
        return write_all(handle_, bytes, path_);
    }

    Result<bool> leave_hole(std::uint64_t bytes) override {
        has_hole_ = true;
        return platform::leave_hole(handle_, bytes, path_);
    }

    Result<void> commit(const FileAttributes& attributes, Durability durability) override {
        const bool on_disk = durability == Durability::kOnDisk;
        if (has_hole_) TRY(end_at_position(handle_, path_));
        // This also removes the attribute "hidden".
        FileAttributes applicable = attributes;
        if (replaces_) applicable.permission_limit.reset();
        TRY_ASSIGN(left_out_, apply_attributes(handle_, applicable, path_));
        if (on_disk && ::FlushFileBuffers(raw(handle_)) == 0) {
            Status status = native_status("cannot bring " + in_quotes(path_) + " to the disk");
            status.code = Code::kIo;
            return std::unexpected(std::move(status));
        }
        TRY(check_stored());
        const DWORD error = on_disk ? move_second_name(durability) : give_name();
        if (error != ERROR_SUCCESS) {
            Status status =
                native_status("cannot create " + in_quotes(path_), static_cast<int>(error));
            if (error == ERROR_ALREADY_EXISTS) status.remedy = Remedy::kReplaceOutput;
            return std::unexpected(std::move(status));
        }
        handle_.close();
        return {};
    }

    std::string left_out() const override { return left_out_; }

  private:
    // Reports what closing would, before the name is given: closing the file itself would delete
    // it.
    [[nodiscard]] Result<void> check_stored() const {
        Handle second = duplicate(raw(handle_));
        if (!second.valid())
            return std::unexpected(native_status("cannot close " + in_quotes(path_)));
        return second.close_checked("cannot store all of " + in_quotes(path_));
    }

    // Gives the file a second name.
    [[nodiscard]] DWORD link_as(const std::wstring& path) const {
        if (::CreateHardLinkW(path.c_str(), wide_path(temporary_).c_str(), nullptr) != 0)
            return ERROR_SUCCESS;
        const DWORD error = ::GetLastError();
        return error == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : error;
    }

    // True for FAT and its like.
    [[nodiscard]] static bool knows_no_links(DWORD error) {
        return error == ERROR_INVALID_FUNCTION || error == ERROR_NOT_SUPPORTED;
    }

    [[nodiscard]] DWORD copy_as(const std::wstring& path, Durability durability) const {
        if (::CopyFileW(wide_path(temporary_).c_str(), path.c_str(), TRUE) == 0)
            return ::GetLastError();
        if (durability != Durability::kOnDisk) return ERROR_SUCCESS;
        const Handle copy = own(::CreateFileW(path.c_str(), GENERIC_WRITE, FILE_SHARE_READ, nullptr,
                                              OPEN_EXISTING, 0, nullptr));
        if (copy.valid() && ::FlushFileBuffers(raw(copy)) != 0) return ERROR_SUCCESS;
        const DWORD failed = ::GetLastError();
        ::DeleteFileW(path.c_str());
        return failed;
    }

    [[nodiscard]] DWORD give_name() const {
        const DWORD error = link_as(wide_path(path_));
        const bool replaces = error == ERROR_ALREADY_EXISTS && overwrite_ != Overwrite::kRefuse;
        // A copy must not have the target's name before it is whole.
        return replaces || knows_no_links(error) ? move_second_name(Durability::kBuffered) : error;
    }

    // Gives the file, or a copy where the file system knows no links, another name and renames that
    // one: a rename can replace and can write through.
    [[nodiscard]] DWORD move_second_name(Durability durability) const {
        DWORD flags = durability == Durability::kOnDisk ? MOVEFILE_WRITE_THROUGH : 0;
        if (overwrite_ != Overwrite::kRefuse) flags |= MOVEFILE_REPLACE_EXISTING;
        const std::string second = split_path(path_).folder + "/" + temporary_name();
        // Made beforehand: once the second name is there, there may be no memory left.
        const std::wstring from = wide_path(second);
        const std::wstring to = wide_path(path_);
        DWORD named = link_as(from);
        if (knows_no_links(named)) named = copy_as(from, durability);
        if (named != ERROR_SUCCESS) return named;
        if (::MoveFileExW(from.c_str(), to.c_str(), flags) != 0) return ERROR_SUCCESS;
        const DWORD failed = ::GetLastError();
        ::DeleteFileW(from.c_str());
        return failed == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : failed;
    }

    std::string path_;
    Overwrite overwrite_;
    bool replaces_;
    std::string left_out_;
    bool has_hole_ = false;
    std::string temporary_;
    Handle handle_;
};

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Overwrite overwrite,
                                                       const std::optional<FileIdentity>& source) {
    TRY_ASSIGN(auto existing, examine_existing(path, source));
    if (existing == Existing::kFile && overwrite == Overwrite::kRefuse)
        return fail(Code::kCannotCreate, in_quotes(path) + " exists", Remedy::kReplaceOutput);
    if (existing == Existing::kFile && overwrite == Overwrite::kInPlace) return open_in_place(path);
    auto file = std::make_unique<WindowsOutputFile>(path, overwrite, existing);
    TRY(file->open());
    return file;
}

bool is_folder(const std::string& path) {
    const DWORD attributes = ::GetFileAttributesW(wide_path(path).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

std::optional<FileIdentity> identity_of(const std::string& path) {
    const Handle file = own(::CreateFileW(
        wide_path(path).c_str(), FILE_READ_ATTRIBUTES,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    BY_HANDLE_FILE_INFORMATION facts{};
    if (!file.valid() || ::GetFileInformationByHandle(raw(file), &facts) == 0) return std::nullopt;
    const std::uint64_t index =
        static_cast<std::uint64_t>(facts.nFileIndexHigh) << 32 | facts.nFileIndexLow;
    return FileIdentity{.device = facts.dwVolumeSerialNumber, .file = {index, 0}};
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// A file that is overwritten where it is. Its pages are used again, which is cheaper than fresh
// ones, and its old content does not survive a failure (docs/decisions/0013-in-place.md).
#include <windows.h>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/printable_text.h"
#include "platform/native_error.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"
#include "platform/win32/written_file_win32.h"

namespace mapferry::inline v1::platform {

namespace {

class InPlaceFile final : public OutputFile {
  public:
    InPlaceFile(Handle handle, std::string path)
        : handle_(std::move(handle)), path_(std::move(path)) {}

    Result<void> write(std::span<const std::byte> bytes) override {
        began_ = began_ || !bytes.empty();
        return write_all(handle_, bytes, path_);
    }

    Result<bool> leave_hole(std::uint64_t bytes) override {
        began_ = began_ || bytes != 0;
        return platform::leave_hole(handle_, bytes, path_);
    }

    // Cuts off what the old file had beyond the new one's end.
    Result<void> commit(const FileAttributes& attributes, Durability durability) override {
        TRY(end_at_position(handle_, path_));
        FileAttributes applicable = attributes;
        applicable.permission_limit.reset();  // the file keeps what it has
        TRY_ASSIGN(left_out_, apply_attributes(handle_, applicable, path_));
        // The name is there already. A failed flush is never repeated.
        if (durability == Durability::kOnDisk && ::FlushFileBuffers(raw(handle_)) == 0) {
            Status status = native_status("cannot bring " + in_quotes(path_) + " to the disk");
            status.code = Code::kIo;
            return std::unexpected(std::move(status));
        }
        auto closed = handle_.close_checked("cannot store all of " + in_quotes(path_));
        if (!closed) return closed;
        began_ = false;
        return {};
    }

    std::string left_out() const override { return left_out_; }

    std::string loss() const override {
        if (!began_) return {};
        return in_quotes(path_) + " was overwritten in place and is neither old nor new now";
    }

  private:
    Handle handle_;
    std::string path_;
    std::string left_out_;
    bool began_ = false;
};

}  // namespace

Result<std::unique_ptr<OutputFile>> open_in_place(const std::string& path) {
    Handle handle =
        own(::CreateFileW(wide_path(path).c_str(), GENERIC_WRITE, FILE_SHARE_READ, nullptr,
                          OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (handle.valid()) return std::make_unique<InPlaceFile>(std::move(handle), path);
    Status status = native_status("cannot open " + in_quotes(path));
    if (status.os_error == ERROR_SHARING_VIOLATION)
        return fail(Code::kCannotCreate, in_quotes(path) + " is being used by another process");
    return std::unexpected(std::move(status));
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// A file that is overwritten where it is. Its pages are used again, which is several times cheaper
// than fresh ones, and its old content does not survive a failure
// (docs/decisions/0013-in-place.md).
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/printable_text.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/role_lock_linux.h"
#include "platform/linux/written_file_linux.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

class InPlaceFile final : public OutputFile {
  public:
    InPlaceFile(Handle handle, std::string path)
        : handle_(std::move(handle)), path_(std::move(path)) {}

    Result<void> write(std::span<const std::byte> bytes) override {
        TRY(begin(bytes.size()));
        if (!bytes.empty()) hole_at_end_bytes_ = 0;
        return write_all(descriptor(), bytes, path_);
    }

    Result<bool> leave_hole(std::uint64_t bytes) override {
        TRY(begin(bytes));
        auto left = platform::leave_hole(descriptor(), bytes, path_);
        if (left && *left) hole_at_end_bytes_ += bytes;
        return left;
    }

    // Cuts off what the old file had beyond the new one's end.
    Result<void> commit(const FileAttributes& attributes, Durability durability) override {
        TRY(end_at_position(descriptor(), Rest::kCut, path_));
        TRY(empty_last_page());
        TRY_ASSIGN(left_out_, apply_attributes(descriptor(), attributes, path_));
        // The name is there already. A failed flush is never repeated.
        const int error = durability == Durability::kOnDisk ? flush_errno(descriptor()) : 0;
        if (error != 0) {
            Status status =
                native_status("cannot bring " + in_quotes(path_) + " to the disk", error);
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
    int descriptor() const { return static_cast<int>(handle_.get()); }

    // Asks once more before the first byte is changed: somebody may have opened the section since
    // this file was opened.
    Result<void> begin(std::uint64_t bytes) {
        if (!began_ && is_used_section(descriptor())) return section_in_use(in_quotes(path_));
        began_ = began_ || bytes != 0;
        return {};
    }

    // If the old file was longer, making the hole at the end left a part of its last page. Since
    // the cut that page can go.
    Result<void> empty_last_page() {
        const auto back = -static_cast<off_t>(hole_at_end_bytes_);
        if (back == 0 || ::lseek(descriptor(), back, SEEK_CUR) < 0) return {};
        TRY(platform::leave_hole(descriptor(), hole_at_end_bytes_, path_));
        return {};
    }

    Handle handle_;
    std::string path_;
    std::string left_out_;
    std::uint64_t hole_at_end_bytes_ = 0;
    bool began_ = false;
};

}  // namespace

Result<std::unique_ptr<OutputFile>> open_in_place(const std::string& path,
                                                  const std::optional<FileIdentity>& source) {
    const std::string what = in_quotes(path);
    Handle handle = open_file(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!handle.valid()) return std::unexpected(native_status("cannot open " + what));
    const int descriptor = static_cast<int>(handle.get());
    // Another file may have taken the name since it was examined.
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0)
        return std::unexpected(native_status("cannot examine " + what));
    if (!S_ISREG(facts.st_mode) ||
        (source && *source == FileIdentity{.device = facts.st_dev, .file = {facts.st_ino, 0}}))
        return fail(Code::kCannotCreate, what + " was replaced after it was examined");
    if (is_used_section(descriptor)) return section_in_use(what);
    // Two writers at once would mix their payloads. File systems without locks allow it.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return fail(Code::kCannotCreate, what + " is being written by another process");
    return std::make_unique<InPlaceFile>(std::move(handle), path);
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// A file that appears whole or not at all. The bytes go to a file without a name in the target's
// folder (O_TMPFILE), which vanishes with the process; commit() gives it the name. Where the file
// system has no nameless files, a hidden temporary name stands in.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/detail/hash.h"
#include "mapferry/printable_text.h"
#include "platform/fork_mark.h"
#include "platform/handle.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/early_flush_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/replaced_file_linux.h"
#include "platform/linux/written_file_linux.h"
#include "platform/native_error.h"
#include "platform/output_file.h"
#include "platform/place.h"

namespace mapferry::inline v1::platform {

namespace {

std::span<const std::byte> as_bytes(const std::string& text) {
    return std::as_bytes(std::span(text));
}

class LinuxOutputFile final : public OutputFile {
  public:
    LinuxOutputFile(std::string path, Overwrite overwrite)
        : path_(std::move(path)), split_(split_path(path_)), overwrite_(overwrite) {}

    ~LinuxOutputFile() override { discard_temporary(); }

    Result<void> open(const std::optional<struct stat>& replaced) {
        replaced_ = replaced;
        // O_PATH: like cp, this needs a folder that may be written, even if it may not be read.
        folder_ = open_file(split_.folder.c_str(), O_PATH | O_DIRECTORY);
        if (!folder_.valid()) {
            Status status = native_status("cannot open folder " + quoted_folder());
            if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
            return std::unexpected(std::move(status));
        }
        handle_ = open_file_at(folder(), ".", O_TMPFILE | O_WRONLY, 0666);
        if (handle_.valid() && !can_be_named(descriptor())) {
            handle_.close();
            errno = EOPNOTSUPP;
        }
        if (!handle_.valid() && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
            handle_ = create_temporary();
        }
        if (!handle_.valid()) {
            temporary_.clear();
            Status status = native_status("cannot create a file in " + quoted_folder());
            if (!folder_was_deleted()) return std::unexpected(std::move(status));
            return fail(Code::kCannotCreate, "the folder " + quoted_folder() + " was deleted",
                        "change to another folder", Remedy::kNameOutput);
        }
        if (replaced) flush_.reset(new EarlyFlush);
        return {};
    }

    Result<void> write(std::span<const std::byte> bytes) override {
        auto written = write_all(descriptor(), bytes, path_);
        if (written && flush_) flush_->add(descriptor(), bytes.size());
        return written;
    }

    Result<bool> leave_hole(std::uint64_t bytes) override {
        has_hole_ = true;
        auto left = platform::leave_hole(descriptor(), bytes, path_);
        if (left && *left && flush_) flush_->add(descriptor(), bytes);
        return left;
    }

    // Everything that can fail for lack of space comes before the name, and closing is a part of
    // it.
    Result<void> commit(const FileAttributes& attributes, Durability durability) override {
        const bool on_disk = durability == Durability::kOnDisk;
        flush_.reset();
        if (has_hole_) TRY(end_at_position(descriptor(), Rest::kStay, path_));
        Handle flushed_folder;
        if (on_disk) {
            TRY_ASSIGN(auto opened, open_folder_to_flush());
            flushed_folder = std::move(opened);
        }
        if (replaced_) legacy_ = hand_on(descriptor(), path_, *replaced_);
        TRY_ASSIGN(auto mode, final_mode(attributes));
        TRY_ASSIGN(left_out_, apply_attributes(descriptor(),
                                               {.mtime_unix_ns = attributes.mtime_unix_ns,
                                                .permission_bits = mode},
                                               path_));
        if (const int error = on_disk ? flush_errno(descriptor()) : 0; error != 0)
            return std::unexpected(
                flush_error(error, "cannot bring " + in_quotes(path_) + " to the disk"));
        TRY(close_written());
        TRY(give_name());
        temporary_.clear();
        announce();
        auto closed =
            link_source_.close_checked(in_quotes(path_) + " is there, but closing it failed");
        if (!closed) return closed;
        const int error = on_disk ? flush_errno(static_cast<int>(flushed_folder.get())) : 0;
        if (error != 0)
            return std::unexpected(flush_error(
                error, in_quotes(path_) + " is there, but its name may not survive a " +
                           "power failure: cannot bring " + quoted_folder() + " to the disk"));
        return {};
    }

    std::string left_out() const override {
        return left_out_ + (left_out_.empty() || legacy_.lost.empty() ? "" : "; ") + legacy_.lost;
    }

  private:
    int descriptor() const { return static_cast<int>(handle_.get()); }
    int folder() const { return static_cast<int>(folder_.get()); }
    int link_source() const { return static_cast<int>(link_source_.get()); }
    std::string quoted_folder() const { return in_quotes(split_.folder); }

    // A process may still be in it. Each file system has an error of its own for a new file there.
    bool folder_was_deleted() const {
        struct stat facts{};
        return ::fstat(folder(), &facts) == 0 && facts.st_nlink == 0;
    }

    static Status flush_error(int error, std::string message) {
        Status status = native_status(std::move(message), error);
        status.code = Code::kIo;
        return status;
    }

    Handle create_named(const std::string& name, mode_t mode) const {
        return open_file_at(folder(), name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
    }

    // Others can open the temporary name, so the file is for this user only until it is whole. The
    // lock shows that its maker lives. If a cleaner removed the file before it was locked, the
    // maker makes another one.
    Handle create_temporary() {
        constexpr int kRounds = 1000;
        for (int round = 0; round < kRounds; ++round) {
            temporary_ = temporary_name();
            Handle made = create_named(temporary_, 0600);
            if (!made.valid()) return {};
            const int file = static_cast<int>(made.get());
            struct stat facts{};
            if (::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
                if (::fstat(file, &facts) == 0 && facts.st_nlink != 0) return made;
            discard_temporary();
        }
        errno = EAGAIN;
        return {};
    }

    Result<Handle> open_folder_to_flush() const {
        Handle opened = open_file_at(folder(), ".", O_RDONLY | O_DIRECTORY);
        if (opened.valid()) return opened;
        Status status = native_status("cannot bring " + quoted_folder() +
                                      " to the disk, where the name is kept: cannot open it");
        if (status.code == Code::kPermission) {
            status.hint = "make the folder readable";
            status.remedy = Remedy::kSkipDurability;
        }
        return std::unexpected(std::move(status));
    }

    // The permission bits to set; none where the file has them already.
    Result<std::optional<std::uint32_t>> final_mode(const FileAttributes& attributes) const {
        if (attributes.permission_bits) return attributes.permission_bits;
        if (replaced_) return legacy_.permission_bits;  // they stay, as with cp
        if (temporary_.empty() && !attributes.permission_limit) return std::nullopt;
        TRY_ASSIGN(const auto usual,
                   temporary_.empty() ? mode_of(descriptor()) : mode_of_new_files());
        return usual & attributes.permission_limit.value_or(0777);
    }

    Result<std::uint32_t> mode_of(int file) const {
        struct stat facts{};
        if (::fstat(file, &facts) == 0) return facts.st_mode & 0777u;
        return std::unexpected(native_status("cannot examine a file in " + quoted_folder()));
    }

    // The umask and the folder's own rules (ACLs) have a part in it. So the system is asked, by
    // making a file that stays empty.
    Result<std::uint32_t> mode_of_new_files() const {
        const std::string name = temporary_name();
        const Handle file = create_named(name, 0666);
        if (!file.valid())
            return std::unexpected(native_status("cannot create a file in " + quoted_folder()));
        ::unlinkat(folder(), name.c_str(), 0);
        return mode_of(static_cast<int>(file.get()));
    }

    // Closed before the file gets its name, so that a file that could not be stored never has it. A
    // second descriptor keeps a nameless file, and the lock of a named one, alive.
    Result<void> close_written() {
        link_source_ = duplicate(descriptor());
        if (!link_source_.valid())
            return std::unexpected(native_status("cannot close " + in_quotes(path_)));
        return handle_.close_checked("cannot store all of " + in_quotes(path_));
    }

    void discard_temporary() {
        if (!temporary_.empty() && !inherited()) ::unlinkat(folder(), temporary_.c_str(), 0);
        temporary_.clear();
    }

    // Links the nameless file as `name`; zero or errno.
    int link_as(const std::string& name) {
        const std::string from = descriptor_path(link_source());
        return ::linkat(AT_FDCWD, from.c_str(), folder(), name.c_str(), AT_SYMLINK_FOLLOW) == 0
                   ? 0
                   : errno;
    }

    // Renames the temporary to the final name without replacing anything; zero or errno.
    int rename_exclusively() {
        if (rename_to_free_name(folder(), temporary_, split_.name) == 0) return 0;
        if (errno != EINVAL && errno != ENOSYS && errno != EPERM) return errno;
        if (::linkat(folder(), temporary_.c_str(), folder(), split_.name.c_str(), 0) != 0)
            return errno;
        ::unlinkat(folder(), temporary_.c_str(), 0);
        return 0;
    }

    int rename_temporary() {
        return ::renameat(folder(), temporary_.c_str(), folder(), split_.name.c_str()) == 0 ? 0
                                                                                            : errno;
    }

    // A link replaces nothing, so the whole file has another name for a moment. That name depends
    // on the target alone: if a process is killed in this moment, the next one removes what it
    // left.
    int replace_by_link() {
        temporary_ =
            std::string(kTemporaryPrefix) + to_hex({.low64 = xxh3_64(as_bytes(split_.name))});
        ::flock(link_source(), LOCK_EX | LOCK_NB);  // shows that this process lives
        int error = link_as(temporary_);
        if (error == EEXIST && remove_leftover()) error = link_as(temporary_);
        if (error == EEXIST) {  // it belongs to a living process
            temporary_ = temporary_name();
            error = link_as(temporary_);
        }
        if (error == 0) return rename_temporary();
        temporary_.clear();
        return error;
    }

    // Under the lock of the file that has the temporary name: a living process holds that lock, and
    // renames the file.
    bool remove_leftover() {
        const Handle left =
            open_file_at(folder(), temporary_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        const int file = static_cast<int>(left.get());
        struct stat by_handle{};
        struct stat by_name{};
        return left.valid() && ::flock(file, LOCK_EX | LOCK_NB) == 0 &&
               ::fstat(file, &by_handle) == 0 &&
               ::fstatat(folder(), temporary_.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
               by_name.st_dev == by_handle.st_dev && by_name.st_ino == by_handle.st_ino &&
               ::unlinkat(folder(), temporary_.c_str(), 0) == 0;
    }

    // A process that watches the folder (inotify: close_write, moved_to) sees the file by its name.
    // The link of a nameless file causes neither event, so the file is opened and closed once.
    void announce() const {
        if (replaced_) return;
        const auto open_and_close = [this] {
            const Handle seen =
                open_file_at(folder(), split_.name.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
            return seen.valid();
        };
        struct stat facts{};
        if (open_and_close() || errno != EACCES || ::fstat(link_source(), &facts) != 0) return;
        // The file is read-only for its owner too.
        ::fchmod(link_source(), facts.st_mode | S_IWUSR);
        (void)open_and_close();
        ::fchmod(link_source(), facts.st_mode);
    }

    Result<void> give_name() {
        int error = temporary_.empty() ? link_as(split_.name) : rename_exclusively();
        if (error == EEXIST && overwrite_ != Overwrite::kRefuse)
            error = temporary_.empty() ? replace_by_link() : rename_temporary();
        if (error == 0) return {};
        const char* const why = error == EBUSY ? ", where something is mounted" : "";
        Status status = native_status("cannot create " + in_quotes(path_) + why, error);
        if (error == EEXIST) status.remedy = Remedy::kReplaceOutput;
        if (error == EBUSY) status.remedy = Remedy::kWriteInPlace;
        return std::unexpected(std::move(status));
    }

    std::string path_;
    SplitPath split_;
    Overwrite overwrite_;
    std::string left_out_;
    bool has_hole_ = false;
    std::optional<struct stat> replaced_;
    Legacy legacy_;  // of the replaced file
    Handle folder_;
    Handle handle_;                                    // what is written to
    Handle link_source_;                               // the same file, once that one is closed
    std::unique_ptr<EarlyFlush, LeaveInChild> flush_;  // of a file that replaces another
    std::string temporary_;  // name in the folder; empty while the file has none
};

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Overwrite overwrite,
                                                       const std::optional<FileIdentity>& source) {
    TRY_ASSIGN(auto existing, examine_existing(path, source));
    if (existing && overwrite == Overwrite::kRefuse)
        return fail(Code::kCannotCreate, in_quotes(path) + " exists", Remedy::kReplaceOutput);
    if (existing && overwrite == Overwrite::kInPlace) return open_in_place(path, source);
    auto file = std::make_unique<LinuxOutputFile>(path, overwrite);
    TRY(file->open(existing));
    return file;
}

bool is_folder(const std::string& path) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

std::optional<FileIdentity> identity_of(const std::string& path) {
    struct stat facts{};
    if (::lstat(path.c_str(), &facts) != 0) return std::nullopt;
    return FileIdentity{.device = facts.st_dev, .file = {facts.st_ino, 0}};
}

}  // namespace mapferry::inline v1::platform

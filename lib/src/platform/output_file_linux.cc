// A file that appears whole or not at all. The bytes go to a file without a name in the target's
// folder (O_TMPFILE), which vanishes with the process; commit() gives it the name. Where the file
// system can't do that, a hidden temporary name stands in.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "mapferry/hash.h"
#include "platform/early_flush_linux.h"
#include "platform/paths_linux.h"
#include "platform/platform.h"
#include "platform/written_file_linux.h"

namespace mapferry::platform {

namespace {

std::span<const std::byte> as_bytes(const std::string& text) {
    return std::as_bytes(std::span(text));
}

class LinuxOutputFile final : public OutputFile {
  public:
    LinuxOutputFile(std::string path, Overwrite overwrite)
        : path_(std::move(path)), split_(split_path(path_)), overwrite_(overwrite) {}

    ~LinuxOutputFile() override { discard_temporary(); }

    Result<void> open(std::optional<std::uint32_t> replaced_mode) {
        replaced_mode_ = replaced_mode;
        folder_ = Handle(::open(split_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder_.valid()) {
            Status status = native_status("cannot open folder " + quoted_folder());
            if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
            return pass(std::move(status));
        }
        int descriptor = ::openat(folder(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
        if (descriptor >= 0 && !can_be_named(descriptor)) {
            ::close(descriptor);
            descriptor = -1;
            errno = EOPNOTSUPP;
        }
        if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
            temporary_ = temporary_name();
            descriptor = ::openat(folder(), temporary_.c_str(),
                                  O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0666);
        }
        if (descriptor < 0) {
            temporary_.clear();
            return pass(native_status("cannot create a file in " + quoted_folder()));
        }
        handle_ = Handle(descriptor);
        if (replaced_mode) flush_.emplace();
        return {};
    }

    Result<void> write(std::span<const std::byte> bytes) override {
        auto written = write_all(descriptor(), bytes, path_);
        if (written && flush_) flush_->add(descriptor(), bytes.size());
        return written;
    }

    Result<void> commit(const FileAttributes& attributes, Durability durability) override {
        const bool on_disk = durability == Durability::kOnDisk;
        flush_.reset();
        // A replaced file's permission bits stay, as with cp.
        const auto mode = attributes.permission_bits ? attributes.permission_bits : replaced_mode_;
        auto applied = apply_attributes(
            descriptor(), {.mtime_unix_ns = attributes.mtime_unix_ns, .permission_bits = mode},
            path_);
        if (!applied) return applied;
        if (const int error = on_disk ? flush_errno(descriptor()) : 0; error != 0)
            return pass(flush_error(error, "cannot bring \"" + path_ + "\" to the disk"));
        if (auto named = give_name(); !named) return named;
        temporary_.clear();
        handle_.close();
        if (const int error = on_disk ? flush_errno(folder()) : 0; error != 0)
            return pass(flush_error(
                error, "\"" + path_ + "\" is there, but its name may not survive a " +
                           "power failure: cannot bring " + quoted_folder() + " to the disk"));
        return {};
    }

  private:
    int descriptor() const { return static_cast<int>(handle_.get()); }
    int folder() const { return static_cast<int>(folder_.get()); }
    std::string quoted_folder() const { return "\"" + split_.folder + "\""; }

    static Status flush_error(int error, std::string message) {
        Status status = native_status(std::move(message), error);
        status.code = Code::kIo;
        return status;
    }

    void discard_temporary() {
        if (!temporary_.empty()) ::unlinkat(folder(), temporary_.c_str(), 0);
        temporary_.clear();
    }

    // Links the nameless file as `name`; zero when done, else errno.
    int link_as(const std::string& name) {
        const std::string from = descriptor_path(descriptor());
        return ::linkat(AT_FDCWD, from.c_str(), folder(), name.c_str(), AT_SYMLINK_FOLLOW) == 0
                   ? 0
                   : errno;
    }

    // Renames the temporary to the final name without replacing anything; zero or errno.
    int rename_exclusively() {
        if (::renameat2(folder(), temporary_.c_str(), folder(), split_.name.c_str(),
                        RENAME_NOREPLACE) == 0)
            return 0;
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

    // A link replaces nothing, so the whole file has another name for a moment. That name belongs
    // to the target: what a process killed in this moment left there, the next one takes away.
    int replace_by_link() {
        temporary_ =
            std::string(kTemporaryPrefix) + to_hex({.low64 = xxh3_64(as_bytes(split_.name))});
        ::flock(descriptor(), LOCK_EX | LOCK_NB);  // nobody else has it; says that this one lives
        int error = link_as(temporary_);
        if (error == EEXIST && remove_leftover()) error = link_as(temporary_);
        if (error == EEXIST) {  // somebody else's who lives
            temporary_ = temporary_name();
            error = link_as(temporary_);
        }
        if (error == 0) return rename_temporary();
        temporary_.clear();
        return error;
    }

    // Under the lock of the file that has the temporary name: who lives has it, and renames it
    // away.
    bool remove_leftover() {
        const Handle left(
            ::openat(folder(), temporary_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        const int file = static_cast<int>(left.get());
        struct stat by_handle{};
        struct stat by_name{};
        return left.valid() && ::flock(file, LOCK_EX | LOCK_NB) == 0 &&
               ::fstat(file, &by_handle) == 0 &&
               ::fstatat(folder(), temporary_.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
               by_name.st_dev == by_handle.st_dev && by_name.st_ino == by_handle.st_ino &&
               ::unlinkat(folder(), temporary_.c_str(), 0) == 0;
    }

    Result<void> give_name() {
        int error = temporary_.empty() ? link_as(split_.name) : rename_exclusively();
        if (error == EEXIST && overwrite_ != Overwrite::kRefuse)
            error = temporary_.empty() ? replace_by_link() : rename_temporary();
        if (error == 0) return {};
        Status status = native_status("cannot create \"" + path_ + "\"", error);
        if (error == EEXIST) status.hint = "replace it with --force";
        return pass(std::move(status));
    }

    std::string path_;
    SplitPath split_;
    Overwrite overwrite_;
    std::optional<std::uint32_t> replaced_mode_;
    Handle folder_;
    Handle handle_;
    std::optional<EarlyFlush> flush_;  // of a file that replaces another
    std::string temporary_;            // name in the folder; empty while the file has none
};

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Overwrite overwrite,
                                                       const std::optional<FileIdentity>& source) {
    auto existing = examine_existing(path, source);
    if (!existing) return pass(existing.error());
    if (*existing && overwrite == Overwrite::kRefuse)
        return fail(Code::kCannotCreate, "\"" + path + "\" exists", "replace it with --force");
    if (*existing && overwrite == Overwrite::kInPlace) return open_in_place(path, source);
    auto file = std::make_unique<LinuxOutputFile>(path, overwrite);
    if (auto opened = file->open(*existing); !opened) return pass(opened.error());
    return file;
}

bool is_folder(const std::string& path) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

}  // namespace mapferry::platform

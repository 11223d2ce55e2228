// Finding sections by their prefix in /dev/shm.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "mapferry/layout.h"
#include "platform/descriptors_linux.h"
#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

struct FolderCloser {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

Result<ObjectList> list_objects(Reach) {
    ObjectList list;
    Handle handle = open_file(kShmFolder, O_RDONLY | O_DIRECTORY);
    const std::unique_ptr<DIR, FolderCloser> folder(
        handle.valid() ? ::fdopendir(static_cast<int>(handle.get())) : nullptr);
    if (folder) (void)handle.release();  // the stream's now
    if (!folder) {
        if (errno == ENOENT) return list;
        return pass(native_status("cannot list " + in_quotes(kShmFolder)));
    }
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name(entry->d_name);
        const bool section = name.starts_with(kShmPrefix);
        if (!section && !name.starts_with(kTemporaryPrefix)) continue;
        struct stat facts{};
        if (::fstatat(::dirfd(folder.get()), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
            continue;  // gone meanwhile
        if (!S_ISREG(facts.st_mode) || facts.st_uid != ::geteuid()) continue;
        if (section)
            list.names.emplace_back(name.substr(kShmPrefix.size()));
        else
            list.leftovers.push_back(std::string(kShmFolder) + "/" + std::string(name));
    }
    std::ranges::sort(list.names);
    return list;
}

Result<bool> remove_leftover(const std::string& path) {
    SharedObject object;
    object.handle = open_file(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    // An output may have its final permission bits already; no section has such.
    const bool is_output = !object.handle.valid() && errno == EACCES;
    if (is_output) object.handle = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW);
    object.address.backing_path = path;
    object.path = path;
    if (!object.handle.valid()) {
        if (errno == ENOENT) return false;
        return pass(native_status("cannot open " + in_quotes(path)));
    }
    // Who makes a section holds the writer's role until it is renamed, who makes an output has it
    // locked as a whole. Both are held here until it is gone: a maker that comes later sees that.
    if (::flock(static_cast<int>(object.handle.get()), LOCK_EX | LOCK_NB) != 0) return false;
    RoleLock role;
    if (!is_output) {
        auto locked = try_lock_role(object, layout::kRoleWriter);
        if (!locked && locked.error().code == Code::kBusy) return false;
        if (!locked) return pass(locked.error());
        role = std::move(*locked);
    }
    auto current = is_current(object);
    if (!current || !*current) return false;
    if (auto removed = unlink_object(object); !removed) return pass(removed.error());
    return true;
}

}  // namespace mapferry::platform

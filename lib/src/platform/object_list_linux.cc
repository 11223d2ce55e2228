// Finding sections by their prefix in /dev/shm.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "mapferry/layout.h"
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
    const std::unique_ptr<DIR, FolderCloser> folder(::opendir(kShmFolder));
    if (!folder) {
        if (errno == ENOENT) return list;
        return pass(native_status("cannot list \"" + std::string(kShmFolder) + "\""));
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
    object.handle = Handle(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    object.address.backing_path = path;
    object.path = path;
    if (!object.handle.valid()) {
        if (errno == ENOENT) return false;
        return pass(native_status("cannot open \"" + path + "\""));
    }
    // Its maker holds the writer's role from before the first byte until it is renamed.
    auto held = role_is_held(object, layout::kRoleWriter);
    if (!held) return pass(held.error());
    if (*held) return false;
    auto current = is_current(object);
    if (!current || !*current) return false;
    if (auto removed = unlink_object(object); !removed) return pass(removed.error());
    return true;
}

}  // namespace mapferry::platform

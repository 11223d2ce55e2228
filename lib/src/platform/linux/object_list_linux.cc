// SPDX-License-Identifier: Apache-2.0
// Finding sections by their prefix in /dev/shm.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>

#include "base/try.h"
#include "format/layout.h"
#include "mapferry/printable_text.h"
#include "platform/handle.h"
#include "platform/linux/account_linux.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/sharing_linux.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

namespace {

struct FolderCloser {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

// Puts one entry of the folder into its list.
class Sorter {
  public:
    Sorter(ObjectList& list, Owners owners, const Sharing& sharing)
        : list_(&list), owners_(owners), sharing_(&sharing) {}

    void take(std::string_view name, const struct stat& facts) {
        const bool section = name.starts_with(kShmPrefix);
        const bool is_file = S_ISREG(facts.st_mode);
        std::string bare(section ? name.substr(kShmPrefix.size()) : "");
        std::string path = std::string(kShmFolder) + "/" + std::string(name);
        if (facts.st_uid != ::geteuid() && !(section && is_file && is_trusted(facts, *sharing_))) {
            if (owners_ == Owners::kAnybody && is_file)
                list_->others.push_back({std::move(bare), std::move(path), owner(facts.st_uid)});
        } else if (section) {
            (is_file ? list_->names : list_->obstacles).push_back(std::move(bare));
        } else if (is_file) {
            list_->leftovers.push_back(std::move(path));
        }
    }

  private:
    const std::string& owner(uid_t user) {
        auto known = owners_met_.find(user);
        if (known == owners_met_.end()) known = owners_met_.emplace(user, account_text(user)).first;
        return known->second;
    }

    ObjectList* list_;
    Owners owners_;
    const Sharing* sharing_;
    std::map<uid_t, std::string> owners_met_;  // asked once each: a directory service may be slow
};

}  // namespace

Result<ObjectList> list_objects(Reach, Owners owners, const Sharing& sharing) {
    ObjectList list;
    Sorter sorter(list, owners, sharing);
    Handle handle = open_file(kShmFolder, O_RDONLY | O_DIRECTORY);
    const std::unique_ptr<DIR, FolderCloser> folder(
        handle.valid() ? ::fdopendir(static_cast<int>(handle.get())) : nullptr);
    if (folder) (void)handle.release();  // the stream's now
    if (!folder) {
        if (errno == ENOENT) return list;
        return std::unexpected(native_status("cannot list " + in_quotes(kShmFolder)));
    }
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name(entry->d_name);
        if (!name.starts_with(kShmPrefix) && !name.starts_with(kTemporaryPrefix)) continue;
        struct stat facts{};
        if (::fstatat(::dirfd(folder.get()), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
            continue;  // gone meanwhile
        sorter.take(name, facts);
    }
    std::ranges::sort(list.names);
    std::ranges::sort(list.obstacles);
    std::ranges::sort(list.others, {}, &ObjectOfOthers::path);
    return list;
}

Result<bool> remove_leftover(const std::string& path) {
    SharedObject object;
    object.handle = open_file(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    // An output may have its final permission bits already. A section never has such bits.
    const bool is_output = !object.handle.valid() && errno == EACCES;
    if (is_output) object.handle = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW);
    object.address.backing_path = path;
    object.path = path;
    if (!object.handle.valid()) {
        if (errno == ENOENT) return false;
        return std::unexpected(native_status("cannot open " + in_quotes(path)));
    }
    // The maker of a section holds the writer's role until the file is renamed; the maker of an
    // output has locked the whole file. Both locks are held here until the file is gone, so that a
    // maker that comes later notices it.
    if (::flock(static_cast<int>(object.handle.get()), LOCK_EX | LOCK_NB) != 0) return false;
    RoleLock role;
    if (!is_output) {
        auto locked = try_lock_role(object, layout::kRoleWriter);
        if (!locked && locked.error().code == Code::kBusy) return false;
        if (!locked) return std::unexpected(locked.error());
        role = std::move(*locked);
    }
    auto current = is_current(object);
    if (!current || !*current) return false;
    TRY(unlink_object(object));
    return true;
}

}  // namespace mapferry::inline v1::platform

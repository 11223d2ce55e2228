// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): sections as objects of the system.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mapferry/section_address.h"
#include "mapferry/status.h"
#include "platform/fork_mark.h"
#include "platform/handle.h"
#include "platform/mapping.h"
#include "platform/place.h"

namespace mapferry::inline v1::platform {

// The name of a file that is removed with this object unless it is kept. Move-only. Inherited, it
// removes nothing.
class TemporaryPath {
  public:
    TemporaryPath() = default;
    explicit TemporaryPath(std::string path);
    TemporaryPath(TemporaryPath&& other) noexcept;
    TemporaryPath& operator=(TemporaryPath&& other) noexcept;
    ~TemporaryPath() { remove(); }

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool empty() const { return path_.empty(); }
    void keep() { path_.clear(); }

  private:
    void remove() noexcept;
    std::string path_;
    std::wstring wide_;  // Windows: the system's form of it, ready for an end without memory
    ForkMark mark_;
};

// An open shared-memory object or backing file. `object_bytes` was its size when it was opened or
// created (Windows: rounded up to pages, so it never shows the section's own size).
struct SharedObject {
    Handle handle;
    SectionAddress address;
    std::uint64_t object_bytes = 0;
    std::string path = {};  // Linux, and files: its absolute path, which no change of the current
                            // folder affects, ready for an end without memory
    TemporaryPath temporary = {};  // of an unpublished file that needs a name
    std::string id = {};  // Windows: the name that its kernel objects (roles, bells) begin with
    TemporaryPath remains = {};  // Windows: the name of a backing file that was removed while a
                                 // process mapped it; the last of those processes deletes it
    Handle name_cell = {};       // Windows: the name of a published section in memory
    // Windows: who may open its mutexes and events (AccessList); null: this user alone.
    std::shared_ptr<void> access_list = {};
    Handle map_source = {};  // Linux: see hold_map_source()
    ForkMark mark = {};
    // kRead: the system lets this process only read it, and share roles: try_lock_role().
    Access access = Access::kReadWrite;
};

// The same place, however the current folder changes.
[[nodiscard]] SectionAddress fixed_address(const SectionAddress& address);

// Creates a zeroed object of `bytes` bytes that no other process can open yet, for this user and
// for those with whom the address shares it, without reserving its memory. Linux: O_TMPFILE in
// /dev/shm or in the backing file's folder, 0600; shared 0660. Windows: a section object under a
// random name, with pages that are reserved and not committed; a backing file under a temporary
// name that goes with the process. Both have a DACL of the owner, and of the account with which
// they are shared.
[[nodiscard]] Result<SharedObject> create_object(const SectionAddress& address,
                                                 std::uint64_t bytes);

// Gives a created object its name, atomically: others see all of it or nothing. kCannotCreate: the
// name is taken. Linux: linkat. Windows: a compare-and-swap in the name's cell, a tiny section that
// holds the object's id; files: a rename that replaces nothing.
[[nodiscard]] Result<void> publish_object(SharedObject& object);

// Whether the object stays when no process has it open any more. Windows: a section in memory ends
// with its last handle, and its name with its creator's.
[[nodiscard]] bool section_persists(const SharedObject& object);

// Keeps the name leading to this opened object while the object is open, unless it is unlinked.
// False: the name leads elsewhere by now. Linux: a name needs no process, so this only looks.
// Windows, sections in memory: keeps the name's cell, which would otherwise go with the publisher.
[[nodiscard]] Result<bool> share_name(SharedObject& object);

// Opens an existing object for reading and writing, or only for reading: see SharedObject::access.
// kNotFound; kPermission: it is no regular object, or with kThisUser it is another user's that the
// address does not trust, or one that users may write whom nobody has named.
[[nodiscard]] Result<SharedObject> open_object(const SectionAddress& address,
                                               Owners owners = Owners::kThisUser);

// What look_at_place() returns, of an open object.
[[nodiscard]] Result<Place> look_at_object(const SharedObject& object);

// Whether the system lets this process remove the object's name. Linux: in a sticky folder, as
// /dev/shm is, only the owner may.
[[nodiscard]] bool may_remove(const SharedObject& object);

// The object's length now. Somebody may have cut it.
[[nodiscard]] Result<std::uint64_t> object_bytes_now(const SharedObject& object);

// Whether the object's name still leads to this very object.
[[nodiscard]] Result<bool> is_current(const SharedObject& object);

// REQUIRES: is_current() returned false. Whether the object has no name at all any more, so that it
// goes with the last process that has it open. False: it was moved, or the path to it changed.
[[nodiscard]] Result<bool> is_removed(const SharedObject& object);

// Stores a backing file's bytes as far as closing it does, and reports bytes that could not be
// stored: see Handle::close_checked(). The object stays open.
[[nodiscard]] Result<void> check_stored(const SharedObject& object);

// Removes the name. Call it only under the role kRoleRemover and after is_current() returned true:
// that keeps two cleaners from removing the new section of a third process.
[[nodiscard]] Result<void> unlink_object(const SharedObject& object);

// Linux: opens the file that the next mappings are made from, until map_source is closed. It is a
// second open file, without the locks of the handle: a mapping would keep those in a child of
// fork().
void hold_map_source(SharedObject& object);

// Maps [offset, offset + bytes) of the object; offset is a multiple of 64 KiB. kSystem,
// kOutOfMemory.
[[nodiscard]] Result<Mapping> map(const SharedObject& object, std::uint64_t offset,
                                  std::uint64_t bytes, Access access);

}  // namespace mapferry::inline v1::platform

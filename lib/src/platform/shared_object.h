// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): sections as objects of the system.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/section_address.h"
#include "mapferry/status.h"
#include "platform/fork_mark.h"
#include "platform/handle.h"
#include "platform/mapping.h"
#include "platform/place.h"

namespace mapferry::inline v1::platform {

// The name of a file that goes with this object unless somebody keeps it. Move-only. Inherited, it
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
    std::wstring wide_;  // Windows: what the system calls it, at hand for an end without memory
    ForkMark mark_;
};

// An open shared-memory object or backing file. `object_bytes` was its size at open or creation
// (Windows: rounded up to pages, so never the truth about the section's own size).
struct SharedObject {
    Handle handle;
    SectionAddress address;
    std::uint64_t object_bytes = 0;
    std::string path = {};  // Linux, and files: its whole path, which a change of the current
                            // folder leaves right, at hand for an end without memory
    TemporaryPath temporary = {};  // of an unpublished file that needs a name
    std::string id = {};         // Windows: what its kernel objects (roles, bells) are called after
    TemporaryPath remains = {};  // Windows: what a backing file is called once it was removed while
                                 // somebody mapped it; the last one to go deletes it
    Handle name_cell = {};       // Windows: the name of a published section in memory
    Handle map_source = {};      // Linux: see hold_map_source()
    ForkMark mark = {};
    // kRead: the system lets this process only read it, and share roles: try_lock_role().
    Access access = Access::kReadWrite;
};

// The same place, whatever the current folder will be.
[[nodiscard]] SectionAddress fixed_address(const SectionAddress& address);

// Creates a zeroed object of `bytes` that nobody can open yet, for this user only, without
// reserving its memory. Linux: O_TMPFILE in /dev/shm or in the backing file's folder, 0600.
// Windows: a section object under a random name, of reserved and not committed pages; a backing
// file under a temporary name that goes with the process. Both with the owner's DACL.
[[nodiscard]] Result<SharedObject> create_object(const SectionAddress& address,
                                                 std::uint64_t bytes);

// Gives a created object its name, atomically: others see all of it or nothing. kCannotCreate when
// the name is taken. Linux: linkat. Windows: a compare-and-swap in the name's cell, a tiny section
// that holds the object's id; files: rename without replacing.
[[nodiscard]] Result<void> publish_object(SharedObject& object);

// Whether the object stays when no process has it open any more. Windows: a section in memory ends
// with its last handle, and its name with its creator's.
[[nodiscard]] bool section_persists(const SharedObject& object);

// Lets the name lead to this opened object as long as the object is open, unless it is unlinked;
// false when the name leads elsewhere by now. Linux: a name needs nobody, so this only looks.
// Windows, sections in memory: keeps the name's cell, which would go with the publisher.
[[nodiscard]] Result<bool> share_name(SharedObject& object);

// Opens an existing object for reading and writing, or only for reading: SharedObject::access.
// kNotFound; kPermission: no regular object; kThisUser: another's, or one that others may write.
[[nodiscard]] Result<SharedObject> open_object(const SectionAddress& address,
                                               Owners owners = Owners::kThisUser);

// How long the object is now. Somebody may have cut it.
[[nodiscard]] Result<std::uint64_t> object_bytes_now(const SharedObject& object);

// Whether the object's name still leads to this very object.
[[nodiscard]] Result<bool> is_current(const SharedObject& object);

// REQUIRES: is_current() said no. Whether the object has no name at all any more, so that it goes
// with the last process that has it open. False: it was moved, or the way to it has changed.
[[nodiscard]] Result<bool> is_removed(const SharedObject& object);

// Brings a backing file's bytes to where they are kept, as far as closing it does that, and reports
// what could not be stored: Handle::close_checked(). The object stays open.
[[nodiscard]] Result<void> check_stored(const SharedObject& object);

// Takes the name away. Only between lock(kRoleRemover) and a positive is_current(): that is what
// keeps two cleaners from removing a third one's new section.
[[nodiscard]] Result<void> unlink_object(const SharedObject& object);

// Linux: opens what the next mappings are made from, until map_source is closed. It is a second
// open file, without the locks of the handle: a mapping would keep those in a child of fork().
void hold_map_source(SharedObject& object);

// Maps [offset, offset + bytes) of the object; offset is a multiple of 64 KiB. kSystem,
// kOutOfMemory.
[[nodiscard]] Result<Mapping> map(const SharedObject& object, std::uint64_t offset,
                                  std::uint64_t bytes, Access access);

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
// What tests need of the operating system besides processes.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/section.h"
#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/shared_object.h"

namespace mapferry::testing {

// ---- what a test may count on; one that needs more skips itself and says why -------------------

// Permission checks do not bind the superuser.
[[nodiscard]] bool is_superuser();
// Files have permission bits, and a umask takes some away from new ones.
[[nodiscard]] bool has_permission_bits();
// Pipes have names among the files: make_fifo().
[[nodiscard]] bool has_fifos();
// This user may make symbolic links: make_symlink().
[[nodiscard]] bool has_symlinks();
// Sections in memory are files too: object_file().
[[nodiscard]] bool has_object_files();
// A section in memory, and its name, stay when all its processes have ended.
[[nodiscard]] bool sections_outlive_processes();
// Memory that is reserved for a section but not touched can be counted.
[[nodiscard]] bool can_count_reserved_memory();
// Who may open a file in a folder of the test's can be read back: is_owners_only().
[[nodiscard]] bool can_tell_who_opens_files();
// Programs can be run in a mount namespace of their own.
[[nodiscard]] bool has_mount_namespaces();
// The limits of Launch hold.
[[nodiscard]] bool can_limit_resources();
// How often this thread has gone to sleep of its own will; 0 where the system does not count.
[[nodiscard]] std::uint64_t thread_sleeps();
// Files, sections and whatever else of the system's this process has open.
[[nodiscard]] std::uint64_t open_handles();
// A program that is interrupted before it asks for interrupts ends in a way that tells so.
[[nodiscard]] bool early_interrupts_are_told();
// A file can have the name.
[[nodiscard]] bool can_name_a_file(const std::string& name);

// ---- files -------------------------------------------------------------------------------------

// Lets new files keep exactly the permission bits that they ask for, less `mask`; puts the old mask
// back at its end. One at a time, no other threads. Does nothing without has_permission_bits().
class UmaskGuard {
  public:
    explicit UmaskGuard(std::uint32_t mask);
    ~UmaskGuard();
    UmaskGuard(const UmaskGuard&) = delete;
    UmaskGuard& operator=(const UmaskGuard&) = delete;

  private:
    std::uint32_t old_;
};

// The file in which a section's bytes can be changed from outside. REQUIRES: has_object_files(), or
// a section in a file.
[[nodiscard]] std::string object_file(const SectionAddress& address);

// Something under a section's name that is no section. A section in memory or in a file.
class ForeignObject {
  public:
    explicit ForeignObject(const SectionAddress& address);
    ~ForeignObject();
    ForeignObject(const ForeignObject&) = delete;
    ForeignObject& operator=(const ForeignObject&) = delete;

  private:
    std::string path_ = {};
    platform::Handle handle_ = {};
};

// Whether nobody but this user may open the object, whatever the umask.
[[nodiscard]] bool is_owners_only(const platform::SharedObject& object);

// As long as it lives, nobody else can open the file for reading.
class LockedAway {
  public:
    explicit LockedAway(const std::string& path);
    ~LockedAway();
    LockedAway(const LockedAway&) = delete;
    LockedAway& operator=(const LockedAway&) = delete;
    // False where permissions do not bind this user.
    [[nodiscard]] bool holds() const { return holds_; }

  private:
    std::string path_;
    platform::Handle handle_ = {};
    bool holds_ = false;
};

// Makes the file another user's. False where this user may not, or no file has an owner.
[[nodiscard]] bool give_away(const std::string& path);

// `count` zeros that take their space on the disk.
void make_reserved_file(const std::string& path, std::uint64_t count);

// A named pipe.
void make_fifo(const std::string& path);

// A symbolic link at `path` to the file or folder at `target`, which may be missing.
void make_symlink(const std::string& target, const std::string& path);

// The device that takes everything and gives nothing.
[[nodiscard]] std::string null_device();

// The device on which every write fails for lack of space; empty where there is none.
[[nodiscard]] std::string full_device();

// Modification time and access time, to the nanosecond or what is left of it.
[[nodiscard]] std::int64_t mtime_unix_ns(const std::string& path);
void set_mtime_unix_ns(const std::string& path, std::int64_t unix_ns);
// What a file keeps of a time: rounded down to the step in which its system counts.
[[nodiscard]] std::int64_t kept_unix_ns(std::int64_t unix_ns);

// Without has_permission_bits() they are zero and setting them does nothing.
[[nodiscard]] std::uint32_t permission_bits(const std::string& path);
void set_permission_bits(const std::string& path, std::uint32_t bits);

}  // namespace mapferry::testing

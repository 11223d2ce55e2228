// SPDX-License-Identifier: Apache-2.0
// Facts and services of the operating system that tests need, processes apart.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/section.h"
#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/shared_object.h"

namespace mapferry::testing {

// ---- what a test may count on; a test that needs more skips itself and prints why --------------

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
// A section in memory and its name stay after all its processes have ended.
[[nodiscard]] bool sections_outlive_processes();
// Memory that is reserved for a section but not touched can be counted.
[[nodiscard]] bool can_count_reserved_memory();
// is_owners_only() can read back which users may open a file in a folder of the test.
[[nodiscard]] bool can_tell_who_opens_files();
// Programs can be run in a mount namespace of their own.
[[nodiscard]] bool has_mount_namespaces();
// The system enforces the limits of Launch.
[[nodiscard]] bool can_limit_resources();
// QEMU runs the programs of another processor. It enforces neither limits of address space nor
// filters of system calls.
[[nodiscard]] bool is_emulated();
// The number of times that this thread has gone to sleep voluntarily; 0 where the system does not
// count them.
[[nodiscard]] std::uint64_t thread_sleeps();
// The number of files, sections and other system objects that this process has open.
[[nodiscard]] std::uint64_t open_handles();
// The end of a program that is interrupted before it catches interrupts shows the interrupt.
[[nodiscard]] bool early_interrupts_are_told();
// Whether a file can have this name.
[[nodiscard]] bool can_name_a_file(const std::string& name);

// ---- files -------------------------------------------------------------------------------------

// Gives new files exactly the permission bits that they ask for, less `mask`; restores the old mask
// at its end. One at a time, no other threads. Does nothing without has_permission_bits().
class UmaskGuard {
  public:
    explicit UmaskGuard(std::uint32_t mask);
    // NOLINTNEXTLINE(performance-trivially-destructible): it does nothing on Windows alone.
    ~UmaskGuard();
    UmaskGuard(const UmaskGuard&) = delete;
    UmaskGuard& operator=(const UmaskGuard&) = delete;

  private:
    std::uint32_t old_;
};

// The file through which a section's bytes can be changed from outside. REQUIRES:
// has_object_files(), or a section in a file.
[[nodiscard]] std::string object_file(const SectionAddress& address);

// An object that is no section, under the name of a section in memory or in a file.
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

// Whether only this user may open the object, whatever the umask.
[[nodiscard]] bool is_owners_only(const platform::SharedObject& object);

// A group with which this user may share sections, for parse_sharing().
[[nodiscard]] std::string group_of_this_user();
// Another user, for parse_sharing().
[[nodiscard]] std::string another_user();
// Gives a published object to that user. False where this user may not do it.
[[nodiscard]] bool give_away(const platform::SharedObject& object, const Sharing& user);
// Whether this user and that group, and nobody else, may open the object.
[[nodiscard]] bool is_shared_with(const platform::SharedObject& object, const Sharing& group);

// During its lifetime no other process can open the file for reading.
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

// Gives the file to another user. False where this user may not do it, or where files have no
// owner.
[[nodiscard]] bool give_away(const std::string& path);

// Makes a file of `count` zeros that take their space on the disk.
void make_reserved_file(const std::string& path, std::uint64_t count);

// Makes a named pipe.
void make_fifo(const std::string& path);

// Makes a symbolic link at `path` to the file or folder at `target`, which may be missing.
void make_symlink(const std::string& target, const std::string& path);

// The device that accepts every write and has nothing to read.
[[nodiscard]] std::string null_device();

// The device on which every write fails for lack of space; empty where the system has none.
[[nodiscard]] std::string full_device();

// Reads and sets the modification time, to the nanosecond or to the step of the file system.
// Setting it also sets the access time.
[[nodiscard]] std::int64_t mtime_unix_ns(const std::string& path);
void set_mtime_unix_ns(const std::string& path, std::int64_t unix_ns);
// The time as a file stores it: rounded down to the step of its file system.
[[nodiscard]] std::int64_t kept_unix_ns(std::int64_t unix_ns);

// Without has_permission_bits(), the bits are zero and setting them does nothing.
[[nodiscard]] std::uint32_t permission_bits(const std::string& path);
void set_permission_bits(const std::string& path, std::uint32_t bits);

}  // namespace mapferry::testing

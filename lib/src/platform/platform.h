// The platform contract: everything that the library needs of an operating system, and nothing
// more. One file of each topic per system, chosen by the build: NAME_linux.cc, NAME_win32.cc, the
// same functions in the same order. Only files in this folder know an operating system.
//
// Common to all: paths and names are UTF-8 (Linux: bytes as they are). Nothing throws. Errors are
// Status values with the native error; the mapping from native errors is native_status().
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mapferry/file_name.h"
#include "mapferry/machine.h"
#include "mapferry/output.h"
#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/status.h"
#include "platform/fork_mark.h"
#include "platform/place.h"

namespace mapferry::platform {

// ---- errors ------------------------------------------------------------------------------------

// Turns errno (Windows: GetLastError()) into a Status: `message` says what was tried. Call it
// directly after the failed call. Never returns a code below 64.
[[nodiscard]] Status native_status(std::string message);
[[nodiscard]] Status native_status(std::string message, int native_error);

struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

// ---- handles and mappings ----------------------------------------------------------------------

// An owned file descriptor (Windows: HANDLE). Move-only, closes on destruction and assignment.
class Handle {
  public:
    static constexpr std::intptr_t kNone = -1;
    Handle() = default;
    explicit Handle(std::intptr_t native) : native_(native) {}
    Handle(Handle&& other) noexcept : native_(other.release()) {}
    Handle& operator=(Handle&& other) noexcept;
    ~Handle() { close(); }

    [[nodiscard]] std::intptr_t get() const { return native_; }
    [[nodiscard]] bool valid() const { return native_ != kNone; }
    [[nodiscard]] std::intptr_t release();
    void close();
    // Closes it and reports what the system kept for this moment: that bytes which it had taken
    // could not be stored (Linux: NFS, FUSE, quota; Windows: a remote file's are brought to its
    // server first). `message` says what was tried. kIo. The handle is gone either way.
    [[nodiscard]] Result<void> close_checked(std::string message);

  private:
    std::intptr_t native_ = kNone;
};

// A mapped view. Move-only, unmaps on destruction. The bytes are other processes' too.
class Mapping {
  public:
    Mapping() = default;
    // Linux: also watches it for guard_faults().
    Mapping(std::byte* data, std::size_t bytes);
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping() { unmap(); }

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    // Whether its bytes could not be had any more and are zeros of this process's own now. Never
    // without guard_faults().
    [[nodiscard]] bool lost() const;
    // Whether one of this process ever was.
    [[nodiscard]] static bool any_lost();

    // From now on these whole pages, holes of the object, are zeros of this process's own, which
    // take no memory to be read. kSystem. Windows: does nothing, see holes_take_memory().
    [[nodiscard]] Result<void> cover_with_zeros(std::uint64_t offset, std::uint64_t bytes);

  private:
    static constexpr std::uint32_t kUnwatched = ~std::uint32_t{0};
    void unmap();
    std::byte* data_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint32_t watched_as_ = kUnwatched;
};

// From now on a page of a Mapping that can't be had (its object was cut, no memory, a failing disk)
// is zeros and makes the Mapping lost(), instead of ending the process. See fault_guard.h.
[[nodiscard]] Result<void> guard_faults();

// ---- shared objects ----------------------------------------------------------------------------

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

// Makes sure that touching [offset, offset + bytes) can't fail. kIo with "needs X, Y free" and a
// hint. Linux: fallocate, or where that is refused a write to each page, so nobody else may write
// there now. Windows: commit.
[[nodiscard]] Result<void> reserve(const SharedObject& object, std::uint64_t offset,
                                   std::uint64_t bytes);

// Whether an object has to be reserved with its holes: a view can't cover_with_zeros(). Windows.
[[nodiscard]] bool holes_take_memory();

// Gives reserved memory back to the system, where it can take it: true. The bytes are zeros then,
// and reserved no more. Whole pages. Linux: a hole. Windows: never; pages stay committed.
[[nodiscard]] bool release_memory(const SharedObject& object, std::uint64_t offset,
                                  std::uint64_t bytes);

// Gives a created object its name, atomically: others see all of it or nothing. kCannotCreate when
// the name is taken. Linux: linkat. Windows: a compare-and-swap in the name's cell, a tiny section
// that holds the object's id; files: rename without replacing.
[[nodiscard]] Result<void> publish_object(SharedObject& object);

// Whether the object stays when no process has it open any more. Windows: a section in memory ends
// with its last handle, and its name with its creator's.
[[nodiscard]] bool outlives_processes(const SharedObject& object);

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

// Maps [offset, offset + bytes) of the object; offset is a multiple of 64 KiB. kSystem.
[[nodiscard]] Result<Mapping> map(const SharedObject& object, std::uint64_t offset,
                                  std::uint64_t bytes, Access access);

// The error for it: what it needs, what is free, and the way out.
[[nodiscard]] Status out_of_space(const SectionAddress& address, std::uint64_t needed_bytes);

struct Space {
    std::uint64_t total_bytes = 0;
    std::uint64_t free_bytes = 0;  // for this user
};
// Of the file system (Windows: page file) that would back a section at `address`.
[[nodiscard]] Result<Space> space_at(const SectionAddress& address);

// What was reserved and never written. It has its memory, but where it is can't be told: kIsThere
// allows as many bytes of holes as are reserved anywhere.
enum class Unwritten : std::uint8_t { kIsThere, kIsAHole };

// Bytes around `wanted.begin` that reading takes no memory for, since they are there: at least up
// to wanted.end, or less where a hole follows. Of an object whose file system has no reliable word
// on that, all.
[[nodiscard]] Result<ByteRange> present_bytes(const SharedObject& object, const ByteRange& wanted,
                                              Unwritten unwritten);

// What this process could still take: of the machine, and of what a limit leaves to it (Linux:
// cgroups). Empty where the system does not say.
[[nodiscard]] std::optional<std::uint64_t> available_memory_bytes();

// Memory that the object really occupies now.
[[nodiscard]] Result<std::uint64_t> used_bytes(const SharedObject& object);

// ---- roles: the only truth about who is alive --------------------------------------------------

// A role of a section, held until destruction or until the kernel ends this process, whichever is
// first. Must not outlive the SharedObject. Linux: open-file-description byte lock, which a child
// of fork() shares: inherited, this releases nothing. Windows: the existence of a named mutex
// (files: LockFileEx on the same byte, which conflicts with Linux's).
class RoleLock {
  public:
    RoleLock() = default;
    // `guard`: Windows, sections in memory: the mutex whose existence is the lock.
    RoleLock(std::intptr_t native, std::uint32_t role, Handle guard = {})
        : native_(native), role_(role), guard_(std::move(guard)) {}
    RoleLock(RoleLock&& other) noexcept;
    RoleLock& operator=(RoleLock&& other) noexcept;
    ~RoleLock() { release(); }
    [[nodiscard]] bool held() const { return native_ != Handle::kNone; }
    void release();

  private:
    std::intptr_t native_ = Handle::kNone;  // of the object, borrowed
    std::uint32_t role_ = 0;
    Handle guard_;
    ForkMark mark_;
};

// Takes the role without waiting; kBusy when another open section (of any process) holds it. Where
// the object may only be read it is shared with others of whom that is true, and with nobody else.
[[nodiscard]] Result<RoleLock> try_lock_role(const SharedObject& object, std::uint32_t role);

// Takes a part in a role that any number of open sections share. Windows, sections in memory:
// nothing, since nobody asks for it there.
[[nodiscard]] Result<RoleLock> share_role(const SharedObject& object, std::uint32_t role);

// Whether anybody but this SharedObject holds the role.
[[nodiscard]] Result<bool> role_is_held(const SharedObject& object, std::uint32_t role);

// ---- bells: sleeping and waking across processes -----------------------------------------------

// What rings the bells of sections in memory: layout::kWake...
[[nodiscard]] std::uint32_t native_wake();

// `word` lies in a mapping of map(). Sleeps until it is rung, is not `seen`, or timeout_ms have
// passed; may also return for no reason. Only the caller's own look at its condition counts
// afterwards. Between processes of two operating systems only the time and the look count.
void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms);
// The same for about a tenth of a millisecond; returns at once where the system has no wait so
// short.
void nap_on(std::uint32_t& word, std::uint32_t seen);
// Wakes all who sleep on `word`, which the caller has changed from `before`.
void ring(std::uint32_t& word, std::uint32_t before);
// One step of a spinning wait: tells the processor so.
void spin_pause();

// ---- clock, identity ---------------------------------------------------------------------------

[[nodiscard]] std::int64_t monotonic_ns();
[[nodiscard]] std::int64_t unix_ns();
// As of the system's last tick, some milliseconds ago, and cheaper.
[[nodiscard]] std::int64_t coarse_unix_ns();
void sleep_us(std::int64_t microseconds);
[[nodiscard]] std::uint64_t random_u64();  // never 0
[[nodiscard]] std::uint32_t process_id();

// ---- input and output files --------------------------------------------------------------------

// A source of bytes. Move-only.
class InputFile {
  public:
    // `info` gets name, size, times, mode and identity as far as the system knows them.
    [[nodiscard]] static Result<std::unique_ptr<InputFile>> open(const std::string& path,
                                                                 PayloadInfo& info);
    [[nodiscard]] static Result<std::unique_ptr<InputFile>> standard_input(PayloadInfo& info);
    virtual ~InputFile() = default;
    // Its reading position is then the parent's too.
    [[nodiscard]] bool inherited() const { return mark_.inherited(); }
    // As Source::read, Source::wait_ready, Source::may_block.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> target) = 0;
    [[nodiscard]] virtual Result<bool> wait_ready(std::int64_t timeout_ms) = 0;
    [[nodiscard]] virtual bool may_block() const = 0;
    // As Source::has_producer.
    [[nodiscard]] virtual Result<bool> has_producer() { return true; }
    // Of a regular file, without moving the reading position: up to target.size() bytes from
    // `offset` bytes behind where it stood when the file was opened; 0 = end. Several threads may
    // call it at once.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::span<std::byte> target,
                                                      std::uint64_t offset) = 0;
    // Whether a regular file has been written to since it was opened, by what the system notes.
    [[nodiscard]] virtual Result<bool> changed() const = 0;
    // Of a regular file: the reading position is `bytes` behind where it stood when the file was
    // opened.
    [[nodiscard]] virtual Result<void> skip(std::uint64_t bytes) = 0;
    // Of a regular file, counted as by read_at(): the next bytes that it stores, from `offset` on;
    // what is between is zeros. At the file's end there is nothing more; where the system does not
    // say, all is stored. Moves the reading position.
    [[nodiscard]] virtual Result<ByteRange> next_stored(std::uint64_t offset) = 0;
    // Whether it is worth asking: the file takes less space than it has bytes.
    [[nodiscard]] virtual bool may_have_holes() const = 0;
    // The first bytes without moving the reading position; fewer at a short file, none from a pipe.
    [[nodiscard]] virtual Result<std::size_t> peek(std::span<std::byte> target) = 0;

  private:
    ForkMark mark_;
};

// A target of bytes, as Output describes it. Move-only; without commit() nothing is left, but
// what was overwritten in place. Inherited, it removes nothing.
class OutputFile {
  public:
    [[nodiscard]] static Result<std::unique_ptr<OutputFile>> create(
        const std::string& path, Overwrite overwrite, const std::optional<FileIdentity>& source);
    // `stop`: as Output::to_standard_output.
    [[nodiscard]] static Result<std::unique_ptr<OutputFile>> standard_output(
        const std::optional<FileIdentity>& source, const std::atomic<int>* stop);
    virtual ~OutputFile() = default;
    [[nodiscard]] bool inherited() const { return mark_.inherited(); }
    [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;
    // `bytes` zeros that take no space. False: nothing was done, they have to be written.
    [[nodiscard]] virtual Result<bool> leave_hole(std::uint64_t) { return false; }
    // With kOnDisk: the file is flushed before it gets its name, the name (Linux: the folder;
    // Windows: a move that writes through) after. A flush that fails is never tried again: the
    // system may have dropped what it could not write, and would then report success.
    [[nodiscard]] virtual Result<void> commit(const FileAttributes& attributes,
                                              Durability durability) = 0;
    // After commit(): an attribute that could not be applied, in a sentence; empty: all were.
    [[nodiscard]] virtual std::string left_out() const { return {}; }
    // What is lost without commit(), in a sentence; empty: nothing is.
    [[nodiscard]] virtual std::string loss() const { return {}; }

  private:
    ForkMark mark_;
};

// Links followed.
[[nodiscard]] bool is_folder(const std::string& path);
// Links not followed; empty: there is no such file, or the system does not say.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::string& path);

// ---- facts for `doctor` ------------------------------------------------------------------------

// Limits and kernel features, found by trying them where that is harmless.
[[nodiscard]] std::vector<MachineFact> machine_facts();

}  // namespace mapferry::platform

// SPDX-License-Identifier: Apache-2.0
/// \file
/// A named area of bytes that several processes read and write at offsets, under a lock. The lock
/// comes free when its holder dies.
///
///     mapferry::Result<std::uint64_t> add_one(const std::string& name) {
///         auto buffer = mapferry::SharedBuffer::open_or_create(
///             {.address = {.name = name}, .size_bytes = 1024});
///         if (!buffer) return std::unexpected(buffer.error());
///         auto lock = buffer->lock(std::chrono::seconds(5));
///         if (!lock) return std::unexpected(lock.error());
///         const auto bytes = lock->writable_bytes();  // in place, as long as `lock` lives
///         if (lock->previous_holder_died()) std::ranges::fill(bytes, std::byte{0});  // begin anew
///         std::uint64_t count = 0;
///         std::memcpy(&count, bytes.data(), sizeof count);
///         ++count;
///         std::memcpy(bytes.data(), &count, sizeof count);
///         return count;
///     }
///
/// A buffer is for values that change in place. It has no checksums: readers see the bytes as they
/// are at that moment, as in any memory. To send whole payloads to another process, use writer.h.
///
/// Linux: the buffer stays until remove_section(); collect_garbage() leaves it alone. Windows: a
/// buffer in memory ends with the last SharedBuffer that has it open.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// What this process may do with the bytes.
enum class BufferAccess : std::uint8_t {
    kReadWrite,
    kReadOnly,  ///< for open(): the bytes are mapped read-only. If this process may only read the
                ///< section, it shares the lock with other processes that may only read it
};

/// Which buffer, its size if it is to be made, and how long its waits last.
struct SharedBufferOptions {
    SectionAddress address = {};
    /// The size of a new buffer; an existing buffer must have exactly this size. open(): 0 = any.
    std::uint64_t size_bytes = 0;
    BufferAccess access = BufferAccess::kReadWrite;
    /// How long open() waits for the buffer to appear.
    Timeout timeout = std::chrono::milliseconds(0);
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the buffer.
    const std::atomic<int>* stop = nullptr;
};

/// Holds the lock of a buffer and gives access to its bytes, until release() or destruction. The
/// kernel frees the lock when the process ends. Move-only. May outlive its SharedBuffer.
class SharedBufferLock {
  public:
    SharedBufferLock(SharedBufferLock&&) noexcept;
    SharedBufferLock& operator=(SharedBufferLock&&) noexcept;
    ~SharedBufferLock();

    /// Whether the previous holder died with the lock, so that its changes may be incomplete. Only
    /// the next holder gets true and has to repair the bytes: later holders get false, unless that
    /// holder dies too. A holder that opened the buffer read-only can repair nothing, so the holder
    /// after it gets true again.
    [[nodiscard]] bool previous_holder_died() const { return previous_holder_died_; }

    /// All of the buffer, in place. Valid while the lock is held; empty after release().
    [[nodiscard]] std::span<const std::byte> bytes() const;
    /// The same bytes, writable. Empty if the buffer was opened read-only.
    [[nodiscard]] std::span<std::byte> writable_bytes();

    /// Copy bytes out of or into the buffer, beginning at `offset`, and return their count. Bytes
    /// behind the buffer's end are not copied, so the count may be less than requested, or 0.
    /// kUsage: the lock was released; kPermission: write_at() to a buffer that was opened
    /// read-only; kIo: somebody has cut the buffer (fault_guard.h).
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset,
                                              std::span<std::byte> target) const;
    [[nodiscard]] Result<std::size_t> write_at(std::uint64_t offset,
                                               std::span<const std::byte> bytes);
    void release() noexcept;

  private:
    friend class SharedBuffer;
    struct Held;
    SharedBufferLock(std::unique_ptr<Held> held, bool previous_holder_died);
    std::unique_ptr<Held> held_;
    bool previous_holder_died_ = false;
};

/// Move-only; one thread at a time. Threads that share a buffer open it once each; their locks
/// exclude each other as those of processes do. Buffer and locks are inert in a child made by
/// fork() (see writer.h): the lock stays with the parent, and the child opens the buffer anew.
class SharedBuffer {
  public:
    /// Creates a zeroed buffer. Its memory is reserved before other processes can open it.
    /// kCannotCreate: there is such a buffer already, or something else has the name; kUsage: the
    /// size is 0 bytes or over 1 TiB, or access is kReadOnly; kIo: not enough space (the message
    /// has the numbers).
    [[nodiscard]] static Result<SharedBuffer> create(const SharedBufferOptions& options);
    /// Opens an existing buffer, or waits for it. kNotFound: there is none, with timeout 0;
    /// kTimedOut: none came; kUsage: a section of another kind has the name; kCannotCreate: it has
    /// another size; kPermission: it belongs to another user, or access is kReadWrite and this
    /// process may only read it; kInterrupted, kCorrupt, kVersion.
    [[nodiscard]] static Result<SharedBuffer> open(const SharedBufferOptions& options);
    /// Opens the buffer, or creates it if there is none. When several processes do this at once,
    /// one of them creates the buffer, and all get the same one. Errors as create() and open().
    [[nodiscard]] static Result<SharedBuffer> open_or_create(const SharedBufferOptions& options);

    SharedBuffer(SharedBuffer&&) noexcept;
    SharedBuffer& operator=(SharedBuffer&&) noexcept;
    ~SharedBuffer();

    [[nodiscard]] std::uint64_t size_bytes() const;
    /// False: this object created the buffer.
    [[nodiscard]] bool already_existed() const;
    [[nodiscard]] BufferAccess access() const;
    /// kIo: somebody has cut the buffer (fault_guard.h), or its file could not store all bytes that
    /// were written.
    [[nodiscard]] Result<void> check() const;

    /// As read_at() and write_at() of SharedBufferLock, but without the lock. Other processes may
    /// write at the same moment, so old and new bytes may be mixed.
    [[nodiscard]] Result<std::size_t> read_unlocked(std::uint64_t offset,
                                                    std::span<std::byte> target) const;
    [[nodiscard]] Result<std::size_t> write_unlocked(std::uint64_t offset,
                                                     std::span<const std::byte> bytes);

    /// Waits for the lock, at most `timeout` (zero: tries once). kTimedOut, kInterrupted; kUsage:
    /// this object holds the lock already.
    [[nodiscard]] Result<SharedBufferLock> lock(Timeout timeout);

    /// Whether the buffer exists without any process. False on Windows for a buffer in memory:
    /// call linger() there, or keep it open in another process.
    [[nodiscard]] bool section_persists() const;
    /// If the buffer needs a process, waits until it is removed or `timeout` has passed; otherwise
    /// returns at once. kInterrupted.
    [[nodiscard]] Result<LingerEnd> linger(Timeout timeout);

  private:
    friend class SharedBufferLock;
    struct Impl;
    explicit SharedBuffer(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;  ///< shared with the lock
};

}  // namespace mapferry::inline v1

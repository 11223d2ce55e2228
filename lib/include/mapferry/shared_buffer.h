// SPDX-License-Identifier: Apache-2.0
/// \file
/// A named area of bytes that several processes read and write at offsets, under a lock that nobody
/// can take to the grave.
///
///     mapferry::Result<std::uint64_t> add_one(const std::string& name) {
///         auto buffer = mapferry::SharedBuffer::open_or_create(
///             {.address = {.name = name}, .size_bytes = 1024});
///         if (!buffer) return mapferry::pass(buffer.error());
///         auto lock = buffer->lock(std::chrono::seconds(5));
///         if (!lock) return mapferry::pass(lock.error());
///         const auto bytes = lock->writable_bytes();  // in place, as long as `lock` lives
///         if (lock->previous_holder_died()) std::ranges::fill(bytes, std::byte{0});  // begin anew
///         std::uint64_t count = 0;
///         std::memcpy(&count, bytes.data(), sizeof count);
///         ++count;
///         std::memcpy(bytes.data(), &count, sizeof count);
///         return count;
///     }
///
/// A buffer is for values that change in place. Nothing in it is checksummed: what is written is
/// read, as in any memory. For whole payloads from one process to another there is writer.h.
///
/// Linux: the buffer stays until remove_section(); collect_garbage() leaves it alone. Windows: one
/// in memory ends with the last SharedBuffer that has it open.
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

enum class BufferAccess : std::uint8_t {
    kReadWrite,
    kReadOnly,  ///< for open(): the bytes are mapped read-only. Where the section may only be read,
                ///< its lock is shared with other processes that may only read it
};

struct SharedBufferOptions {
    SectionAddress address = {};
    /// Of the buffer to create. One that exists must have exactly this size. open(): 0 = any size.
    std::uint64_t size_bytes = 0;
    BufferAccess access = BufferAccess::kReadWrite;
    /// How long open() waits for the buffer to appear.
    Timeout timeout = std::chrono::milliseconds(0);
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the buffer.
    const std::atomic<int>* stop = nullptr;
};

/// The lock of a buffer, and its bytes under it, until release() or destruction, or until the
/// kernel ends this process, whichever is first. Move-only. May outlive its SharedBuffer.
class SharedBufferLock {
  public:
    SharedBufferLock(SharedBufferLock&&) noexcept;
    SharedBufferLock& operator=(SharedBufferLock&&) noexcept;
    ~SharedBufferLock();

    /// The holder before died with the lock, so what it was changing may be half changed. Only the
    /// next holder learns it, and the one after that counts on its repair, unless it dies too. A
    /// holder that has the buffer open read-only can repair nothing: the next one learns it again.
    [[nodiscard]] bool previous_holder_died() const { return previous_holder_died_; }

    /// All of the buffer, in place. Valid as long as the lock is held; empty after release().
    [[nodiscard]] std::span<const std::byte> bytes() const;
    /// The same to write to. Empty where the buffer was opened read-only.
    [[nodiscard]] std::span<std::byte> writable_bytes();

    /// Copies bytes out of or into the buffer: those that lie between `offset` and its end. The
    /// result is their count, which is 0 from the end on. kUsage: the lock was released; write_at:
    /// kPermission when the buffer was opened read-only. kIo: somebody cut it (fault_guard.h).
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

/// Move-only. One thread at a time; threads that share a buffer open it once each, and their locks
/// exclude each other as those of processes do. Inert in a child made by fork(), as its locks are
/// (see writer.h): the lock stays the parent's, and the child opens the buffer anew.
class SharedBuffer {
  public:
    /// Creates a zeroed buffer. Its memory is reserved before anybody sees it. kCannotCreate: there
    /// is one already, or something else has the name; kUsage: a size of 0 bytes or over 1 TiB, or
    /// kReadOnly; kIo: not enough space (the message has the numbers).
    [[nodiscard]] static Result<SharedBuffer> create(const SharedBufferOptions& options);
    /// Opens the buffer that is there, or waits for it. kNotFound: none, with timeout 0; kTimedOut:
    /// none came; kUsage: a section of another kind has the name; kCannotCreate: it has another
    /// size; kPermission: it is another user's, or kReadWrite and it may only be read here;
    /// kCorrupt, kVersion.
    [[nodiscard]] static Result<SharedBuffer> open(const SharedBufferOptions& options);
    /// Opens it, or creates it where there is none: of several processes that do so at once one
    /// creates it and all get the same. Errors as create() and open().
    [[nodiscard]] static Result<SharedBuffer> open_or_create(const SharedBufferOptions& options);

    SharedBuffer(SharedBuffer&&) noexcept;
    SharedBuffer& operator=(SharedBuffer&&) noexcept;
    ~SharedBuffer();

    [[nodiscard]] std::uint64_t size_bytes() const;
    /// False: this very object created it.
    [[nodiscard]] bool already_existed() const;
    [[nodiscard]] BufferAccess access() const;
    /// kIo: somebody has cut it (fault_guard.h), or its file could not store what was written.
    [[nodiscard]] Result<void> check() const;

    /// As the lock's read_at() and write_at(), without the lock: other processes may write at the
    /// same moment, so the bytes may be old and new ones mixed.
    [[nodiscard]] Result<std::size_t> read_unlocked(std::uint64_t offset,
                                                    std::span<std::byte> target) const;
    [[nodiscard]] Result<std::size_t> write_unlocked(std::uint64_t offset,
                                                     std::span<const std::byte> bytes);

    /// Waits for the lock, at most `timeout` (zero: one try). kTimedOut, kInterrupted; kUsage:
    /// this object has it already.
    [[nodiscard]] Result<SharedBufferLock> lock(Timeout timeout);

    /// Whether the buffer lives on without any process. False on Windows for one in memory: stay()
    /// there, or have it open in another process.
    [[nodiscard]] bool section_persists() const;
    /// Waits until the buffer is removed or `timeout` has passed, where it needs a process;
    /// returns at once elsewhere. kInterrupted.
    [[nodiscard]] Result<LingerEnd> linger(Timeout timeout);

  private:
    friend class SharedBufferLock;
    struct Impl;
    explicit SharedBuffer(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;  ///< shared with the lock
};

}  // namespace mapferry::inline v1

// SPDX-License-Identifier: Apache-2.0
// A named area of bytes that several processes read and write at offsets, under a lock that nobody
// can take to the grave.
//
//     auto buffer = SharedBuffer::open({.address = {.name = "state"}, .size_bytes = 1024});
//     auto lock = buffer->lock(5000);  // or kTimedOut
//     if (lock->previous_holder_died()) repair(*buffer);
//     buffer->write_at(16, bytes);
//     lock->release();
//
// (each call returns a Result that a real program looks at.)
//
// A buffer is for values that change in place. Nothing in it is checksummed: what is written is
// read, as in any memory. For whole payloads from one process to another there is writer.h.
//
// Linux: the buffer stays until remove_section() or `mapferry-reader rm`; `gc` leaves it alone.
// Windows: one in memory ends with the last SharedBuffer that has it open.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "mapferry/section.h"
#include "mapferry/status.h"

namespace mapferry {

enum class BufferAccess : std::uint8_t {
    kReadWrite,
    kReadOnly,  // the bytes are mapped read-only; never creates. Where the section may only be read
                // its lock is shared with others of whom that is true
};

struct SharedBufferOptions {
    SectionAddress address = {};
    // Creates a zeroed buffer of so many bytes where there is none. One that is there must have
    // exactly this size. 0 = whatever is there.
    std::uint64_t size_bytes = 0;
    BufferAccess access = BufferAccess::kReadWrite;
    // How long to wait for a buffer that is not to be created here.
    std::int64_t timeout_ms = 0;
    // When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    // be set by a signal handler. Must outlive the buffer.
    const std::atomic<int>* stop = nullptr;
};

// The lock of a buffer, until release() or destruction, or until the kernel ends this process,
// whichever is first. Move-only. May outlive its SharedBuffer.
class SharedBufferLock {
  public:
    SharedBufferLock(SharedBufferLock&&) noexcept;
    SharedBufferLock& operator=(SharedBufferLock&&) noexcept;
    ~SharedBufferLock();

    // The holder before died with the lock, so what it was changing may be half changed. Said to
    // one holder only: the next one counts on this one's repair, unless it dies too. One that has
    // the buffer open read-only is told and the next one is told again.
    [[nodiscard]] bool previous_holder_died() const { return previous_holder_died_; }
    void release() noexcept;

  private:
    friend class SharedBuffer;
    struct Held;
    SharedBufferLock(std::unique_ptr<Held> held, bool previous_holder_died);
    std::unique_ptr<Held> held_;
    bool previous_holder_died_ = false;
};

// Move-only. One thread at a time; threads that share a buffer open it once each, and their locks
// exclude each other as those of processes do. Inert in a child made by fork(), as its locks are
// (see writer.h): the lock stays the parent's, read_at() has 0 bytes, and the child opens the
// buffer anew.
class SharedBuffer {
  public:
    // Opens the buffer, or creates it; of several processes that do so at once one creates and all
    // get the same. Its memory is reserved before anybody sees it. kNotFound: none, and none is to
    // be created; kTimedOut: none came; kUsage: a size of 0 bytes or over 1 TiB, or a section of
    // another kind; kCannotCreate: another size, or something else has the name; kIo: not enough
    // space (the message has the numbers); kPermission: another user's, or kReadWrite of one that
    // may only be read here; kCorrupt, kVersion.
    [[nodiscard]] static Result<SharedBuffer> open(const SharedBufferOptions& options);

    SharedBuffer(SharedBuffer&&) noexcept;
    SharedBuffer& operator=(SharedBuffer&&) noexcept;
    ~SharedBuffer();

    [[nodiscard]] std::uint64_t size_bytes() const;
    // False: this very object created it.
    [[nodiscard]] bool already_existed() const;
    [[nodiscard]] BufferAccess access() const;
    // kIo: somebody has cut it (fault_guard.h), or its file could not store what was written.
    [[nodiscard]] Result<void> check() const;

    // Copies bytes out of or into the buffer, as many as lie between `offset` and its end: the
    // count, which is 0 from the end on. Without the lock others may write meanwhile. write_at:
    // kPermission when it was opened read-only.
    // A buffer that was cut (fault_guard.h) has 0 to read.
    [[nodiscard]] std::size_t read_at(std::uint64_t offset, std::span<std::byte> target) const;
    [[nodiscard]] Result<std::size_t> write_at(std::uint64_t offset,
                                               std::span<const std::byte> bytes);

    // Waits for the lock, at most timeout_ms (0 = one try). kTimedOut, kInterrupted; kUsage when
    // this very object has it already.
    [[nodiscard]] Result<SharedBufferLock> lock(std::int64_t timeout_ms);

    // Whether the buffer lives on without any process. False on Windows for one in memory: stay()
    // there, or have it open in another process.
    [[nodiscard]] bool outlives_processes() const;
    // Stays until the buffer is removed or timeout_ms have passed, where it needs a process;
    // returns at once elsewhere. kInterrupted.
    [[nodiscard]] Result<StayEnd> stay(std::int64_t timeout_ms);

  private:
    friend class SharedBufferLock;
    struct Impl;
    explicit SharedBuffer(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;  // shared with the lock
};

}  // namespace mapferry

// SPDX-License-Identifier: Apache-2.0
/// \file
/// A named area of bytes that several processes read and write under a lock.
#pragma once

#include <type_traits>

#include "mapferry/cpp17/cpp17_library.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// The lock of a Buffer, which it keeps open, until this object ends. Move-only.
class BufferLock {
  public:
    BufferLock() noexcept = default;
    explicit BufferLock(std::shared_ptr<mapferry_buffer> locked) noexcept
        : buffer_(std::move(locked)) {}
    ~BufferLock() { unlock(); }
    BufferLock(BufferLock&& other) noexcept : buffer_(std::move(other.buffer_)) {}
    BufferLock& operator=(BufferLock&& other) noexcept {
        if (this == &other) return *this;
        unlock();
        buffer_ = std::move(other.buffer_);
        return *this;
    }
    BufferLock(const BufferLock&) = delete;
    BufferLock& operator=(const BufferLock&) = delete;
    explicit operator bool() const noexcept { return buffer_ != nullptr; }

    /// Whether the holder before died with the lock: its changes may be incomplete, and the bytes
    /// are this caller's to repair.
    [[nodiscard]] bool previous_holder_died() const noexcept {
        return value(MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED) == 1;
    }
    /// All bytes, in place. Not to be written to in a buffer that was opened with access=read_only.
    [[nodiscard]] std::uint8_t* data() const noexcept {
        return buffer_ == nullptr ? nullptr
                                  : static_cast<std::uint8_t*>(mapferry_buffer_data(buffer_.get()));
    }
    [[nodiscard]] std::size_t size() const noexcept {
        return buffer_ == nullptr ? 0 : static_cast<std::size_t>(value(MAPFERRY_BUFFER_SIZE));
    }
    [[nodiscard]] WritableBytes bytes() const noexcept { return {data(), size()}; }
    /// The first bytes as a record without pointers. nullptr: the buffer is smaller.
    template <typename Record>
    [[nodiscard]] Record* as() const noexcept {
        static_assert(std::is_trivially_copyable_v<Record>, "a record without pointers");
        return size() < sizeof(Record) ? nullptr : reinterpret_cast<Record*>(data());
    }
    void unlock() noexcept {
        if (buffer_ == nullptr) return;
        (void)mapferry_buffer_unlock(buffer_.get());
        buffer_.reset();
    }

  private:
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_buffer_value(buffer_.get(), key);
    }
    std::shared_ptr<mapferry_buffer> buffer_;
};

/// Move-only; one thread at a time. Threads that share a buffer open it once each.
class Buffer {
  public:
    Buffer() noexcept = default;
    Buffer(Buffer&&) noexcept = default;
    Buffer& operator=(Buffer&&) noexcept = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() = default;
    /// Opens or creates a buffer: "size_bytes=4096". section and options: mapferry_buffer_open().
    explicit Buffer(std::string_view section, std::string_view options = {},
                    const Stop* stop = nullptr, OnError on_error = {}) {
        mapferry_buffer* opened = nullptr;
        on_error.check(mapferry_buffer_open(std::string(section).c_str(),
                                            std::string(options).c_str(), detail::handle_of(stop),
                                            &opened));
        if (opened != nullptr) buffer_.reset(opened, detail::GiveBack());
    }
    explicit operator bool() const noexcept { return buffer_ != nullptr; }

    [[nodiscard]] std::size_t size() const noexcept {
        return buffer_ == nullptr ? 0 : static_cast<std::size_t>(value(MAPFERRY_BUFFER_SIZE));
    }
    /// False: this object created it.
    [[nodiscard]] bool already_existed() const noexcept {
        return value(MAPFERRY_BUFFER_ALREADY_EXISTED) == 1;
    }
    /// A fact by its key: MAPFERRY_BUFFER_...
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_buffer_value(buffer_.get(), key);
    }
    /// Waits for the lock. Code::kTimedOut, Code::kInterrupted; Code::kUsage: this object has it.
    [[nodiscard]] BufferLock lock(std::chrono::milliseconds timeout = kForever,
                                  OnError on_error = {}) {
        const std::int32_t code =
            on_error.check(mapferry_buffer_lock(buffer_.get(), detail::whole_ms(timeout)));
        return code == MAPFERRY_OK ? BufferLock(buffer_) : BufferLock();
    }
    /// Copy as many bytes as lie before the end, and return their number. Without the lock, old and
    /// new bytes may be mixed.
    std::size_t read(std::size_t offset, void* target, std::size_t size,
                     OnError on_error = {}) const {
        std::size_t done = 0;
        on_error.check(mapferry_buffer_read(buffer_.get(), offset, target, size, &done));
        return done;
    }
    std::size_t write(std::size_t offset, const void* data, std::size_t size,
                      OnError on_error = {}) {
        std::size_t done = 0;
        on_error.check(mapferry_buffer_write(buffer_.get(), offset, data, size, &done));
        return done;
    }
    /// Code::kIo: somebody has cut the buffer, or its file could not store all bytes.
    void check(OnError on_error = {}) const {
        on_error.check(mapferry_buffer_check(buffer_.get()));
    }
    /// Windows: stays until somebody removes the buffer. Returns MAPFERRY_LINGER_...
    std::int32_t linger(std::chrono::milliseconds timeout = kForever, OnError on_error = {}) {
        std::int32_t ended = MAPFERRY_LINGER_NOT_NEEDED;
        on_error.check(mapferry_buffer_linger(buffer_.get(), detail::whole_ms(timeout), &ended));
        return ended;
    }
    /// Closes it when its lock has ended too. The section stays: remove_section().
    void close() noexcept { buffer_.reset(); }
    [[nodiscard]] mapferry_buffer* get() const noexcept { return buffer_.get(); }

  private:
    std::shared_ptr<mapferry_buffer> buffer_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17

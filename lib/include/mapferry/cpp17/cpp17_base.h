// SPDX-License-Identifier: Apache-2.0
/// \file
/// What all objects of the C++17 interface use: failures, times, bytes in place, text.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "mapferry/mapferry.h"

// Files that are compiled with and without exceptions may be parts of one program: their functions
// differ, so their types have different names for the linker.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define MAPFERRY_CPP17_ERRORS with_exceptions
#else
#define MAPFERRY_CPP17_ERRORS without_exceptions
#endif

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// Why a call failed. The values are those of MAPFERRY_USAGE and the others in c_base.h.
enum class Code : std::int32_t {
    kOk = MAPFERRY_OK,
    kUsage = MAPFERRY_USAGE,
    kNotFound = MAPFERRY_NOT_FOUND,
    kNotReady = MAPFERRY_NOT_READY,
    kBusy = MAPFERRY_BUSY,
    kStillFilling = MAPFERRY_STILL_FILLING,
    kTimedOut = MAPFERRY_TIMED_OUT,
    kInterrupted = MAPFERRY_INTERRUPTED,
    kPeerGone = MAPFERRY_PEER_GONE,
    kEvicted = MAPFERRY_EVICTED,
    kCorrupt = MAPFERRY_CORRUPT,
    kFormatVersion = MAPFERRY_FORMAT_VERSION,
    kPermission = MAPFERRY_PERMISSION,
    kCannotCreate = MAPFERRY_CANNOT_CREATE,
    kIo = MAPFERRY_IO,
    kOutOfMemory = MAPFERRY_OUT_OF_MEMORY,
    kSystem = MAPFERRY_SYSTEM,
};

/// A failure in words: a copy of what mapferry_error_message() and its neighbours say.
struct Failure {
    Code code = Code::kOk;
    std::string message;        ///< names the object and the cause
    std::string hint;           ///< the way out; empty if there is none
    std::int32_t os_error = 0;  ///< errno, on Windows GetLastError(); 0: the system had no part
    std::int32_t remedy = 0;    ///< the way out as a number: mapferry_remedy_name()

    /// Whether there is a failure.
    explicit operator bool() const noexcept { return code != Code::kOk; }
};

/// The message, and the hint in parentheses.
[[nodiscard]] inline std::string describe(const Failure& failure) {
    return failure.hint.empty() ? failure.message : failure.message + " (" + failure.hint + ")";
}

/// What a failing call throws, if its caller gave it no Failure to fill. what() is describe().
class Error : public std::runtime_error {
  public:
    explicit Error(Failure failure)
        : std::runtime_error(describe(failure)),
          failure_(std::make_shared<const Failure>(std::move(failure))) {}
    [[nodiscard]] const Failure& failure() const noexcept { return *failure_; }
    [[nodiscard]] Code code() const noexcept { return failure_->code; }

  private:
    std::shared_ptr<const Failure> failure_;  // copies of an exception must not throw
};

/// The last parameter of every call that can fail, and the choice between exceptions and codes.
/// Left out: the call throws Error. A Failure: the call fills it instead of throwing, or empties it
/// on success, and returns something empty (an empty object, 0, false, "").
///
///     Failure failure;
///     FrameReader reader("camera", "timeout_ms=0", nullptr, failure);
///     if (failure) ...
///
/// In a program that is compiled without exceptions a failing call without a Failure calls
/// std::terminate().
class OnError {
  public:
    OnError() noexcept = default;
    // NOLINTNEXTLINE(google-explicit-constructor): callers pass their Failure itself
    OnError(Failure& failure) noexcept : failure_(&failure) { failure = Failure(); }

    /// For the calls of this interface: reports a code above 0, and returns the code.
    std::int32_t check(std::int32_t code) const {
        if (code > 0) report(code);
        return code;
    }

  private:
    void report(std::int32_t code) const {
        Failure failure{static_cast<Code>(code), mapferry_error_message(), mapferry_error_hint(),
                        mapferry_error_os(), mapferry_error_remedy()};
        if (failure_ != nullptr) {
            *failure_ = std::move(failure);
            return;
        }
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
        throw Error(std::move(failure));
#else
        std::terminate();
#endif
    }
    Failure* failure_ = nullptr;
};

/// Time limits are std::chrono durations. This one waits as long as it takes; 0 and less looks once
/// and does not wait. A limit is rounded down to ms.
inline constexpr std::chrono::milliseconds kForever = std::chrono::milliseconds::max();
inline constexpr std::chrono::milliseconds kNoWait = std::chrono::milliseconds(0);

/// Bytes that belong to something else, as std::span shows them in C++20.
template <typename Byte>
class Area {
  public:
    constexpr Area() noexcept = default;
    constexpr Area(Byte* data, std::size_t size) noexcept : data_(data), size_(size) {}
    [[nodiscard]] constexpr Byte* data() const noexcept { return data_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] constexpr Byte* begin() const noexcept { return data_; }
    [[nodiscard]] constexpr Byte* end() const noexcept { return data_ + size_; }
    [[nodiscard]] constexpr Byte& operator[](std::size_t index) const { return data_[index]; }

  private:
    Byte* data_ = nullptr;
    std::size_t size_ = 0;
};
using Bytes = Area<const std::uint8_t>;
using WritableBytes = Area<std::uint8_t>;

/// A value of an option that may be empty or contain blanks: "label=" + quoted_value("my label").
[[nodiscard]] inline std::string quoted_value(std::string_view value) {
    std::string quoted(1, '"');
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted + '"';
}

namespace detail {

// How each object of the C interface is given back.
struct GiveBack {
    void operator()(mapferry_stop* object) const noexcept { mapferry_stop_free(object); }
    void operator()(mapferry_bytes* object) const noexcept { mapferry_bytes_free(object); }
    void operator()(mapferry_picture* object) const noexcept { mapferry_picture_free(object); }
    void operator()(mapferry_frame* object) const noexcept { mapferry_frame_release(object); }
    void operator()(mapferry_loan* object) const noexcept { mapferry_loan_drop(object); }
    void operator()(mapferry_buffer* object) const noexcept { mapferry_buffer_close(object); }
    void operator()(mapferry_reader* object) const noexcept { mapferry_reader_close(object); }
    void operator()(mapferry_writer* object) const noexcept { mapferry_writer_close(object); }
    void operator()(mapferry_frame_reader* object) const noexcept {
        mapferry_frame_reader_close(object);
    }
    void operator()(mapferry_frame_writer* object) const noexcept {
        mapferry_frame_writer_close(object);
    }
};
template <typename Object>
using Handle = std::unique_ptr<Object, GiveBack>;

[[nodiscard]] inline std::int32_t whole_ms(std::chrono::milliseconds limit) noexcept {
    if (limit.count() <= 0) return 0;
    if (limit.count() > std::numeric_limits<std::int32_t>::max()) return MAPFERRY_FOREVER;
    return static_cast<std::int32_t>(limit.count());
}

[[nodiscard]] inline const std::uint8_t* as_bytes(const void* data) noexcept {
    return static_cast<const std::uint8_t*>(data);
}

}  // namespace detail

/// Bytes or a text in memory of this process alone. Move-only; any thread.
class OwnedBytes {
  public:
    OwnedBytes() noexcept = default;
    explicit OwnedBytes(mapferry_bytes* taken_over) noexcept : handle_(taken_over) {}
    /// False: nothing was handed out. An empty text is something.
    explicit operator bool() const noexcept { return handle_ != nullptr; }
    [[nodiscard]] const std::uint8_t* data() const noexcept {
        return reinterpret_cast<const std::uint8_t*>(mapferry_bytes_data(handle_.get()));
    }
    [[nodiscard]] std::size_t size() const noexcept { return mapferry_bytes_size(handle_.get()); }
    [[nodiscard]] Bytes bytes() const noexcept { return {data(), size()}; }
    /// The same as text, which a 0 follows.
    [[nodiscard]] std::string_view text() const noexcept {
        return {mapferry_bytes_data(handle_.get()), size()};
    }

  private:
    detail::Handle<mapferry_bytes> handle_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17

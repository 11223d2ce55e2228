// SPDX-License-Identifier: Apache-2.0
// Reading sources.
#include <windows.h>
#include <winioctl.h>

#include <algorithm>
#include <array>
#include <climits>
#include <limits>

#include "base/fail.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "mapferry/printable_text.h"
#include "platform/byte_range.h"
#include "platform/clock.h"
#include "platform/input_file.h"
#include "platform/native_error.h"
#include "platform/win32/file_times_win32.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

// How often an empty pipe is looked at: Windows can't wait until an anonymous pipe has bytes.
constexpr std::int64_t kLookFirstUs = 100;
constexpr std::int64_t kLookLastUs = 5000;
constexpr std::size_t kReadMax = std::size_t{1} << 30;

enum class Kind : std::uint8_t {
    kRegular,
    kPipe,
    kConsole,
    kOther,  // NUL and other devices: a read does not wait for another process
};

class WindowsInputFile final : public InputFile {
  public:
    WindowsInputFile(Handle handle, std::string what, Kind kind)
        : handle_(std::move(handle)), what_(std::move(what)), kind_(kind) {
        LARGE_INTEGER here{};
        if (kind_ == Kind::kRegular &&
            ::SetFilePointerEx(raw(handle_), LARGE_INTEGER{}, &here, FILE_CURRENT) != 0)
            began_ = static_cast<std::uint64_t>(here.QuadPart);
        known_ =
            kind_ == Kind::kRegular && ::GetFileInformationByHandle(raw(handle_), &facts_) != 0;
    }

    Result<std::size_t> read(std::span<std::byte> target) override {
        const auto wanted = static_cast<DWORD>(std::min(target.size(), kReadMax));
        DWORD got = 0;
        ::SetLastError(ERROR_SUCCESS);
        const BOOL good = ::ReadFile(raw(handle_), target.data(), wanted, &got, nullptr);
        const DWORD error = ::GetLastError();
        // Ctrl-C at a console is reported as a success without bytes, which is not the end of the
        // file.
        if (good != 0 && got == 0 && error == ERROR_OPERATION_ABORTED)
            return fail(Code::kInterrupted, "reading " + what_ + " was interrupted");
        if (good != 0) return static_cast<std::size_t>(got);
        if (error == ERROR_BROKEN_PIPE || error == ERROR_HANDLE_EOF) return std::size_t{0};
        if (error == ERROR_INVALID_USER_BUFFER) return read_through(target);
        if (error == ERROR_NO_DATA)
            return fail(Code::kInterrupted, "reading " + what_ + " must wait");
        Status status = native_status("cannot read " + what_, static_cast<int>(error));
        if (status.code != Code::kInterrupted) status.code = Code::kIo;
        return std::unexpected(std::move(status));
    }

    Result<std::size_t> read_at(std::span<std::byte> target, std::uint64_t offset) override {
        const auto wanted = static_cast<DWORD>(std::min(target.size(), kReadMax));
        const std::uint64_t from = began_ + offset;
        OVERLAPPED place{};
        place.Offset = static_cast<DWORD>(from);
        place.OffsetHigh = static_cast<DWORD>(from >> 32);
        DWORD got = 0;
        if (::ReadFile(raw(handle_), target.data(), wanted, &got, &place) != 0)
            return static_cast<std::size_t>(got);
        const DWORD error = ::GetLastError();
        if (error == ERROR_HANDLE_EOF) return std::size_t{0};
        Status status = native_status("cannot read " + what_, static_cast<int>(error));
        status.code = Code::kIo;
        return std::unexpected(std::move(status));
    }

    // The time of the last write may lag until the file's writer closes it.
    Result<bool> changed() const override {
        if (!known_) return false;
        BY_HANDLE_FILE_INFORMATION now{};
        if (::GetFileInformationByHandle(raw(handle_), &now) == 0)
            return std::unexpected(native_status("cannot examine " + what_));
        return now.nFileSizeHigh != facts_.nFileSizeHigh ||
               now.nFileSizeLow != facts_.nFileSizeLow ||
               ::CompareFileTime(&now.ftLastWriteTime, &facts_.ftLastWriteTime) != 0;
    }

    // Only files that were made sparse have holes.
    bool may_have_holes() const override {
        return known_ && (facts_.dwFileAttributes & FILE_ATTRIBUTE_SPARSE_FILE) != 0;
    }

    Result<ByteRange> next_stored(std::uint64_t offset) override {
        constexpr std::int64_t kFurthest = std::numeric_limits<std::int64_t>::max();
        const auto from = static_cast<std::int64_t>(began_ + offset);
        FILE_ALLOCATED_RANGE_BUFFER asked{};
        asked.FileOffset.QuadPart = from;
        asked.Length.QuadPart = kFurthest - from;
        FILE_ALLOCATED_RANGE_BUFFER found{};
        DWORD got = 0;
        const BOOL good = ::DeviceIoControl(raw(handle_), FSCTL_QUERY_ALLOCATED_RANGES, &asked,
                                            sizeof asked, &found, sizeof found, &got, nullptr);
        // More than one range follows; this is the first one.
        if (good == 0 && ::GetLastError() != ERROR_MORE_DATA)
            return ByteRange{.begin = offset, .end = static_cast<std::uint64_t>(kFurthest)};
        if (got < sizeof found)
            return ByteRange{.begin = static_cast<std::uint64_t>(kFurthest),
                             .end = static_cast<std::uint64_t>(kFurthest)};
        const auto begin = static_cast<std::uint64_t>(std::max(found.FileOffset.QuadPart, from));
        const auto end =
            static_cast<std::uint64_t>(found.FileOffset.QuadPart + found.Length.QuadPart);
        return ByteRange{.begin = begin - began_, .end = end - began_};
    }

    // read_at() has moved the position too, so it is counted from the start.
    Result<void> skip(std::uint64_t bytes) override {
        LARGE_INTEGER place{};
        place.QuadPart = static_cast<LONGLONG>(began_ + bytes);
        if (::SetFilePointerEx(raw(handle_), place, nullptr, FILE_BEGIN) != 0) return {};
        return std::unexpected(native_status("cannot move on in " + what_));
    }

    Result<bool> wait_ready(std::int64_t timeout_ms) override {
        if (kind_ == Kind::kConsole)
            return ::WaitForSingleObject(raw(handle_), static_cast<DWORD>(std::clamp<std::int64_t>(
                                                           timeout_ms, 0, INT_MAX))) ==
                   WAIT_OBJECT_0;
        if (kind_ != Kind::kPipe) return true;
        const std::int64_t began_ns = monotonic_ns();
        while (true) {
            DWORD available = 0;
            // End of file and errors are ready too: read() shows them.
            if (::PeekNamedPipe(raw(handle_), nullptr, 0, nullptr, &available, nullptr) == 0 ||
                available != 0)
                return true;
            const std::int64_t waited_us = (monotonic_ns() - began_ns) / 1000;
            if (waited_us >= bounded_ms(timeout_ms) * 1000) return false;
            sleep_us(std::clamp(waited_us / 8, kLookFirstUs, kLookLastUs));
        }
    }

    bool may_block() const override { return kind_ == Kind::kPipe || kind_ == Kind::kConsole; }

    Result<std::size_t> peek(std::span<std::byte> target) override {
        if (kind_ != Kind::kRegular) return std::size_t{0};
        LARGE_INTEGER position{};
        if (::SetFilePointerEx(raw(handle_), {}, &position, FILE_CURRENT) == 0)
            return std::unexpected(native_status("cannot examine " + what_));
        DWORD got = 0;
        const auto wanted = static_cast<DWORD>(std::min(target.size(), kReadMax));
        const BOOL good = ::ReadFile(raw(handle_), target.data(), wanted, &got, nullptr);
        const DWORD error = ::GetLastError();
        ::SetFilePointerEx(raw(handle_), position, nullptr, FILE_BEGIN);
        if (good == 0 && error != ERROR_HANDLE_EOF)
            return std::unexpected(native_status("cannot read " + what_, static_cast<int>(error)));
        return static_cast<std::size_t>(got);
    }

  private:
    // Wine 8 can't read from a pipe into pages of a section that were committed through another
    // view, but storing into them works.
    Result<std::size_t> read_through(std::span<std::byte> target) {
        std::array<std::byte, 16'384> buffer;
        const auto got = read(std::span(buffer).first(std::min(buffer.size(), target.size())));
        if (got) std::copy_n(buffer.begin(), *got, target.begin());
        return got;
    }

    Handle handle_;
    std::string what_;
    Kind kind_;
    std::uint64_t began_ = 0;             // where the reading position of a regular file stood
    BY_HANDLE_FILE_INFORMATION facts_{};  // when it was opened, if known_
    bool known_ = false;
};

Kind kind_of(HANDLE handle) {
    switch (::GetFileType(handle)) {
        case FILE_TYPE_DISK:
            return Kind::kRegular;
        case FILE_TYPE_PIPE:
            return Kind::kPipe;
        default: {
            DWORD mode = 0;
            return ::GetConsoleMode(handle, &mode) != 0 ? Kind::kConsole : Kind::kOther;
        }
    }
}

void describe_file(const BY_HANDLE_FILE_INFORMATION& facts, PayloadInfo& info) {
    const std::uint64_t index =
        static_cast<std::uint64_t>(facts.nFileIndexHigh) << 32 | facts.nFileIndexLow;
    info.source = FileIdentity{.device = facts.dwVolumeSerialNumber, .file = {index, 0}};
    const auto ticks = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(facts.ftLastWriteTime.dwHighDateTime) << 32 |
        facts.ftLastWriteTime.dwLowDateTime);
    // Left out where 64 bits of nanoseconds can't hold the time, after 2262: any other time would
    // be wrong.
    constexpr std::int64_t kTicksMost = std::numeric_limits<std::int64_t>::max() / 100;
    const std::int64_t since_1970 = ticks - kUnixEpochTicks;
    if (since_1970 >= -kTicksMost && since_1970 <= kTicksMost)
        info.mtime_unix_ns = since_1970 * 100;
    // Windows has no permission bits; the read-only attribute alone would show too little.
}

Result<std::unique_ptr<InputFile>> wrap(Handle handle, const std::string& what, PayloadInfo& info) {
    const HANDLE native = raw(handle);
    const Kind kind = kind_of(native);
    auto file = std::make_unique<WindowsInputFile>(std::move(handle), what, kind);
    if (kind != Kind::kRegular) return file;
    // Some file systems don't tell, and Wine doesn't for a file that a Linux program opened. It is
    // read to its end then, as a pipe is.
    BY_HANDLE_FILE_INFORMATION facts{};
    if (::GetFileInformationByHandle(native, &facts) == 0) return file;
    if ((facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
        return fail(Code::kNotFound, what + " is a folder, not a file", Remedy::kSendArchive);
    describe_file(facts, info);
    LARGE_INTEGER position{};
    if (::SetFilePointerEx(native, {}, &position, FILE_CURRENT) == 0)
        return std::unexpected(native_status("cannot examine " + what));
    const auto size = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(facts.nFileSizeHigh) << 32 | facts.nFileSizeLow);
    std::byte probe{};
    TRY_ASSIGN(const auto first, file->peek({&probe, 1}));
    // Files that have bytes but no size (Wine shows Linux's /proc): the size is known only at the
    // end.
    if (size > position.QuadPart)
        info.payload_bytes = static_cast<std::uint64_t>(size - position.QuadPart);
    else if (first == 0)
        info.payload_bytes = 0;
    return file;
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path, PayloadInfo& info) {
    const std::string what = in_quotes(path);
    // Backup semantics opens folders too, so that they are not mistaken for forbidden files.
    Handle handle = own(::CreateFileW(
        wide_path(path).c_str(), GENERIC_READ,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
        FILE_FLAG_SEQUENTIAL_SCAN | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!handle.valid()) return std::unexpected(native_status("cannot open " + what));
    info.name = split_path(path).name;
    return wrap(std::move(handle), what, info);
}

Result<std::unique_ptr<InputFile>> InputFile::standard_input(PayloadInfo& info) {
    const HANDLE input = ::GetStdHandle(STD_INPUT_HANDLE);
    if (input == nullptr || input == INVALID_HANDLE_VALUE)
        return fail(Code::kIo, "cannot read standard input: there is none");
    HANDLE copy = nullptr;
    const HANDLE process = ::GetCurrentProcess();
    // The process keeps its own.
    if (::DuplicateHandle(process, input, process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS) == 0)
        return std::unexpected(native_status("cannot read standard input"));
    return wrap(own(copy), "standard input", info);
}

}  // namespace mapferry::inline v1::platform

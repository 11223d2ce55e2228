// SPDX-License-Identifier: Apache-2.0
// GetLastError() to Status, in one place.
#include <windows.h>

#include "platform/native_error.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

Code code_of(DWORD native_error) {
    switch (native_error) {
        case ERROR_OPERATION_ABORTED:
            return Code::kInterrupted;
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME:
        case ERROR_INVALID_DRIVE:
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_NET_NAME:
            return Code::kNotFound;
        case ERROR_ALREADY_EXISTS:
        case ERROR_FILE_EXISTS:
            return Code::kCannotCreate;
        case ERROR_ACCESS_DENIED:
        case ERROR_SHARING_VIOLATION:
        case ERROR_WRITE_PROTECT:
        case ERROR_PRIVILEGE_NOT_HELD:
        case ERROR_CANT_ACCESS_FILE:
            return Code::kPermission;
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
        case ERROR_FILE_TOO_LARGE:
        case ERROR_COMMITMENT_LIMIT:
        case ERROR_BROKEN_PIPE:
        case ERROR_NO_DATA:
        case ERROR_CRC:
        case ERROR_READ_FAULT:
        case ERROR_WRITE_FAULT:
        case ERROR_IO_DEVICE:
            return Code::kIo;
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
            return Code::kOutOfMemory;
        default:
            return Code::kSystem;
    }
}

std::string hint_of(DWORD native_error) {
    switch (native_error) {
        case ERROR_TOO_MANY_OPEN_FILES:
            return "this program has too many files open";
        case ERROR_COMMITMENT_LIMIT:
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
            return "close other programs, or enlarge the page file";
        case ERROR_SHARING_VIOLATION:
            return "another program has it open";
        case ERROR_PRIVILEGE_NOT_HELD:
            return "run it as an administrator or a service";
        default:
            return {};
    }
}

// The system's own words, in English where it has them, without the full stop and line break.
std::string system_text_of(DWORD native_error) {
    wchar_t text[512];
    constexpr DWORD kFlags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    DWORD units = ::FormatMessageW(kFlags, nullptr, native_error,
                                   MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), text,
                                   static_cast<DWORD>(std::size(text)), nullptr);
    if (units == 0)
        units = ::FormatMessageW(kFlags, nullptr, native_error, 0, text,
                                 static_cast<DWORD>(std::size(text)), nullptr);
    std::wstring_view words(text, units);
    while (!words.empty() && (words.back() <= L' ' || words.back() == L'.'))
        words.remove_suffix(1);
    if (words.empty()) return "Windows error " + std::to_string(native_error);
    return to_utf8(words);
}

}  // namespace

Status native_status(std::string message, int native_error) {
    const auto error = static_cast<DWORD>(native_error);
    message += ": " + system_text_of(error);
    const bool is_global = error == ERROR_PRIVILEGE_NOT_HELD;
    return Status{code_of(error), std::move(message), hint_of(error), native_error,
                  is_global ? Remedy::kStayInSession : Remedy::kNone};
}

Status native_status(std::string message) {
    return native_status(std::move(message), static_cast<int>(::GetLastError()));
}

}  // namespace mapferry::inline v1::platform

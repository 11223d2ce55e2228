// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>

#include <windows.h>

#include "console/doctor/bench_peer.h"

namespace mapferry::cli {

namespace {

constexpr DWORD kPipeBytes = 1 << 16;  // as in a pipe of Linux

Status peer_failure(const std::string& what, Code code = Code::kSystem) {
    return {code, "cannot " + what, {}, static_cast<int>(GetLastError())};
}

OpenFile own(HANDLE handle) {
    return OpenFile(reinterpret_cast<std::intptr_t>(handle));
}

std::wstring to_wide(const std::string& text) {
    const int bytes = static_cast<int>(text.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(std::max(units, 0)), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    return wide;
}

std::string to_utf8(const std::wstring& wide) {
    const int units = static_cast<int>(wide.size());
    const int bytes =
        WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, nullptr, 0, nullptr, nullptr);
    std::string text(static_cast<std::size_t>(std::max(bytes, 0)), '\0');
    WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, text.data(), bytes, nullptr, nullptr);
    return text;
}

std::wstring temporary_folder() {
    std::wstring path(MAX_PATH + 1, L'\0');
    path.resize(GetTempPathW(static_cast<DWORD>(path.size()), path.data()));
    return path;
}

Result<Channel> open_anonymous_pipe() {
    return open_pipe(0);
}

Result<Channel> open_named_pipe() {
    static std::atomic<unsigned> count{0};
    // relaxed: the number only has to be unique
    const unsigned number = count.fetch_add(1, std::memory_order_relaxed);
    const std::wstring name = L"\\\\.\\pipe\\mapferry-doctor." +
                              std::to_wstring(GetCurrentProcessId()) + L"." +
                              std::to_wstring(number);
    const HANDLE server = CreateNamedPipeW(
        name.c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, kPipeBytes, 0, nullptr);
    if (server == INVALID_HANDLE_VALUE) return std::unexpected(peer_failure("make a named pipe"));
    Channel channel{own(server), {}};
    const HANDLE client =
        CreateFileW(name.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    if (client == INVALID_HANDLE_VALUE) return std::unexpected(peer_failure("open a named pipe"));
    channel.theirs = own(client);
    return channel;
}

constexpr std::array kChannelKinds = {ChannelKind{"anonymous pipe", open_anonymous_pipe},
                                      ChannelKind{"named pipe", open_named_pipe}};

}  // namespace

Result<OpenFile> make_nameless_file(const std::string& folder) {
    std::wstring path(MAX_PATH + 1, L'\0');
    if (GetTempFileNameW(to_wide(folder).c_str(), L"mfb", 0, path.data()) == 0)
        return std::unexpected(peer_failure("make a file in " + folder, Code::kIo));
    const HANDLE file =
        CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_DELETE, nullptr,
                    CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        const Status failure = peer_failure("make a file in " + folder, Code::kIo);
        DeleteFileW(path.c_str());
        return std::unexpected(failure);
    }
    return own(file);
}

std::vector<std::string> scratch_folders() {
    return {to_utf8(temporary_folder())};
}

bool memory_has_room(std::uint64_t bytes) {
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    return GlobalMemoryStatusEx(&memory) == 0 || memory.ullAvailPageFile >= bytes;
}

std::span<const ChannelKind> channel_kinds() {
    return kChannelKinds;
}

const char* file_way_name() {
    return "file, WriteFile and ReadFile";
}

std::string own_program() {
    std::wstring path(32'768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return to_utf8(path);
}

std::string system_label() {
    // Only the ntdll.dll of Wine has this function.
    const bool wine = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
    return wine ? "Windows (Wine)" : "Windows";
}

}  // namespace mapferry::cli

// SPDX-License-Identifier: Apache-2.0
// Owned handles and mappings.
#include <windows.h>

#include "platform/handle.h"
#include "platform/mapping.h"
#include "platform/native_error.h"
#include "platform/shared_object.h"
#include "platform/win32/bell_names_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

void Handle::close() {
    if (native_ != kNone) ::CloseHandle(reinterpret_cast<HANDLE>(native_));
    native_ = kNone;
}

Result<void> Handle::close_checked(std::string message) {
    const Handle closing(release());
    if (!closing.valid()) return {};
    const HANDLE file = reinterpret_cast<HANDLE>(closing.get());
    // CloseHandle reports no lost bytes. On this machine none can be lost any more; bytes that a
    // server has not taken yet are flushed here.
    FILE_REMOTE_PROTOCOL_INFO remote{};
    const bool is_remote =
        ::GetFileInformationByHandleEx(file, FileRemoteProtocolInfo, &remote, sizeof remote) != 0;
    if (!is_remote || ::FlushFileBuffers(file) != 0) return {};
    Status status = native_status(std::move(message));
    status.code = Code::kIo;
    return std::unexpected(std::move(status));
}

TemporaryPath::TemporaryPath(std::string path) : path_(std::move(path)), wide_(wide_path(path_)) {}

void TemporaryPath::remove() noexcept {
    if (!path_.empty()) ::DeleteFileW(wide_.c_str());
    path_.clear();
}

Mapping::Mapping(std::byte* data, std::size_t bytes) : data_(data), bytes_(bytes) {}

bool Mapping::lost() const {
    return false;
}

bool Mapping::any_lost() {
    return false;
}

Result<void> Mapping::cover_with_zeros(std::uint64_t, std::uint64_t) {
    return {};
}

void Mapping::unmap() {
    if (data_ != nullptr) {
        forget_view(data_);
        ::UnmapViewOfFile(data_);
    }
    data_ = nullptr;
    bytes_ = 0;
}

}  // namespace mapferry::inline v1::platform

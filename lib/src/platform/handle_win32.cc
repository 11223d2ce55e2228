// Owned handles and mappings.
#include <windows.h>

#include "platform/bell_names_win32.h"
#include "platform/platform.h"
#include "platform/wide_win32.h"

namespace mapferry::platform {

void Handle::close() {
    if (native_ != kNone) ::CloseHandle(reinterpret_cast<HANDLE>(native_));
    native_ = kNone;
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

void Mapping::unmap() {
    if (data_ != nullptr) {
        forget_view(data_);
        ::UnmapViewOfFile(data_);
    }
    data_ = nullptr;
    bytes_ = 0;
}

}  // namespace mapferry::platform

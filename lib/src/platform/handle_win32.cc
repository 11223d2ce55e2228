// Owned handles and mappings.
#include <windows.h>

#include <utility>

#include "platform/bell_names_win32.h"
#include "platform/platform.h"
#include "platform/wide_win32.h"

namespace mapferry::platform {

Handle& Handle::operator=(Handle&& other) noexcept {
    if (this != &other) {
        close();
        native_ = other.release();
    }
    return *this;
}

std::intptr_t Handle::release() {
    return std::exchange(native_, kNone);
}

void Handle::close() {
    if (native_ != kNone) ::CloseHandle(reinterpret_cast<HANDLE>(native_));
    native_ = kNone;
}

TemporaryPath& TemporaryPath::operator=(TemporaryPath&& other) noexcept {
    if (this != &other) {
        remove();
        path_ = std::exchange(other.path_, {});
    }
    return *this;
}

void TemporaryPath::remove() noexcept {
    if (!path_.empty()) ::DeleteFileW(wide_path(path_).c_str());
    path_.clear();
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
    if (this != &other) {
        unmap();
        data_ = std::exchange(other.data_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
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

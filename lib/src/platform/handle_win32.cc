// Owned handles and mappings.
#include <windows.h>

#include <array>
#include <new>

#include "platform/bell_names_win32.h"
#include "platform/platform.h"
#include "platform/wide_win32.h"

namespace mapferry::platform {

void Handle::close() {
    if (native_ != kNone) ::CloseHandle(reinterpret_cast<HANDLE>(native_));
    native_ = kNone;
}

void TemporaryPath::remove() noexcept try {
    if (path_.empty()) return;
    // Memory may be what is missing; a path that is not long needs none.
    std::array<wchar_t, kShortPathMax + 1> wide{};
    const int units =
        ::MultiByteToWideChar(CP_UTF8, 0, path_.data(), static_cast<int>(path_.size()), wide.data(),
                              static_cast<int>(kShortPathMax));
    ::DeleteFileW(units > 0 ? wide.data() : wide_path(path_).c_str());
    path_.clear();
} catch (const std::bad_alloc&) {
    // The next one who makes something in this folder takes it away.
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

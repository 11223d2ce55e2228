// Owned descriptors and mappings.
#include <sys/mman.h>
#include <unistd.h>

#include "platform/platform.h"

namespace mapferry::platform {

void Handle::close() {
    if (native_ != kNone) ::close(static_cast<int>(native_));
    native_ = kNone;
}

void TemporaryPath::remove() noexcept {
    if (!path_.empty()) ::unlink(path_.c_str());
    path_.clear();
}

void Mapping::unmap() {
    if (data_ != nullptr) ::munmap(data_, bytes_);
    data_ = nullptr;
    bytes_ = 0;
}

}  // namespace mapferry::platform

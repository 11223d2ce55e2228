// SPDX-License-Identifier: Apache-2.0
// Owned descriptors and mappings.
#include <sys/mman.h>
#include <unistd.h>

#include "platform/handle.h"
#include "platform/linux/fault_regions_linux.h"
#include "platform/linux/fork_linux.h"
#include "platform/mapping.h"
#include "platform/native_error.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

void Handle::close() {
    const int descriptor = static_cast<int>(release());
    if (descriptor >= 0) (void)close_own(descriptor);
}

Result<void> Handle::close_checked(std::string message) {
    // Never closed twice: the number may belong to another file by then.
    const int descriptor = static_cast<int>(release());
    if (descriptor < 0) return {};
    if (close_own(descriptor) == 0) return {};
    Status status = native_status(std::move(message));
    status.code = Code::kIo;
    return std::unexpected(std::move(status));
}

TemporaryPath::TemporaryPath(std::string path) : path_(std::move(path)) {}

void TemporaryPath::remove() noexcept {
    if (!path_.empty() && !mark_.inherited()) ::unlink(path_.c_str());
    path_.clear();
}

Mapping::Mapping(std::byte* data, std::size_t bytes)
    : data_(data), bytes_(bytes), watched_as_(watch_region(data, bytes)) {}

bool Mapping::lost() const {
    return region_is_lost(watched_as_);
}

bool Mapping::any_lost() {
    return any_region_was_lost();
}

Result<void> Mapping::cover_with_zeros(std::uint64_t offset, std::uint64_t bytes) {
    void* const begin = data_ + offset;
    // Pages of private memory that are only read are all the system's one page of zeros.
    void* const zeros = ::mmap(begin, static_cast<std::size_t>(bytes), PROT_READ,
                               MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (zeros != MAP_FAILED) return {};
    Status status = native_status("cannot map the holes of a section");
    status.hint = "there may be too many: read it piece by piece";
    return std::unexpected(std::move(status));
}

void Mapping::unmap() {
    // Forgotten first, because the next mapping may get the same address.
    forget_region(watched_as_);
    if (data_ != nullptr) ::munmap(data_, bytes_);
    data_ = nullptr;
    bytes_ = 0;
    watched_as_ = kUnwatched;
}

}  // namespace mapferry::inline v1::platform

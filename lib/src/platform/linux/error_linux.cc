// SPDX-License-Identifier: Apache-2.0
// errno to Status, in one place.
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

#include "mapferry/detail/units.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

Code code_of(int native_error) {
    switch (native_error) {
        case ENOENT:
        case ENOTDIR:
            return Code::kNotFound;
        case EEXIST:
        case EISDIR:
            return Code::kCannotCreate;
        case EACCES:
        case EPERM:
        case EROFS:
        case ELOOP:
            return Code::kPermission;
        case EIO:
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
        case EPIPE:
        case ENXIO:
        case ECONNRESET:
            return Code::kIo;
        case ENOMEM:
            return Code::kOutOfMemory;
        default:
            return Code::kSystem;
    }
}

std::string size_limit_hint() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return "the file system has no larger files";
    return "no file may have more than " + format_bytes(limit.rlim_cur) +
           " here; raise the limit (ulimit -f)";
}

std::string hint_of(int native_error) {
    switch (native_error) {
        case EMFILE:
            return "raise the limit of open files (ulimit -n)";
        case ENFILE:
            return "the whole system is out of open files";
        case ENOMEM:
            return "free some memory, or raise the address-space limit (ulimit -v)";
        case EFBIG:
            return size_limit_hint();
        default:
            return {};
    }
}

}  // namespace

Status native_status(std::string message, int native_error) {
    message += ": " + std::generic_category().message(native_error);
    return Status{code_of(native_error), std::move(message), hint_of(native_error), native_error};
}

Status native_status(std::string message) {
    return native_status(std::move(message), errno);
}

}  // namespace mapferry::inline v1::platform

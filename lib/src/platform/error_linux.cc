// errno to Status, in one place.
#include <cerrno>
#include <system_error>

#include "platform/platform.h"

namespace mapferry::platform {

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
        default:
            return Code::kSystem;
    }
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
            return "the file-size limit (ulimit -f) or the file system's is reached";
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

}  // namespace mapferry::platform

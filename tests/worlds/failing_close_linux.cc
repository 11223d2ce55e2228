// SPDX-License-Identifier: Apache-2.0
// A library to preload: closing a regular file that was open for writing fails with the errno of
// MAPFERRY_TEST_CLOSE, as with a full quota or a broken network. The file is closed all the same,
// as on Linux. A filter of the system call would also affect the loader's own calls.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

extern "C" int close(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    struct stat facts{};
    const bool is_written = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY &&
                            (flags & O_PATH) == 0 && ::fstat(descriptor, &facts) == 0 &&
                            S_ISREG(facts.st_mode);
    const int result = static_cast<int>(::syscall(SYS_close, descriptor));
    const char* const wanted = std::getenv("MAPFERRY_TEST_CLOSE");
    if (result != 0 || !is_written || wanted == nullptr) return result;
    errno = static_cast<int>(std::strtol(wanted, nullptr, 10));
    return -1;
}

// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/descriptors_linux.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace mapferry::inline v1::platform {

namespace {

constexpr int kFirstOwn = STDERR_FILENO + 1;

bool is_free(int descriptor) {
    return ::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF;
}

// One call for all three, because every open asks. If it fails, a number may be free.
bool some_are_free() {
    std::array<pollfd, kFirstOwn> standard{{{.fd = 0, .events = 0, .revents = 0},
                                            {.fd = 1, .events = 0, .revents = 0},
                                            {.fd = 2, .events = 0, .revents = 0}}};
    const int told = ::poll(standard.data(), standard.size(), 0);
    return told < 0 ||
           std::ranges::any_of(
               standard, [](const pollfd& one) { return (one.revents & POLLNVAL) != 0; });
}

// Keeps the free numbers of the standard streams from being given to any other file.
class StandardNumbers {
  public:
    StandardNumbers() {
        if (!some_are_free()) return;
        for (int number = 0; number < kFirstOwn; ++number)
            if (is_free(number)) taken_[static_cast<std::size_t>(number)] = take();
    }
    ~StandardNumbers() {
        const int why = errno;
        for (Handle& one : taken_)
            one.close();
        errno = why;
    }
    StandardNumbers(const StandardNumbers&) = delete;
    StandardNumbers& operator=(const StandardNumbers&) = delete;

  private:
    // Takes the lowest free number. O_PATH: no byte can be read or written there.
    static Handle take() { return Handle(::open("/", O_PATH | O_CLOEXEC)); }

    std::array<Handle, kFirstOwn> taken_;
};

// A second net: a low number may have become free just now, or could not be held before.
Handle above_standard(int descriptor) {
    if (descriptor < 0 || descriptor >= kFirstOwn) return Handle(descriptor);
    const Handle low(descriptor);
    return Handle(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstOwn));
}

}  // namespace

Handle open_file(const char* path, int flags, mode_t mode) {
    return open_file_at(AT_FDCWD, path, flags, mode);
}

Handle open_file_at(int folder, const char* name, int flags, mode_t mode) {
    const StandardNumbers taken;
    return above_standard(::openat(folder, name, flags | O_CLOEXEC, mode));
}

Handle duplicate(int descriptor) {
    return Handle(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstOwn));
}

Handle open_event() {
    const StandardNumbers taken;
    return above_standard(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

void enlarge_pipe(int descriptor) {
    ::fcntl(descriptor, F_SETPIPE_SZ, 1 << 20);
}

std::string read_system_file(const char* path) {
    const Handle file = open_file(path, O_RDONLY);
    std::string text;
    std::array<char, 4096> piece{};
    while (file.valid()) {
        const ssize_t got = ::read(static_cast<int>(file.get()), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
}

std::vector<std::string> names_in_folder(const char* path) {
    std::vector<std::string> names;
    Handle opened = open_file(path, O_RDONLY | O_DIRECTORY);
    if (!opened.valid()) return names;
    DIR* const folder = ::fdopendir(static_cast<int>(opened.get()));
    if (folder == nullptr) return names;
    (void)opened.release();  // the folder's now
    while (const dirent* const entry = ::readdir(folder))
        names.emplace_back(entry->d_name);
    ::closedir(folder);
    return names;
}

}  // namespace mapferry::inline v1::platform

// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include "cli/screen.h"
#include "cli/short_names.h"
#include "cli/terminal.h"

namespace mapferry::cli {

namespace {

volatile std::sig_atomic_t stop_asked = 0;

}  // namespace

std::optional<ScreenSize> screen_size() {
    winsize size{};
    if (!stdout_is_terminal()) return std::nullopt;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return ScreenSize{.columns = 80, .rows = 24};
    return ScreenSize{.columns = size.ws_col, .rows = size.ws_row};
}

std::string terminal_kind() {
    const char* const kind = std::getenv("TERM");
    return kind == nullptr ? "" : kind;
}

Result<void> show(const std::string& text) {
    // Not through stdio, which would write to a terminal line by line: pictures would tear.
    bool whole = std::fflush(stdout) == 0;
    for (std::size_t done = 0; whole && done < text.size();) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
        if (written > 0) done += static_cast<std::size_t>(written);
        whole = written > 0 || errno == EINTR;
    }
    if (whole) return {};
    const int error = errno;
    return std::unexpected(
        Status{Code::kIo,
               "cannot write standard output: " + std::generic_category().message(error),
               {},
               error});
}

bool nobody_reads(const Status& status) {
    return status.os_error == EPIPE;
}

struct Screen::Impl {
    bool has_keys = false;
    bool continued = false;
    termios before{};
    struct sigaction on_stop_before{};

    Result<void> enter() const;
    void leave() const;
    void stop_and_continue();
    ~Impl();
};

Result<void> Screen::Impl::enter() const {
    if (has_keys) {
        termios keys = before;
        keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        keys.c_cc[VQUIT] = _POSIX_VDISABLE;  // its key would end the program without cleanup
        keys.c_cc[VMIN] = 1;
        keys.c_cc[VTIME] = 0;
        if (tcsetattr(STDIN_FILENO, TCSANOW, &keys) != 0)
            return std::unexpected(
                Status{Code::kSystem, "cannot take keys from the terminal", {}, errno});
    }
    return show(kEnterScreen);
}

void Screen::Impl::leave() const {
    (void)show(kLeaveScreen);
    // Discards unread keys, so that the shell does not get them.
    if (has_keys) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
}

// For Ctrl-Z: restores the terminal for the shell while the process is stopped.
void Screen::Impl::stop_and_continue() {
    stop_asked = 0;
    leave();
    raise(SIGSTOP);
    (void)enter();
    continued = true;
}

Screen::Impl::~Impl() {
    leave();
    sigaction(SIGTSTP, &on_stop_before, nullptr);
}

Screen::Screen(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Screen::Screen(Screen&&) noexcept = default;
Screen& Screen::operator=(Screen&&) noexcept = default;
Screen::~Screen() = default;

Result<Screen> Screen::open() {
    if (!stdout_is_terminal()) return fail(Code::kUsage, "standard output is no terminal");
    auto impl = std::make_unique<Impl>();
    impl->has_keys = tcgetattr(STDIN_FILENO, &impl->before) == 0;
    sigaction(SIGTSTP, nullptr, &impl->on_stop_before);
    if (impl->on_stop_before.sa_handler != SIG_IGN) {
        struct sigaction action{};
        action.sa_handler = [](int) { stop_asked = 1; };
        sigaction(SIGTSTP, &action, nullptr);
    }
    if (auto entered = impl->enter(); !entered) return std::unexpected(entered.error());
    return Screen(std::move(impl));
}

std::optional<char> Screen::wait_key(std::int64_t timeout_ms) {
    if (stop_asked != 0) impl_->stop_and_continue();
    pollfd keys{.fd = impl_->has_keys ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0};
    const int ready = poll(&keys, 1, static_cast<int>(timeout_ms));
    if (stop_asked != 0) impl_->stop_and_continue();
    if (ready <= 0) return std::nullopt;
    char key = 0;
    if (read(STDIN_FILENO, &key, 1) == 1) return key;
    impl_->has_keys = false;  // the terminal is gone
    return std::nullopt;
}

bool Screen::take_continued() {
    return std::exchange(impl_->continued, false);
}

}  // namespace mapferry::cli

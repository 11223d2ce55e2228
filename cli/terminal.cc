// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <cstdio>

#include "mapferry/printable_text.h"

namespace mapferry::cli {

void say(std::string_view lines) {
    (void)write_errors(harmless_lines(lines));
}

void show_status(std::string_view text) {
    (void)write_errors("\r" + harmless_lines(text) + "\x1b[K");
}

void say_plainly(std::string_view line) noexcept {
    for (const char letter : line)
        std::fputc((letter >= ' ' && letter <= '~') || letter == '\n' ? letter : '?', stderr);
}

}  // namespace mapferry::cli

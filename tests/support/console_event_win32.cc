// SPDX-License-Identifier: Apache-2.0
// Sends Ctrl-C to a process that has a console of its own:
//
//     console_event PROCESS_ID
//
// This is a separate program, because only a process that is attached to a console can send it: the
// test itself would lose the console that it writes to.
#include <windows.h>

#include <cstdlib>

namespace {

constexpr int kLooks = 1000;
constexpr DWORD kLookMs = 10;

// All attached processes receive the event, also this one.
BOOL WINAPI ignore(DWORD) {
    return TRUE;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    const DWORD process = std::strtoul(argv[1], nullptr, 10);
    ::FreeConsole();
    // A process that has just started has no console yet.
    int looks = 0;
    while (::AttachConsole(process) == 0) {
        if (++looks == kLooks) return 1;
        ::Sleep(kLookMs);  // between two looks: nothing tells of a console
    }
    ::SetConsoleCtrlHandler(ignore, TRUE);
    return ::GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) != 0 ? 0 : 2;
}

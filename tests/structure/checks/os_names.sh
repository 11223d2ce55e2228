# shellcheck shell=sh
# Names of an operating system appear only under a platform/ folder or in a file whose name has its
# suffix: *_linux, *_win32, *_posix.
find_violations() {
    sources | grep -Ev '/platform/|_(linux|win32|posix)(_test)?\.(cc|c|h)$' |
        xargs -r awk '
        function report(what) { print FILENAME ":" FNR ": " what " outside of platform/" }
        {
            words = $0
            gsub(/[^A-Za-z0-9_]+/, " ", words)
            count = split(words, list, " ")
            for (i = 1; i <= count; ++i) if (list[i] in os_words) report(list[i])
        }
        /^[ \t]*#[ \t]*include/ {
            header = tolower($0)
            sub(/^[^<"]*[<"]/, "", header)
            sub(/[>"].*$/, "", header)
            # In C this one is a header of the language, which is <csignal> in C++.
            if (FILENAME ~ /\.c$/ && header == "signal.h") next
            if (header in os_headers || header ~ /^(sys|linux|asm|arpa|net|netinet|bits)\//)
                report("<" header ">")
        }
        BEGIN {
            names = "unistd fcntl pthread poll dlfcn sched termios dirent semaphore signal " \
                    "spawn pwd grp aio mqueue syscall features langinfo strings " \
                    "windows winsock2 ws2tcpip winbase windef io process direct bcrypt " \
                    "aclapi sddl psapi tlhelp32 shlwapi shellapi winternl fileapi synchapi"
            count = split(names, list, " ")
            for (i = 1; i <= count; ++i) os_headers[list[i] ".h"] = 1
            names = "_WIN32 _WIN64 WIN32 __linux__ __linux __unix__ __unix __APPLE__ " \
                    "__CYGWIN__ __MINGW32__ __MINGW64__"
            count = split(names, list, " ")
            for (i = 1; i <= count; ++i) os_words[list[i]] = 1
        }'
}

examples() {
    good lib/src/a.cc <<'END'
#include <cerrno>
#include <csignal>
#include <cstring>
#include "platform/wake.h"
int posix_like = 1;  // Linux is a word like any other
END
    echo '#include <unistd.h>' | good lib/src/platform/a.cc
    echo '#include <signal.h>' | good tests/c/a.c
    echo '#include <signal.h>' | bad tests/c/a.cc
    echo '#ifdef _WIN32' | good cli/terminal_win32.cc
    echo '#include <windows.h>' | good tests/languages/caller_win32.c
    echo '#include <sys/wait.h>' | good tests/process/child_linux.cc
    echo '#include <unistd.h>' | bad lib/src/a.cc
    echo '#include <sys/mman.h>' | bad lib/include/mapferry/a.h
    echo '# include <Windows.h>' | bad cli/a.cc
    echo '#include <linux/futex.h>' | bad reader/a.cc
    echo '#include <fcntl.h>' | bad tests/unit/a_test.cc
    echo '#ifdef _WIN32' | bad writer/a.cc
    echo '#if defined(__linux__) && 1' | bad lib/src/a.cc
}

# shellcheck shell=sh
# Only lib/src/platform/descriptors_linux.cc makes file descriptors of the library (and
# fork_linux.cc, in a child of fork()): it keeps them off the numbers of the standard streams.
# fdopendir takes over an existing descriptor.
find_violations() {
    sources lib | grep -Ev '/(descriptors|fork)_linux\.cc$' |
        xargs -r awk '
        BEGIN {
            calls = "open|open64|openat|openat64|openat2|open_by_handle_at|creat|opendir|" \
                    "dup|dup2|dup3|pipe|pipe2|socket|socketpair|accept|accept4|eventfd|" \
                    "memfd_create|shm_open|signalfd|timerfd_create|epoll_create1?|" \
                    "inotify_init1?|pidfd_open|mko?stemp|tmpfile|fopen|freopen|popen"
            call = "(^|[^A-Za-z0-9_>.])(::|std::)(" calls ")\\("
            class = "F_DUPFD|std::([io]?fstream|filebuf)|directory_iterator"
        }
        { line = $0; sub(/\/\/.*/, "", line) }
        line ~ call || line ~ class {
            print FILENAME ":" FNR ": a descriptor that goes around descriptors_linux.h"
        }'
}

examples() {
    good lib/src/a.cc <<'END'
auto file = platform::InputFile::open(path, info);
auto reader = FrameReader::open({});
const Handle file = open_file(path, O_RDONLY);
auto folder = ::fdopendir(file);
// ::open(path)
END
    echo 'int a = ::open(path, O_RDONLY);' | bad lib/src/platform/a_linux.cc
    echo 'int a = ::openat(folder, path, O_RDONLY);' | bad lib/src/platform/a_linux.cc
    echo 'DIR* a = ::opendir(path);' | bad lib/src/platform/a_linux.cc
    echo 'Handle a(::dup(1));' | bad lib/src/platform/a_linux.cc
    echo 'Handle a(::fcntl(1, F_DUPFD_CLOEXEC, 0));' | bad lib/src/platform/a_linux.cc
    echo 'std::ifstream file("/proc/meminfo");' | bad lib/src/platform/a_linux.cc
    echo 'auto* a = std::fopen(path, "re");' | bad lib/src/a.cc
    echo 'int a = ::open(path, O_RDONLY);' | good lib/src/platform/descriptors_linux.cc
    echo 'int a = ::open(path, O_RDONLY);' | good cli/terminal_linux.cc
}

// SPDX-License-Identifier: Apache-2.0
// mapferry-test-refuse CALL=ERROR[,CALL=ERROR...] PROGRAM [ARGUMENT...]: runs a program under a
// filter that answers these system calls with an error, as an old kernel or a container's filter
// would. "O_TMPFILE" stands for openat with that flag, "MADV_POPULATE_WRITE" for that advice,
// "PR_SET_SECCOMP" for prctl with that request.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Call {
    const char* name = nullptr;
    long number = 0;
    // Refused only where argument `argument` has all bits of `bits`; 0: always.
    unsigned argument = 0;
    unsigned bits = 0;
};

constexpr unsigned kTmpfileBit = O_TMPFILE & ~O_DIRECTORY;

constexpr std::array kCalls{
    Call{.name = "O_TMPFILE", .number = SYS_openat, .argument = 2, .bits = kTmpfileBit},
    Call{.name = "MADV_POPULATE_WRITE", .number = SYS_madvise, .argument = 2, .bits = 23},
    Call{.name = "PR_SET_SECCOMP", .number = SYS_prctl, .argument = 0, .bits = PR_SET_SECCOMP},
    Call{.name = "memfd_create", .number = SYS_memfd_create},
    Call{.name = "openat2", .number = SYS_openat2},
    Call{.name = "fallocate", .number = SYS_fallocate},
    Call{.name = "futex_waitv", .number = 449},
    Call{.name = "linkat", .number = SYS_linkat},
    Call{.name = "renameat2", .number = SYS_renameat2},
    Call{.name = "copy_file_range", .number = SYS_copy_file_range},
    Call{.name = "madvise", .number = SYS_madvise},
    Call{.name = "fadvise64", .number = SYS_fadvise64},
    Call{.name = "statx", .number = SYS_statx},
    Call{.name = "statfs", .number = SYS_statfs},
    Call{.name = "getrandom", .number = SYS_getrandom},
    Call{.name = "close", .number = SYS_close},
    Call{.name = "fsync", .number = SYS_fsync},
    Call{.name = "sched_setaffinity", .number = SYS_sched_setaffinity},
    Call{.name = "mlock", .number = SYS_mlock},
};

struct Error {
    const char* name;
    unsigned number;
};

constexpr std::array kErrors{Error{"ENOSYS", ENOSYS},         Error{"EPERM", EPERM},
                             Error{"EOPNOTSUPP", EOPNOTSUPP}, Error{"EISDIR", EISDIR},
                             Error{"EINVAL", EINVAL},         Error{"EIO", EIO},
                             Error{"ENOSPC", ENOSPC},         Error{"EAGAIN", EAGAIN},
                             Error{"EINTR", EINTR},           Error{"EDQUOT", EDQUOT}};

template <typename Table>
auto* find(Table& table, const std::string& name) {
    for (auto& entry : table)
        if (entry.name == name) return &entry;
    std::fprintf(stderr, "mapferry-test-refuse: unknown: %s\n", name.c_str());
    std::exit(2);
}

using Filter = std::vector<sock_filter>;

constexpr unsigned short kLoadWord = BPF_LD | BPF_W | BPF_ABS;
constexpr unsigned short kJumpEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr unsigned short kAnd = BPF_ALU | BPF_AND | BPF_K;
constexpr unsigned short kReturn = BPF_RET | BPF_K;

void load_number(Filter& filter) {
    filter.push_back(BPF_STMT(kLoadWord, offsetof(seccomp_data, nr)));
}

// The accumulator holds the call's number before and after.
void add_rule(Filter& filter, const Call& call, unsigned error) {
    const unsigned answer = SECCOMP_RET_ERRNO | error;
    const auto number = static_cast<unsigned>(call.number);
    if (call.bits == 0) {
        filter.push_back(BPF_JUMP(kJumpEqual, number, 0, 1));
        filter.push_back(BPF_STMT(kReturn, answer));
        return;
    }
    const auto argument = static_cast<unsigned>(offsetof(seccomp_data, args) +
                                                std::size_t{8} * call.argument);  // low word
    filter.push_back(BPF_JUMP(kJumpEqual, number, 0, 5));
    filter.push_back(BPF_STMT(kLoadWord, argument));
    filter.push_back(BPF_STMT(kAnd, call.bits));
    filter.push_back(BPF_JUMP(kJumpEqual, call.bits, 0, 1));
    filter.push_back(BPF_STMT(kReturn, answer));
    load_number(filter);
}

Filter parse(const std::string& rules) {
    Filter filter;
    load_number(filter);
    std::istringstream words(rules);
    for (std::string rule; std::getline(words, rule, ',');) {
        const std::size_t equals = rule.find('=');
        const Call* const call = find(kCalls, rule.substr(0, equals));
        add_rule(filter, *call, find(kErrors, rule.substr(equals + 1))->number);
    }
    filter.push_back(BPF_STMT(kReturn, SECCOMP_RET_ALLOW));
    return filter;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "mapferry-test-refuse: CALL=ERROR[,...] PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    Filter filter = parse(argv[1]);
    const sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                             .filter = filter.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
        std::perror("mapferry-test-refuse: no filters here");
        return 3;
    }
    execv(argv[2], argv + 2);
    std::perror("mapferry-test-refuse: exec");
    return 4;
}

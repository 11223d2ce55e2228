// SPDX-License-Identifier: Apache-2.0
#include "support/traced_registers_linux.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace mapferry::testing {

namespace {

[[noreturn]] void give_up(const char* what) {
    throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

template <typename Change>
void change_registers(pid_t thread, const Change& change) {
    user_regs_struct values{};
    iovec place{.iov_base = &values, .iov_len = sizeof values};
    if (::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &place) != 0) give_up("PTRACE_GETREGSET");
    change(values);
    if (::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &place) != 0) give_up("PTRACE_SETREGSET");
}

}  // namespace

#if defined(__aarch64__)

void cancel_call(pid_t thread) {
    int none = -1;
    iovec place{.iov_base = &none, .iov_len = sizeof none};
    if (::ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &place) != 0)
        give_up("NT_ARM_SYSTEM_CALL");
}

void set_third_argument(pid_t thread, std::uint64_t value) {
    change_registers(thread, [value](user_regs_struct& values) { values.regs[2] = value; });
}

void set_result(pid_t thread, std::int64_t value) {
    change_registers(thread, [value](user_regs_struct& values) {
        values.regs[0] = static_cast<std::uint64_t>(value);
    });
}

// Not by an instruction: a thread does not get past it by itself.
void stop_for_tracer() {
    ::raise(SIGTRAP);
}

bool can_step_over_atomics() {
    return (::getauxval(AT_HWCAP) & HWCAP_ATOMICS) != 0;
}

#else

void cancel_call(pid_t thread) {
    change_registers(thread, [](user_regs_struct& values) { values.orig_rax = ~0ull; });
}

void set_third_argument(pid_t thread, std::uint64_t value) {
    change_registers(thread, [value](user_regs_struct& values) { values.rdx = value; });
}

void set_result(pid_t thread, std::int64_t value) {
    change_registers(thread, [value](user_regs_struct& values) {
        values.rax = static_cast<std::uint64_t>(value);
    });
}

void stop_for_tracer() {
    asm volatile("int3");
}

bool can_step_over_atomics() {
    return true;
}

#endif

}  // namespace mapferry::testing

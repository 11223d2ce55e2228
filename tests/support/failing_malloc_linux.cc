// SPDX-License-Identifier: Apache-2.0
// Loaded into a program by LD_PRELOAD. Its malloc fails at the call whose number is in
// MAPFERRY_TEST_FAIL_MALLOC, counted from the start of main(); with a "+" behind the number, all
// later calls fail too. At exit it writes the number of calls to the file that
// MAPFERRY_TEST_MALLOC_COUNT names.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// The C library's own names of the functions that this file replaces.
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
int __sigaction(int signal, const struct sigaction* action, struct sigaction* old);
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

namespace {

bool in_main = false;
bool for_ever = false;
std::uint64_t failing = ~std::uint64_t{0};
std::uint64_t made = 0;

bool is_refused() {
    if (!in_main) return false;
    const std::uint64_t number = made++;
    const bool refused = number == failing || (for_ever && number > failing);
    if (refused) errno = ENOMEM;
    return refused;
}

void begin() {
    in_main = true;
    const char* const text = std::getenv("MAPFERRY_TEST_FAIL_MALLOC");
    if (text == nullptr) return;
    char* end = nullptr;
    failing = std::strtoull(text, &end, 10);
    for_ever = *end == '+';
}

[[gnu::destructor]] void tell() {
    const char* const path = std::getenv("MAPFERRY_TEST_MALLOC_COUNT");
    if (path == nullptr) return;
    const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return;
    ::dprintf(file, "%llu", static_cast<unsigned long long>(made));
    ::close(file);
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) noexcept {
    return is_refused() ? nullptr : __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) noexcept {
    return is_refused() ? nullptr : __libc_calloc(count, bytes);
}

void* realloc(void* memory, std::size_t bytes) noexcept {
    return is_refused() ? nullptr : __libc_realloc(memory, bytes);
}

// main() calls sigaction(SIGINT) first.
int sigaction(int signal, const struct sigaction* action, struct sigaction* old) noexcept {
    if (signal == SIGINT && !in_main) begin();
    return __sigaction(signal, action, old);
}

}  // extern "C"

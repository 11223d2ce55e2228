// SPDX-License-Identifier: Apache-2.0
// The Wine server's kill(), with more patience: wine.sh preloads it into the server.
//
// A program tells the server that it ends and then runs its exit handlers. The server kills a
// program that is still there half a second later (Wine 8.0, server/process.c: process_sigkill). On
// a busy machine that hits programs which end well: their exit code is lost, and the shell prints
// "Killed". Here the program gets 20 seconds for its end.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

// The descriptor leads to the process itself, not to a later one with the same number.
static void* kill_later(void* process) {
    const int pidfd = (int)(intptr_t)process;
    struct pollfd end = {.fd = pidfd, .events = POLLIN, .revents = 0};
    if (poll(&end, 1, PATIENCE_MS) == 0) syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
    close(pidfd);
    return NULL;
}

// Returns like kill(); SIGKILL follows later, or not at all when the process ends before.
int kill(pid_t pid, int signal) {
    pthread_t thread;
    if (signal == SIGKILL) {
        const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
        if (pidfd >= 0) {
            if (pthread_create(&thread, NULL, kill_later, (void*)(intptr_t)pidfd) == 0) {
                pthread_detach(thread);
                return 0;
            }
            close(pidfd);
        }
    }
    return (int)syscall(SYS_kill, pid, signal);
}

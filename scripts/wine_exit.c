// SPDX-License-Identifier: Apache-2.0
// A Wine program's exit(), without exit handlers: wine.sh preloads it into the programs.
//
// A program that ends under Wine ends its other threads wherever they are, also inside the dynamic
// loader. Then exit() waits for ever for the loader's lock, which such a thread still holds (Wine
// 8.0, glibc 2.36: _dl_fini; seen once in 10,000 ends on a busy machine). Wine's server kills the
// program in the end, and its exit code is lost. The handlers of the Windows program have run by
// then, and Wine needs no others.
#include <unistd.h>

__attribute__((noreturn)) void exit(int code) { _exit(code); }

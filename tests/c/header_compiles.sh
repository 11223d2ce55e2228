#!/bin/sh
# header_compiles.sh ROOT: mapferry.h compiles as C of 1989 and 1999 and as C++ from 2011 on, for
# Linux and Windows, 32 and 64 bits. Compilers that are not installed are left out, but not gcc.
set -eu

include=$1/lib/include
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/a.c" <<'END'
#include <mapferry/mapferry.h>
int32_t version(void);
int32_t version(void) { return mapferry_version() - MAPFERRY_HEADER_VERSION; }
END
cp "$folder/a.c" "$folder/a.cc"
warnings="-Wall -Wextra -Wpedantic -Wshadow -Werror"

# compiles COMPILER OPTION...
compiles() {
    if ! command -v "$1" >/dev/null; then
        echo "left out: $1"
        return
    fi
    # shellcheck disable=SC2086
    "$@" $warnings -fsyntax-only "-I$include" || exit 1
    echo "compiles: $*"
}

gcc --version >/dev/null
for compiler in gcc clang-19 i686-w64-mingw32-gcc x86_64-w64-mingw32-gcc; do
    compiles $compiler -std=c89 -pedantic-errors "$folder/a.c"
    compiles $compiler -std=c99 -pedantic-errors "$folder/a.c"
done
for compiler in g++ clang++-19 i686-w64-mingw32-g++ x86_64-w64-mingw32-g++; do
    for standard in 11 17 23; do compiles $compiler -std=c++$standard "$folder/a.cc"; done
done
for target in i686 x86_64; do
    compiles clang-19 --target=$target-pc-windows-msvc -ffreestanding "$folder/a.c"
done

#!/bin/sh
# cpp17_compiles.sh ROOT: each header of the C++17 interface compiles alone, from C++17 to C++23,
# with exceptions and without, for Linux and Windows, 32 and 64 bits. Compilers that are not
# installed are left out, but not g++.
set -eu

include=$1/lib/include
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -pedantic-errors"

g++ --version >/dev/null
for compiler in g++ clang++-19 i686-w64-mingw32-g++ x86_64-w64-mingw32-g++; do
    if ! command -v "$compiler" >/dev/null; then
        echo "left out: $compiler"
        continue
    fi
    for standard in 17 20 23; do
        for more in "" -fno-exceptions; do
            echo "#include <mapferry/mapferry.hpp>" >"$folder/a.cc"
            # shellcheck disable=SC2086
            $compiler -std=c++$standard $more $warnings -fsyntax-only "-I$include" "$folder/a.cc"
        done
    done
    echo "compiles: $compiler"
done
for header in "$include"/mapferry/cpp17/*.h; do
    echo "#include <mapferry/cpp17/$(basename "$header")>" >"$folder/a.cc"
    # shellcheck disable=SC2086
    g++ -std=c++17 $warnings -fsyntax-only "-I$include" "$folder/a.cc"
done

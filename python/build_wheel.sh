#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build_wheel.sh SYSTEM OUTPUT_FOLDER [LIBRARY]: builds the wheel for linux, aarch64-linux-gnu,
# win64 or win32, without the network, and prints its path. It has the shared library inside, and
# serves each CPython from 3.8 on: mapferry-VERSION-py3-none-PLATFORM.whl.
#
# LIBRARY: the shared library, if it is built already. Without it, it is built in
# build/wheel-SYSTEM.
# Needs python3-pip, python3-setuptools, python3-wheel; for Windows mingw-w64. PYTHON: the
# interpreter that builds; python3 if it is not set. Two builds of one commit are equal:
# SOURCE_DATE_EPOCH is the time of the files, and that of the commit if it is not set.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
system=$1
mkdir -p "$2"
output=$(cd "$2" && pwd)
library=${3:-}
python=${PYTHON:-python3}

# The tag names the oldest glibc that has all functions that the library calls. The C++ library is
# inside, so that it needs none of its own; its unwinder calls _dl_find_object() of glibc 2.35.
# tests/python checks that the library needs nothing newer.
case $system in
    linux)
        platform=manylinux_2_35_$(uname -m)
        name=libmapferry.so.0
        strip=strip
        ;;
    aarch64-linux-gnu)
        platform=manylinux_2_35_aarch64
        name=libmapferry.so.0
        strip=aarch64-linux-gnu-strip
        runtime=libstdc++-12-dev-arm64-cross
        toolchain=aarch64-linux
        ;;
    win64)
        platform=win_amd64
        name=mapferry.dll
        strip=x86_64-w64-mingw32-strip
        runtime="mingw-w64-x86-64-dev g++-mingw-w64-x86-64-posix"
        toolchain=mingw-x64
        ;;
    win32)
        platform=win32
        name=mapferry.dll
        strip=i686-w64-mingw32-strip
        runtime="mingw-w64-i686-dev g++-mingw-w64-i686-posix"
        toolchain=mingw-x86
        ;;
    *)
        echo "build_wheel.sh: no such system: $system" >&2
        exit 64
        ;;
esac

build_library() {
    build=$root/build/wheel-$system
    cmake -S "$root" -B "$build" -G Ninja -D CMAKE_BUILD_TYPE=Release -D MAPFERRY_LTO=ON \
        -D MAPFERRY_PROGRAMS=OFF -D MAPFERRY_TESTS=OFF -D MAPFERRY_C_STATIC_RUNTIME=ON \
        ${toolchain:+--toolchain "$root/cmake/$toolchain.cmake"} >&2
    cmake --build "$build" --target mapferry_c >&2
    library=$build/capi/$name
}

[ -n "$library" ] || build_library
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)
fi
export SOURCE_DATE_EPOCH MAPFERRY_WHEEL_PLATFORM="$platform"

# The licences of what the library contains, as the distribution has them.
print_notice() {
    for package in libxxhash-dev libstb-dev ${runtime:-libstdc++-12-dev}; do
        file=/usr/share/doc/$package/copyright
        if [ -r "$file" ]; then printf '%s\n\n' "== $package" && cat "$file"; fi
    done
}

# A copy, because setuptools writes into the folder of the sources.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/mapferry" "$copy/out"
cp "$root/python/pyproject.toml" "$root/python/setup.py" "$root/LICENSE" "$copy"
cp "$root"/python/mapferry/*.py "$root/python/mapferry/py.typed" "$copy/mapferry"
sed -n 's/^project(mapferry VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt" >"$copy/VERSION"
print_notice >"$copy/NOTICE"
"$strip" --strip-unneeded -o "$copy/mapferry/$name" "$library"
chmod -R u=rwX,go=rX "$copy"
(cd "$copy" && umask 022 && "$python" -m pip --disable-pip-version-check wheel --quiet --no-deps \
    --no-build-isolation --no-index --wheel-dir "$copy/out" .) >&2
cp "$copy/out/"*.whl "$output"
echo "$output/$(basename "$copy/out/"*.whl)"

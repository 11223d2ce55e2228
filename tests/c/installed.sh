#!/bin/sh
# installed.sh BUILD FOLDER: installs the C interface and builds programs with it as users do: by
# pkg-config, shared and static, and by find_package(mapferry COMPONENTS c). They run. FOLDER has
# installed.c. Ends with 125 without pkg-config.
set -eu

build=$1
sources=$2
if ! command -v pkg-config >/dev/null; then
    echo "skipped: there is no pkg-config" >&2
    exit 125
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build/lib" --prefix "$folder/usr" >"$folder/log"
cmake --install "$build/capi" --prefix "$folder/usr" >>"$folder/log"
PKG_CONFIG_PATH=$(dirname "$(find "$folder/usr" -name mapferry.pc)")
export PKG_CONFIG_PATH
libraries=$(dirname "$PKG_CONFIG_PATH")

# The words of pkg-config are separate on purpose.
# shellcheck disable=SC2046
gcc -Wall -Werror $(pkg-config --define-variable=prefix="$folder/usr" --cflags mapferry) \
    "$sources/installed.c" -o "$folder/shared" \
    $(pkg-config --define-variable=prefix="$folder/usr" --libs mapferry)
LD_LIBRARY_PATH=$libraries "$folder/shared"
# shellcheck disable=SC2046
gcc -static $(pkg-config --define-variable=prefix="$folder/usr" --cflags mapferry) \
    "$sources/installed.c" -o "$folder/static" \
    $(pkg-config --define-variable=prefix="$folder/usr" --static --libs mapferry) 2>"$folder/log" ||
    { cat "$folder/log" && exit 1; }
"$folder/static"

mkdir "$folder/project"
cp "$sources/installed.c" "$folder/project"
cat >"$folder/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.13)
project(user LANGUAGES C)
find_package(mapferry 0.1 REQUIRED COMPONENTS c)
add_executable(user installed.c)
target_link_libraries(user PRIVATE mapferry::c)
END
cmake -S "$folder/project" -B "$folder/out" -DCMAKE_PREFIX_PATH="$folder/usr" >"$folder/log" ||
    { cat "$folder/log" && exit 1; }
cmake --build "$folder/out" >"$folder/log" || { cat "$folder/log" && exit 1; }
"$folder/out/user"

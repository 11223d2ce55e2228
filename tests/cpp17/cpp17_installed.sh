#!/bin/sh
# cpp17_installed.sh BUILD ROOT: installs the C interface, and builds examples of the C++17
# interface with it as users do: by find_package(mapferry COMPONENTS c), in a project that knows
# C++17 and nothing of the C++23 library. They pass a file.
set -eu

build=$1
root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build/lib" --prefix "$folder/usr" >"$folder/log"
cmake --install "$build/capi" --prefix "$folder/usr" >>"$folder/log"

mkdir "$folder/project"
cp "$root"/examples/cpp17/*_file.cc "$folder/project"
cat >"$folder/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.13)
project(user LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(mapferry 0.1 REQUIRED COMPONENTS c)
foreach(name send_file receive_file)
    add_executable(${name} cpp17_${name}.cc)
    target_link_libraries(${name} PRIVATE mapferry::c)
endforeach()
END
cmake -S "$folder/project" -B "$folder/out" -DCMAKE_PREFIX_PATH="$folder/usr" >"$folder/log" ||
    { cat "$folder/log" && exit 1; }
cmake --build "$folder/out" >"$folder/log" || { cat "$folder/log" && exit 1; }
echo "a file" >"$folder/source"
"$folder/out/send_file" "file:$folder/section" "$folder/source" &
sender=$!
timeout 60 "$folder/out/receive_file" "file:$folder/section" "$folder/target"
wait "$sender"
cmp "$folder/source" "$folder/target"

#!/bin/sh
# configures.sh ROOT: CMake configures the sources without a preset, as a distribution's package
# does, and as a part of another project, which gets the library alone.
set -eu

root=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

configure() {
    what=$1
    shift
    env -u CMAKE_UNITY_BUILD cmake "$@" >"$folder/log" 2>&1 ||
        { echo "failed: $what" && cat "$folder/log" && exit 1; }
}

configure "without a preset" -S "$root" -B "$folder/alone"

mkdir "$folder/project"
cat >"$folder/project/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.20)
project(user LANGUAGES CXX)
add_subdirectory($root mapferry)
file(WRITE \${CMAKE_BINARY_DIR}/user.cc "#include <mapferry/frame_reader.h>\\nint main() {}\\n")
add_executable(user \${CMAKE_BINARY_DIR}/user.cc)
target_link_libraries(user PRIVATE mapferry::mapferry)
END
configure "as a part of another project" -S "$folder/project" -B "$folder/part"
if cmake --build "$folder/part" --target help | grep -q 'mapferry-writer\|mapferry_unit_tests'; then
    echo "failed: as a part of another project there are programs or tests"
    exit 1
fi

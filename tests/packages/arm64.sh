#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# arm64.sh DIST: the Debian packages and the wheel for Arm64 in the folder DIST. They are unpacked,
# not installed, and their programs run under QEMU. Prints a line for each test, and `N passed, N
# failed` at the end.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dist=$(cd "$1" && pwd)
triple=aarch64-linux-gnu
if [ -z "${MAPFERRY_EMULATOR_IS_SET:-}" ]; then
    exec "$root/scripts/with_emulator.sh" "$triple" env MAPFERRY_EMULATOR_IS_SET=1 "$0" "$@"
fi
native=$(dpkg --print-architecture)
work=$(mktemp -d)
name=mapferry.package-test-$$
trap '"$work/$native/usr/bin/mapferry-reader" rm "$name" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for package in mapferry libmapferry0 libmapferry-dev; do
    for system in arm64 "$native"; do
        dpkg-deb -x "$dist"/"$package"_*_"$system".deb "$work/$system"
    done
done
head -c 3000000 /dev/urandom >"$work/payload"

# passes WRITER READER: through memory, from the programs of one system to those of the other.
passes() {
    timeout 60 "$work/$1/usr/bin/mapferry-writer" -q --name "$name" "$work/payload" &
    timeout 60 "$work/$2/usr/bin/mapferry-reader" -q --name "$name" --timeout 30s -o - >"$work/out"
    wait $!
    cmp "$work/payload" "$work/out"
}

# Headers and manual pages do not depend on the processor. (The completions know the commands of the
# packages that are not made for it.)
texts() {
    (cd "$work/$1" && find . -type f -path '*/man/man*' -o -type f -path '*/include/*' | sort)
}

same_texts() {
    texts arm64 >"$work/names"
    test "$(wc -l <"$work/names")" -gt 50
    texts "$native" | cmp - "$work/names"
    while read -r file; do cmp "$work/arm64/$file" "$work/$native/$file"; done <"$work/names"
}

program_of_c_runs() {
    "$triple-gcc" -I"$work/arm64/usr/include" -o "$work/user" "$here/../c/installed.c" \
        "$work/arm64/usr/lib/$triple/libmapferry.so.0"
    LD_LIBRARY_PATH=$work/arm64/usr/lib/$triple "$work/user"
}

needs_packages_of_the_system() {
    for package in mapferry libmapferry0; do
        dpkg-deb -f "$dist"/"$package"_*_arm64.deb Depends >"$work/depends"
        grep -q 'libc6 (>= ' "$work/depends"
        grep -q 'libstdc++6' "$work/depends"
        if grep 'cross\|arm64' "$work/depends"; then return 1; fi
    done
}

wheel_has_the_library() {
    mkdir "$work/wheel"
    unzip -q "$dist"/mapferry-*-manylinux_*_aarch64.whl -d "$work/wheel"
    "$triple-readelf" -h "$work/wheel/mapferry/libmapferry.so.0" | grep -q AArch64
    "$triple-gcc" -I"$work/arm64/usr/include" -o "$work/wheel_user" "$here/../c/installed.c" \
        "$work/wheel/mapferry/libmapferry.so.0"
    LD_LIBRARY_PATH=$work/wheel/mapferry "$work/wheel_user"
}

# shellcheck source=tests/packages/check.sh
. "$here/check.sh"
check "file passes from Arm64 to $native" passes arm64 "$native"
check "file passes from $native to Arm64" passes "$native" arm64
check "headers and manual pages are those of $native" same_texts
check "C program for Arm64 runs" program_of_c_runs
check "packages need those of the system" needs_packages_of_the_system
check "wheel for Arm64 has a library that runs" wheel_has_the_library
close_checks

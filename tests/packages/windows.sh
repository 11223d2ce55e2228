#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# windows.sh DIST WORK: the ZIPs and installers of the folder DIST. Those for 64 bits are used under
# Wine, in a prefix of their own in WORK: installed without questions, used, uninstalled. Those for
# 32 bits are looked at, because a Wine for 32 bits is seldom there. Prints a line for each test,
# and `N passed, N failed` at the end.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dist=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(mktemp -d "$(cd "$2" && pwd)/windows.XXXXXX")
MAPFERRY_WINEPREFIX=$work/prefix
export MAPFERRY_WINEPREFIX
drive=$MAPFERRY_WINEPREFIX/drive_c
wine() { timeout 120 "$root/scripts/wine.sh" "$@"; }
trap 'wine --stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# unpacked BITS: the ZIP in a folder, whose path it prints.
unpacked() {
    if [ ! -d "$work/zip$1" ]; then
        unzip -q "$dist"/mapferry-*-win"$1".zip -d "$work/new$1"
        mv "$work/new$1"/mapferry-* "$work/zip$1"
    fi
    echo "$work/zip$1"
}

files() { (cd "$1" && find . -type f ! -name uninstall.exe | LC_ALL=C sort); }

zip_has_all() {
    folder=$(unpacked "$1")
    for file in bin/mapferry.exe bin/mapferry-writer.exe bin/mapferry-reader.exe \
        bin/mapferry.dll lib/libmapferry.dll.a lib/mapferry.lib lib/pkgconfig/mapferry.pc \
        include/mapferry/mapferry.h lib/cmake/mapferry/mapferry-config.cmake LICENSE.txt \
        pascal/mapferry.pas pascal/mapferryapi.pas pascal/mapferrypayloads.pas \
        foxpro/sharedmemory.prg; do
        test -s "$folder/$file" || { echo "$file is missing" && return 1; }
    done
    for binary in "$folder"/bin/*; do
        objdump -f "$binary" | grep -q "file format $2\$"
        # Only DLLs of the system.
        test -z "$(objdump -p "$binary" | grep -i 'DLL Name: \(lib\|zlib\)')"
    done
}

installer_installs_what_the_zip_has() {
    wine "$dist"/mapferry-*-win64-setup.exe /S '/D=C:\ferry'
    files "$drive/ferry" >"$work/installed"
    files "$(unpacked 64)" | diff -u - "$work/installed"
    wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\mapferry64' |
        grep 'C:.ferry'
    find "$drive" -name 'mapferry 64 bit.lnk' | grep .
}

installed_programs_pass_a_file() {
    head -c 3000000 /dev/urandom >"$work/source"
    wine "$drive/ferry/bin/mapferry-writer.exe" --name installed "$work/source" &
    wine "$drive/ferry/bin/mapferry-reader.exe" --name installed -o "$work/copy"
    wait $!
    cmp "$work/source" "$work/copy"
}

# The DLL lies beside the program, where Windows looks for it first.
c_program_links_the_dll() {
    folder=$(unpacked "$1")
    # The words of pkg-config are separate on purpose.
    # shellcheck disable=SC2046
    "$2-gcc" "$here/../c/installed.c" -o "$folder/bin/user.exe" \
        $(PKG_CONFIG_PATH=$folder/lib/pkgconfig pkg-config --cflags --libs mapferry)
    objdump -p "$folder/bin/user.exe" | grep -q 'DLL Name: mapferry.dll'
    [ "$1" = 32 ] || wine "$folder/bin/user.exe"
    rm "$folder/bin/user.exe"
}

# Notes and warnings are failures.
pascal_program_uses_the_zip() {
    zip=$(unpacked 64)
    folder=$work/pascal
    mkdir "$folder"
    system=win64
    # shellcheck source=tests/languages/pascal_windows.sh
    . "$root/tests/languages/pascal_windows.sh"
    run_time_library x86_64 ppcx64
    ppcx64 -n -Twin64 -v0ewn -Sewn "$units" "-Fu$zip/pascal" "-FE$folder" \
        "$root/tests/languages/pascaltest.pas"
    cp "$zip/bin/mapferry.dll" "$folder"
    test "$(wine "$folder/pascaltest.exe" stream zip-stream | tr -d '\r')" = "stream ok"
}

# FoxPro was not at hand: what its class calls is there, in the DLL of its 32 bits.
foxpro_class_fits_the_dll() {
    zip=$(unpacked 32)
    grep -o 'mapferry_[a-z_]*(' "$zip/foxpro/sharedmemory.prg" | tr -d '(' |
        LC_ALL=C sort -u >"$work/called"
    objdump -p "$zip/bin/mapferry.dll" | grep -o 'mapferry_[a-z0-9_]*$' |
        LC_ALL=C sort -u >"$work/exported"
    test -s "$work/called"
    test -z "$(LC_ALL=C comm -23 "$work/called" "$work/exported")"
}

# The uninstaller goes on as another process after its own end.
uninstaller_leaves_foreign_files_alone() {
    echo foreign >"$drive/ferry/doc/foreign.txt"
    wine "$drive/ferry/uninstall.exe" /S
    tries=0
    while [ -e "$drive/ferry/uninstall.exe" ] && [ "$tries" -lt 600 ]; do
        sleep 0.1 # between two looks
        tries=$((tries + 1))
    done
    test "$(cd "$drive/ferry" && find . -type f)" = ./doc/foreign.txt
    test -z "$(find "$drive" -name 'mapferry*.lnk')"
    wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' >"$work/keys"
    test -z "$(grep mapferry "$work/keys")"
}

# shellcheck source=tests/packages/check.sh
. "$here/check.sh"
wine --start
check "ZIP for 64 bits has all" zip_has_all 64 pei-x86-64
check "ZIP for 32 bits has all" zip_has_all 32 pei-i386
check "C program with 64 bits links the DLL" c_program_links_the_dll 64 x86_64-w64-mingw32
check "C program with 32 bits links the DLL" c_program_links_the_dll 32 i686-w64-mingw32
check "Pascal program with 64 bits uses the units and the DLL" pascal_program_uses_the_zip
check "FoxPro's class calls what the DLL has" foxpro_class_fits_the_dll
check "installer installs what the ZIP has" installer_installs_what_the_zip_has
check "file passes between the installed programs" installed_programs_pass_a_file
check "uninstaller leaves foreign files alone" uninstaller_leaves_foreign_files_alone
close_checks

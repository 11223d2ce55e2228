#!/bin/sh
# microsoft_links.sh BUILD SOURCE MACHINE RUN: a program that clang compiles as Microsoft's compiler
# would links with mapferry.lib, by a linker of Microsoft's kind. If RUN is not empty, that command
# then runs the program. MACHINE: i686 or x86_64. Ends with 125 without clang or this linker.
set -eu

build=$1
source=$2
machine=$3
run=$4
skip() {
    echo "skipped: there is no $1" >&2
    exit 125
}
for tool in clang-19 lld-link; do command -v $tool >/dev/null || skip $tool; done
[ -f "$build/capi/mapferry.lib" ] || skip "mapferry.lib, which llvm-dlltool makes"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
clang-19 --target="$machine"-pc-windows-msvc -ffreestanding -c "-I$source/lib/include" \
    "$source/tests/c/microsoft.c" -o "$folder/program.obj"
lld-link -nologo -subsystem:console -entry:start -safeseh:no "$folder/program.obj" \
    "$build/capi/mapferry.lib" "-out:$folder/program.exe"
cp "$build/capi/mapferry.dll" "$folder"
if [ -z "$run" ]; then exit 0; fi
code=0
"$run" "$folder/program.exe" || code=$?
test "$code" -eq 42
